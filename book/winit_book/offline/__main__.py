"""The course for a room without a network: `make offline` writes `dist/winit-offline.zip` and one PDF an edition.

    python -m winit_book.offline [FOLDER]

Everything is written beside the folder's files and moved there when all of it succeeded.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from ..building.editions import read_editions, stop
from ..building.remote import github, pages_url
from ..paths import ROOT
from .archive import NAME, build_wheel, write_zip
from .paper import CHROMIUM, FLAGS, HOW_TO_GET_ONE, compose, print_pdf


def write(root: Path, dist: Path) -> list[Path]:
    """Make everything beside `dist`, then move it there; the files."""
    site, editions = root / "_build" / "html", read_editions(root)
    if not (site / "index.html").exists():
        raise stop("there is no built site: run `make book` first")
    if CHROMIUM is None:
        raise stop(HOW_TO_GET_ONE)
    from playwright.sync_api import sync_playwright

    dist.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=dist) as name, sync_playwright() as playwright:
        new = Path(name)
        made = [new / f"{NAME}.zip"]
        write_zip(site, editions, build_wheel(root, new), made[0])
        shutil.copytree(site, new / "site")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for edition in editions:
            made.append(new / f"winit-{edition.language}.pdf")
            source = new / "site" / edition.language / "paper.html"
            source.write_text(compose(site, edition, pages_url(github(root))), "utf8")
            print(f"printing {edition.language}, {len(edition.pages)} pages ...", flush=True)
            print_pdf(browser, source, made[-1])
        browser.close()
        return [file.replace(dist / file.name) for file in made]


def main(dist: Path = ROOT / "dist") -> None:
    """Write the files and say how large they are."""
    start = time.perf_counter()
    for file in write(ROOT, dist):
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    print(f"in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
