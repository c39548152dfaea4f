"""A small book in a folder of its own, with this repository's machinery, for tests of the machinery."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from winit_book.building.execution import KERNELSPEC
from winit_book.paths import ROOT

CAPTIONS = {"en": "Chapters", "ko": "본문"}


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def text(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": KERNELSPEC})


def write(folder: Path, pages: dict[str, dict[str, object]]) -> Path:
    """A repository in `folder` with the given pages (Markdown text or a notebook) of each edition."""
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copytree(ROOT / "book", folder / "book", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "winit", folder / "winit", ignore=shutil.ignore_patterns("__pycache__"))
    if (ROOT / "_build" / ".card").exists():  # the landing picture of the same winit
        shutil.copytree(ROOT / "_build" / ".card", folder / "_build" / ".card")
    for language, contents in pages.items():
        chapters = folder / "chapters" / language
        chapters.mkdir(parents=True)
        for name, content in contents.items():
            if isinstance(content, str):
                (chapters / f"{name}.md").write_text(content, "utf8")
            else:
                nbformat.write(content, chapters / f"{name}.ipynb")
    (folder / "chapters" / "index.md").write_text("# winit\n", "utf8")
    write_toc(folder, {language: list(contents) for language, contents in pages.items()})
    return folder


def write_toc(folder: Path, names: dict[str, list[str]]) -> None:
    """List these pages, edition by edition."""
    parts = [
        {
            "caption": CAPTIONS.get(language, language),
            "chapters": [{"file": f"chapters/{language}/{page}"} for page in pages],
        }
        for language, pages in names.items()
    ]
    toc = {"format": "jb-book", "root": "chapters/index", "parts": parts}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), "utf8")


def publish(folder: Path, url: str) -> None:
    """Make it a repository that `origin` knows, with a branch for Binder and Colab to open."""
    someone = ("-c", "user.name=someone", "-c", "user.email=someone@example.org")
    for command in (
        ("init", "--quiet"),
        ("remote", "add", "origin", url),
        (*someone, "commit", "--quiet", "--allow-empty", "--message", "A book"),
        ("branch", "launch"),
    ):
        subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)


COMMAND = [sys.executable, "-m", "winit_book.building"]  # what `make book` runs


def environment(folder: Path) -> dict[str, str]:
    paths = os.pathsep.join([str(folder), str(folder / "book")])
    return os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf8"}


def build(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """What `make book` runs, or another command; stdout and stderr together in `.stdout`."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf8"}
    return subprocess.run(command or COMMAND, cwd=folder, env=environment(folder), timeout=900, **pipes)
