"""Look whether the outside addresses of the course still answer: `python -m winit_book.check.outside`, once a week.

Only an answer that the page is gone, or no answer at all, is a fault: a server that refuses robots is there.
"""

from __future__ import annotations

import re
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..appendices.bibliography import addresses, references
from ..building.editions import read_editions, stop
from .page import read_pages

ADDRESS = re.compile(r"\bhttps?://[^\s<>()\[\]{}`\"'|\\“”]+[^\s<>()\[\]{}`\"'|\\“”.,;:]")
GONE = (404, 410)
TRIES, SECONDS = 3, 20
BROWSER = {"User-Agent": "Mozilla/5.0 (compatible; winit-links)"}


def find(root: Path) -> dict[str, str]:
    """Every outside address, and the first place that leads there."""
    found = {
        url: f"book/references.bib, {key}" for key, entry in references().items() for url in addresses(entry).values()
    }
    for page in read_pages(read_editions(root)):
        for cell in page.markdown:
            for url in ADDRESS.findall(cell.words):
                found.setdefault(url, f"{page.place}, cell {cell.number}" if page.notebook else page.place)
    return found


def trouble(url: str) -> str:
    """Why nobody reaches an address; empty where something answers."""
    reason = ""
    for attempt in range(TRIES):
        time.sleep(attempt**2)
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=BROWSER), timeout=SECONDS):
                return ""
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in GONE:
                return ""
            reason = f"{error.code} {error.reason}"
        except (OSError, ValueError) as error:
            reason = str(getattr(error, "reason", error))
    return reason


def main(root: Path | None = None) -> int:
    found = find(root or Path.cwd())
    with ThreadPoolExecutor(max_workers=8) as pool:
        wrong = {url: reason for url, reason in zip(found, pool.map(trouble, found)) if reason}
    if found and len(wrong) == len(found):
        raise stop(f"none of {len(found)} addresses answers ({next(iter(wrong.values()))}): is there a network?")
    for url, reason in wrong.items():
        print(f"{found[url]}: {url}: {reason}; find where it has moved, or cite something else")
    print(f"{len(found)} addresses, {len(wrong)} gone")
    return min(1, len(wrong))


if __name__ == "__main__":
    sys.exit(main())
