"""What git holds of a notebook: what authors write, and outputs that say the same whoever made them."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat

from .editions import EXAM, named, stop

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # names a model of a kernel that is gone
NO_NOTEBOOK = (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError)


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook, or one line that says why the file is none (after a merge, for example)."""
    try:
        return nbformat.read(path, as_version=4)
    except NO_NOTEBOOK as error:
        raise stop(f"{named(path)} is no notebook: {short(error)}") from None


def short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:100]


def tidy(metadata: dict) -> dict:
    """Of a cell's metadata only what authors set: tags, and whether source and outputs are folded."""
    kept = {key: metadata[key] for key in ("tags",) if metadata.get(key)}
    folded = {key: True for key in ("outputs_hidden", "source_hidden") if metadata.get("jupyter", {}).get(key)}
    return kept | ({"jupyter": folded} if folded else {})


def keeps_outputs(metadata: dict, path: Path) -> bool:
    """Whether git holds that a cell of a notebook was run: none of an exam, and no solution; nbval compares neither."""
    return path.name != EXAM and not metadata.get("jupyter", {}).get("outputs_hidden", False)


def tidy_output(output):
    output = copy.deepcopy(output)
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
    if "metadata" in output:
        output.metadata = {}
    return output
