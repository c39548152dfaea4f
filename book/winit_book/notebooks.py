"""How authors work: execute each chapter once and write the same outputs into every edition.

    python -m winit_book.notebooks [--from LANGUAGE] [CHAPTER ...]

With ``--from`` the code cells of that edition replace those of the others first.
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import nbformat

from .building.editions import read_editions, stop
from .building.execution import KERNELSPEC, execute

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # names a model of a kernel that is gone


def main(arguments: list[str] | None = None, root: Path | None = None) -> None:
    parser = argparse.ArgumentParser(prog="winit_book.notebooks", description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="page names, for example 02_fan_in_fan_out; all without any")
    parser.add_argument("--from", dest="code_from", metavar="LANGUAGE", help="copy the code cells of this edition")
    options = parser.parse_args(arguments)
    editions = read_editions(root or Path.cwd())
    languages = [edition.language for edition in editions]
    if options.code_from and options.code_from not in languages:
        raise stop(f"--from {options.code_from}: unknown edition; choose one of {', '.join(languages)}")
    names = [path.stem for path in editions[0].notebooks]
    for name in options.chapters:
        if name not in names:
            raise stop(f"unknown chapter {name!r}; choose one of {', '.join(names)}")

    for name in options.chapters or names:
        paths = {edition.language: edition.sources[edition.pages.index(name)] for edition in editions}
        changed = refresh(paths, options.code_from or languages[0])
        print(f"{name}: {', '.join(changed) if changed else 'nothing changed'}", flush=True)


def refresh(paths: dict[str, Path], source: str) -> list[str]:
    """Execute the notebook of the edition `source`; give all editions its code, outputs, ids and metadata.

    Returns
    -------
    list of str
        The editions whose file changed.
    """
    notebooks = {language: nbformat.read(path, as_version=4) for language, path in paths.items()}
    model = copy.deepcopy(notebooks[source])
    for language, notebook in notebooks.items():
        kinds = [cell.cell_type for cell in model.cells]
        for index, cell in enumerate(notebook.cells):
            if index >= len(kinds) or cell.cell_type != kinds[index]:
                raise stop(f"{paths[language]}, cell {index + 1}: {paths[source]} has no {cell.cell_type} cell there")
        if len(notebook.cells) < len(kinds):
            raise stop(f"{paths[language]} ends after cell {len(notebook.cells)}, {paths[source]} does not")

    execute(model, paths[source])
    changed = []
    for language, notebook in notebooks.items():
        for cell, executed in zip(notebook.cells, model.cells):
            cell.id = executed.id
            cell.metadata = tidy(executed.metadata)
            if cell.cell_type == "code":
                cell.source = executed.source
                cell.execution_count = executed.execution_count
                cell.outputs = [tidy_output(output) for output in executed.outputs]
        notebook.metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        text = nbformat.writes(notebook) + "\n"
        if text != paths[language].read_text("utf8"):
            new = paths[language].with_suffix(".new")
            new.write_text(text, "utf8")
            new.replace(paths[language])
            changed.append(language)
    return changed


def tidy(metadata: dict) -> dict:
    """Only what authors set: tags, and whether the source is folded."""
    kept = {key: metadata[key] for key in ("tags",) if metadata.get(key)}
    if metadata.get("jupyter", {}).get("source_hidden"):
        kept["jupyter"] = {"source_hidden": True}
    return kept


def tidy_output(output):
    output = copy.deepcopy(output)
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
    if "metadata" in output:
        output.metadata = {}
    return output


if __name__ == "__main__":
    main()
