"""What the course is made with: pinned with hashes, under licences it may use, and fetched by nobody at run time."""

import ast
import importlib.metadata
import json
import re

import pytest
from fontTools.ttLib import TTFont
from winit_book import supply
from winit_book.building.sheet import FOREIGN, STIX
from winit_book.paths import ROOT
from winit_book.supply import NAMED, licence, permitted, read_pins

PINS = read_pins(ROOT / "requirements.txt")
NETWORK = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "socket", "ftplib", "urllib3"}
FETCHERS = re.compile(
    r"fetch_openml|fetch_\w+\(|urlretrieve|urlopen|load_state_dict_from_url|torchvision|keras\.datasets"
)


@pytest.mark.parametrize("file", ["requirements.txt", "binder/requirements.txt", "tests/peers.txt"])
def test_every_pin_has_hashes(file):
    pins = read_pins(ROOT / file)
    assert len(pins) > 10 and len({pin.name for pin in pins}) == len(pins)
    assert not [pin.name for pin in pins if not pin.hashes]


def test_what_is_no_pin_is_named(tmp_path):
    (tmp_path / "list.txt").write_text(
        "# a list\na==1.0 ; python_version < '3' \\\n    --hash=sha256:" + "0" * 64 + "\nb>=2\n", "utf8"
    )
    with pytest.raises(ValueError, match=r"list\.txt, line 4: neither a pin nor a hash: 'b>=2'"):
        read_pins(tmp_path / "list.txt")


def test_every_licence_may_be_used():
    """Here for what is installed; `make sbom` says the same of every pin."""
    told = {pin.name: licence(pin.name) for pin in PINS}
    assert not {name: said for name, said in told.items() if not permitted(name, said)}
    assert set(NAMED) - {"axe-core"} <= set(told), "an exception that nobody needs any more"
    assert licence("numpy").startswith("BSD-3-Clause AND") and licence("pytest") == licence("pluggy") == "MIT"


@pytest.mark.parametrize(
    "expression, allowed",
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("(Apache-2.0 OR GPL-2.0-only) ", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_which_licences_may_be_used(expression, allowed):
    assert permitted("some-package", expression.strip()) == allowed


def test_the_bill_of_materials_has_every_pin(tmp_path, monkeypatch):
    for name in ("requirements.txt", "package-lock.json"):
        (tmp_path / name).write_text((ROOT / name).read_text("utf8"), "utf8")
    supply.main(tmp_path)
    made = json.loads((tmp_path / "dist/winit-sbom.json").read_text("utf8"))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    found = {part["purl"]: part for part in made["components"]}
    assert len(found) == len(made["components"]) and {f"pkg:pypi/{pin.name}@{pin.version}" for pin in PINS} <= set(
        found
    )
    assert any(address.startswith("pkg:npm/%40biomejs/biome@") for address in found)
    numpy = found[f"pkg:pypi/numpy@{importlib.metadata.version('numpy')}"]
    assert len(numpy["hashes"]) > 10 and "BSD-3-Clause" in numpy["licenses"][0]["expression"]

    monkeypatch.setitem(supply.ELSEWHERE, "pywin32", "SSPL-1.0")
    with pytest.raises(SystemExit) as stopped:
        supply.bill(tmp_path)
    assert "pywin32 (SSPL-1.0)" in str(stopped.value) and len(str(stopped.value).strip().splitlines()) == 1


def test_what_the_site_takes_from_others_keeps_its_notice():
    """In the site as `shared/licences.txt`; the letters of the formulas are of the font that is named."""
    told = supply.notices()
    for name in supply.HANDED_ON:
        head = f"\n\n{name} {importlib.metadata.version(name)}\n\n"
        assert told.lower().count(head.lower()) == 1
        text = told.lower().split(head.lower())[1]
        assert "copyright" in text[:3000] and ("redistribution" in text[:3000] or "permission is hereby" in text[:3000])
    font = TTFont(STIX)["name"]
    assert font.getDebugName(0).rstrip(".") in told and "Open Font License" in font.getDebugName(13)
    taken = {path.split("/")[-1] for path in FOREIGN}
    assert taken == {
        *("basic.css", "pydata-sphinx-theme.css", "pygments.css", "sphinx-book-theme.css", "mystnb.*.css"),
        *("proof.css", "exercise.css"),
    }, "a style sheet of another package: name the package in HANDED_ON"


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(f"{node.module}.{name.name}" for name in node.names))


def sources():
    """The code of the package, of every chapter, and of what makes the pages."""
    for folder in ("winit", "book"):
        for path in ROOT.glob(f"{folder}/**/*.py"):
            yield path, path.read_text("utf8")
    for path in ROOT.glob("chapters/en/*.ipynb"):
        cells = json.loads(path.read_text("utf8"))["cells"]
        yield path, "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_nothing_is_fetched_at_run_time():
    """Nothing of ours imports what speaks to a network, but for the one command that asks outside addresses.

    The tests of the site watch every request of a page, and Binder's replay runs the chapters without a network.
    """
    found = {}
    for path, source in sources():
        fetchers = set(imported(ast.parse(source))) & NETWORK | set(FETCHERS.findall(source))
        if fetchers:
            found[path.relative_to(ROOT).as_posix()] = fetchers
    assert found.pop("book/winit_book/check/outside.py") == {"urllib.request", "urlopen"}
    assert not found
    assert set(imported(ast.parse("from urllib import request\nimport socket"))) & NETWORK == {
        "urllib.request",
        "socket",
    }


def test_no_script_of_a_page_asks_a_server():
    """What a page loads lies beside it, and comes by a tag."""
    asks = re.compile(
        r"\bfetch\s*\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource|importScripts|https?://(?!www\.w3\.org/)"
    )
    scripts = [*ROOT.glob("book/assets/*.js"), *ROOT.glob("book/shared/*.js")]
    assert len(scripts) > 20
    assert not {
        path.name: asks.findall(path.read_text("utf8")) for path in scripts if asks.search(path.read_text("utf8"))
    }
