"""The bar of a long step moves while it runs and is gone from the output when it is done."""

import nbclient
import nbformat
import pytest

from winit import progress

CELL = """
import ipywidgets
from winit import progress

seen = []
for step in progress.bar("abc"):
    (bar,) = [w for w in ipywidgets.Widget.widgets.values() if isinstance(w, ipywidgets.IntProgress)]
    seen.append((step, bar.value, bar.max))
print(seen)
"""


def run(source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return notebook.cells[0].outputs


def test_outside_of_a_notebook_there_is_no_bar(capsys):
    assert list(progress.bar(iter("abc"))) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


@pytest.mark.filterwarnings("ignore")  # of zmq about event loops
def test_in_a_notebook_it_moves_and_leaves_only_what_is_printed():
    (output,) = run(CELL)
    assert output.text.strip() == "[('a', 0, 3), ('b', 1, 3), ('c', 2, 3)]"


@pytest.mark.filterwarnings("ignore")
def test_while_it_runs_it_is_shown_as_a_widget_and_nothing_else():
    shown = run("import IPython.display\nIPython.display.clear_output = int\n" + CELL)
    assert [list(output.data) for output in shown if output.output_type == "display_data"] == [[progress.WIDGET]]
