"""What is handed out for a class: `make student` and `make teacher` write a folder each below `dist`.

    python -m winit_book.handout {student,teacher} [FOLDER]

Students get the pages of every edition, the notebooks not run and without solutions, and a wheel of `winit`; teachers
get the notebooks as they are, and the exam twice: with its answers, and as the questions to hand out. The folder is
written beside the one that stands and takes its place when all of it succeeded.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .building.editions import EXAM, Edition, read_editions, stop
from .building.stripped import strip
from .offline.archive import build_wheel
from .paths import ROOT

KINDS = ("student", "teacher")
QUESTIONS = EXAM.replace(".", "_questions.")


def texts(edition: Edition, kind: str) -> dict[str, str]:
    """The files of an edition by name."""
    files = {path.name: path.read_text("utf8") for path in edition.sources}
    if kind == "student":
        return {
            name: strip(text, edition, answers=False) if name.endswith(".ipynb") else text
            for name, text in files.items()
        }
    for path in edition.exam:
        files[EXAM] = path.read_text("utf8")
        files[QUESTIONS] = strip(files[EXAM], edition, answers=False)
    return files


def write(root: Path, kind: str, dist: Path) -> Path:
    """Make the folder beside `dist / kind`, then put it in its place."""
    editions, target = read_editions(root), dist / kind
    dist.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=dist) as name:
        new = Path(name) / kind
        new.mkdir()
        wheel = build_wheel(root, new)
        readme = "\n".join(edition.catalogue["handout"][kind].format(wheel=wheel.name) for edition in editions)
        (new / "README.txt").write_text(readme, "utf8")
        for edition in editions:
            (new / edition.language).mkdir()
            for file, text in texts(edition, kind).items():
                (new / edition.language / file).write_text(text, "utf8", newline="\n")
        if target.exists():
            target.rename(Path(name) / "old")
        return new.rename(target)


def main(kind: str = "", dist: Path | str = ROOT / "dist") -> None:
    """Write the folder and say where it is."""
    if kind not in KINDS:
        raise stop(f"unknown set {kind!r}; choose one of {', '.join(KINDS)}")
    print(write(ROOT, kind, Path(dist)))


if __name__ == "__main__":
    main(*sys.argv[1:])
