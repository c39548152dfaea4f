"""Check the sources of the chapters in seconds: nothing is executed, nothing is built.

    python -m winit_book.check [CHAPTER ...]

prints one line a fault: the file and the cell, the rule, what is wrong, and what to do about it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..building.editions import read_editions, stop
from .page import read_pages
from .rules import faults


def main(arguments: list[str] | None = None, root: Path | None = None) -> int:
    parser = argparse.ArgumentParser(prog="winit_book.check", description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="page names, for example 02_fan_in_fan_out; all without any")
    chosen = parser.parse_args(arguments).chapters
    every = read_pages(read_editions(root or Path.cwd()))
    known = list(dict.fromkeys(page.name for page in every))
    for name in chosen:
        if name not in known:
            raise stop(f"unknown page {name!r}; choose one of {', '.join(known)}")
    pages = [page for page in every if not chosen or page.name in chosen]
    found = [fault for page in pages for fault in faults(page)]
    print(*found or [f"{len(pages)} pages, no fault"], sep="\n")
    return min(1, len(found))


if __name__ == "__main__":
    sys.exit(main())
