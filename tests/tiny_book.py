"""A book of a few small chapters, built by the real configuration and extension in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def tiny_book(folder: Path, chapters: dict[str, str]) -> Path:
    """Build a book and return its site; about ten seconds, or less without notebooks.

    Parameters
    ----------
    folder : Path
        Where the book lies; it is made when there is none.
    chapters : dict of str to str
        Text of each file below ``chapters``, in the order of the table of contents: ``{"en/index.md": "# Title"}``.
        Every edition needs the same pages, ``index`` first, and there must be an English one.
    """
    shutil.copytree(ROOT / "book", folder / "book", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "_config.yml", folder)
    parts: dict[str, list] = {}
    for name, text in {"index.md": (ROOT / "chapters" / "index.md").read_text("utf8"), **chapters}.items():
        path = folder / "chapters" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
        if path.parent.name != "chapters":
            file = path.relative_to(folder).with_suffix("").as_posix()
            parts.setdefault(path.parent.name, []).append({"file": file})
    toc = {"format": "jb-book", "root": "chapters/index", "parts": [{"chapters": files} for files in parts.values()]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False), "utf8")

    command = [Path(sys.executable).parent / "jupyter-book", "build", "."]
    build = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    site = folder / "_build" / "html"
    assert build.returncode == 0 and site.exists(), build.stdout
    return site
