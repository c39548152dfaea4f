"""How authors work: execute each chapter once and write the same outputs into every edition.

    python -m winit_book.notebooks [--from LANGUAGE] [CHAPTER ...]

Where the code of the editions differs it stops before anything is executed, unless ``--from`` says which edition's
code cells replace those of the others.
"""

from __future__ import annotations

import argparse
import base64
import copy
import io
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from .building.editions import read_editions, stop
from .building.execution import KERNELSPEC, execute
from .building.in_step import refuse
from .building.stored import keeps_outputs, read, tidy, tidy_output

SAME_PICTURE = 2  # levels of 255: what another processor's arithmetic does to the edge of a line


def main(arguments: list[str] | None = None, root: Path | None = None) -> None:
    parser = argparse.ArgumentParser(prog="winit_book.notebooks", description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="page names, for example 02_fan_in_fan_out; all without any")
    parser.add_argument("--from", dest="code_from", metavar="LANGUAGE", help="copy the code cells of this edition")
    options = parser.parse_args(arguments)
    editions = read_editions(root or Path.cwd())
    languages = [edition.language for edition in editions]
    if options.code_from and options.code_from not in languages:
        raise stop(f"--from {options.code_from}: unknown edition; choose one of {', '.join(languages)}")
    every: dict[str, dict[str, Path]] = {}
    for edition in editions:
        for path in [*edition.notebooks, *edition.exam]:
            every.setdefault(path.stem, {})[edition.language] = path
    for name in options.chapters:
        if name not in every:
            raise stop(f"unknown chapter {name!r}; choose one of {', '.join(every)}")

    chosen = {name: every[name] for name in options.chapters or every}
    for paths in chosen.values():
        refuse(paths, code=not options.code_from, metadata=tidy)
    for number, (name, paths) in enumerate(chosen.items(), 1):
        print(f"executing {name} ({number} of {len(chosen)}) ...", flush=True)
        changed = refresh(paths, options.code_from or languages[0])
        print(f"{name}: {', '.join(changed) if changed else 'nothing changed'}", flush=True)


def refresh(paths: dict[str, Path], source: str) -> list[str]:
    """Execute the notebook of the edition `source`; give all editions its code, outputs, ids and metadata.

    Returns
    -------
    list of str
        The editions whose file changed.
    """
    notebooks = {language: read(path) for language, path in paths.items()}
    model = copy.deepcopy(notebooks[source])
    execute(model, paths[source])
    for before, cell in zip(notebooks[source].cells, model.cells):
        if cell.cell_type == "code":
            cell.outputs = [tidy_output(output) for output in cell.outputs]
            keep_pictures(before.outputs, cell.outputs)

    changed = {}
    for language, notebook in notebooks.items():
        for cell, executed in zip(notebook.cells, model.cells):
            cell.id = executed.id
            cell.metadata = tidy(executed.metadata)
            if cell.cell_type == "code":
                cell.source = executed.source
                kept = keeps_outputs(cell.metadata, paths[language])
                cell.execution_count, cell.outputs = (
                    (executed.execution_count, executed.outputs) if kept else (None, [])
                )
        notebook.metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        text = nbformat.writes(notebook) + "\n"
        if text != paths[language].read_text("utf8"):
            changed[language] = paths[language].with_suffix(".new")
            changed[language].write_text(text, "utf8", newline="\n")
    for language, new in changed.items():  # all are written before the first takes its place
        new.replace(paths[language])
    return list(changed)


def keep_pictures(before: list, after: list) -> None:
    """Put the old bytes back where a new picture shows the same, so that another processor's commit is no noise."""
    for old, new in zip(before, after):
        pair = [output.get("data", {}).get("image/png") for output in (old, new)]
        if all(pair) and look_alike(*map(base64.b64decode, pair)):
            new.data["image/png"] = old.data["image/png"]


def look_alike(one: bytes, other: bytes) -> bool:
    """Whether no pixel of two PNG files differs by more than `SAME_PICTURE` levels in any channel."""
    first, second = (np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"), int) for data in (one, other))
    return first.shape == second.shape and np.abs(first - second).max() <= SAME_PICTURE


if __name__ == "__main__":
    main()
