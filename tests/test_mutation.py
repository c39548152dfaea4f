"""The faults that no test finds (`make mutation`): each is explained, and is one that the code could still have."""

import pytest
import yaml
from mutation.run import Finder, changed_lines
from winit_book.paths import ROOT

ROWS = yaml.safe_load((ROOT / "tests" / "mutation" / "survivors.yml").read_text("utf8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['file']}: {row['after']}")
def test_an_explained_fault_can_still_be_made(row):
    assert set(row) - {"function"} == {"file", "before", "after", "why"} and len(row["why"].split()) > 4
    lines = " ".join(line.strip() for line in (ROOT / row["file"]).read_text("utf8").splitlines())
    assert row["before"] in lines, "the line has changed: take the row out"
    assert row["before"] != row["after"]


def test_no_fault_is_explained_twice():
    names = [(row["file"], row.get("function"), row["before"], row["after"]) for row in ROWS]
    assert len(names) == len(set(names))


def test_a_module_is_imported_with_its_fault():
    before = (ROOT / "winit" / "sweep.py").read_text("utf8")
    after = before.replace("__all__ = [", "FAULT = 1\n__all__ = [")
    found = Finder("winit/sweep.py", after)
    assert found.find_spec("winit.data") is None
    module = type(yaml)("winit.sweep")
    exec(found.find_spec("winit.sweep").loader.get_code("winit.sweep"), vars(module) | {"__package__": "winit"})
    assert changed_lines(before, after) == ("", "FAULT = 1")
