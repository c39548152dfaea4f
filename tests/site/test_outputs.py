"""What the cells said when the book was built is what git holds.

Pictures are left out: the edge of a line differs from processor to processor. An explorer takes another form on a page
than in a notebook and says the same numbers. In a reader's kernel, without the forms of a page, `make nbval` runs them.
"""

import pytest
from jupyter_cache import get_cache
from winit_book.building.editions import read_editions
from winit_book.building.execution import cache_path
from winit_book.building.stored import read
from winit_book.paths import ROOT

NOTEBOOKS = read_editions(ROOT)[0].notebooks


def said(cell):
    """What a cell printed, showed as a table or named as its result."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.name, output.text
        else:
            shown = output.get("data", {})
            html = shown.get("text/html", "")
            yield output.output_type, shown.get("text/plain"), "" if 'class="explorer"' in html else html


def differences(executed, stored):
    """The numbers of the code cells that said something else; git holds a solution as one that was not run."""
    pairs = [[cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (executed, stored)]
    return [
        number
        for number, (ours, theirs) in enumerate(zip(*pairs, strict=True), 1)
        if theirs.execution_count is not None and list(said(ours)) != list(said(theirs))
    ]


def executed(path):
    """A chapter as the build ran it."""
    cache = get_cache(cache_path(ROOT))
    return cache.get_cache_bundle(cache.match_cache_notebook(read(path)).pk).nb


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_say_what_git_holds(site, path):
    stored = read(path)
    assert any(cell.outputs for cell in stored.cells if cell.cell_type == "code")
    assert not differences(executed(path), stored)


def test_another_number_is_found(site):
    path = NOTEBOOKS[0]
    other = executed(path)
    number, cell = next(
        (number, cell)
        for number, cell in enumerate((cell for cell in other.cells if cell.cell_type == "code"), 1)
        if any(output.output_type == "stream" for output in cell.outputs)
    )
    next(output for output in cell.outputs if output.output_type == "stream").text += "1"
    assert differences(other, read(path)) == [number]
