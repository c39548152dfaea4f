"""Long work is shown while it runs, once, and is gone from the output when it is done."""

import nbclient
import nbformat
import pytest

from winit import progress

WATCHED = """
import ipywidgets, numpy as np, winit
from winit import progress

progress._watched, progress.PATIENCE = lambda: True, {patience}
seen = []


class Bar(ipywidgets.IntProgress):
    def __init__(self, **options):
        super().__init__(**options)
        self.observe(lambda change: seen.append((self.value, self.max)), "value")


ipywidgets.IntProgress = Bar
print("before")
"""
TRAIN = """
data = winit.data.digits(rng=np.random.default_rng(0))
options = {"steps": 3000, "learning_rate": 0.1, "batch": 64}
specs = [winit.Spec([64, 32, 10], seed=seed) for seed in range(2)]
"""


def run(source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return notebook.cells[0].outputs


def test_outside_of_a_notebook_there_is_no_bar(capsys):
    assert list(progress.bar(iter("abc"))) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


def shown(source, patience=0):
    """What a cell printed in front of somebody, and whether it displayed anything else; the rest is gone."""
    printed, *more = run(WATCHED.format(patience=patience) + source)
    texts = [printed.text] + [output.text for output in more if output.output_type == "stream"]
    assert [output.data for output in more if output.output_type == "display_data"] in ([], [{}])
    before, *rest = "".join(texts).split()
    assert before == "before"  # what the cell had printed stays
    return " ".join(rest), any(output.output_type == "display_data" for output in more)


@pytest.mark.filterwarnings("ignore")  # of zmq about event loops
def test_in_a_notebook_it_moves_and_leaves_only_what_is_printed():
    text, displayed = shown("print(list(progress.bar('abc')), seen)")
    assert text == "['a', 'b', 'c'] [(1, 3), (2, 3)]" and displayed


@pytest.mark.filterwarnings("ignore")
def test_training_and_sweeping_show_how_far_they_are():
    text, displayed = shown(TRAIN + "winit.train(specs, data, rng=np.random.default_rng(0), **options)\nprint(seen)")
    values = eval(text)
    assert displayed and values and values == sorted(values) and {most for _, most in values} <= {3000, 6000}
    assert shown("winit.sweep(lambda n: n, range(3))\nprint(seen)") == ("[(1, 3), (2, 3), (3, 3)]", True)


@pytest.mark.filterwarnings("ignore")
def test_training_inside_of_a_sweep_is_not_shown_again():
    each = "winit.train(specs, data, rng=np.random.default_rng(n), **options).losses[0, 0]"
    text, displayed = shown(f"{TRAIN}winit.sweep(lambda n: {each}, range(3))\nprint(seen)")
    assert text == "[(1, 3), (2, 3), (3, 3)]" and displayed


@pytest.mark.filterwarnings("ignore")
def test_what_is_done_within_a_second_and_what_nobody_looks_at_is_not_shown():
    assert shown("print(list(progress.bar('abc')), seen)", patience=60) == ("['a', 'b', 'c'] []", False)
    (output,) = run("from winit import progress\nprogress.PATIENCE = 0\nprint(*progress.bar('abc'))")
    assert output.text == "a b c\n"


@pytest.mark.filterwarnings("ignore")
def test_while_it_runs_it_is_shown_as_a_widget_and_nothing_else():
    hold = "import IPython.display\nIPython.display.DisplayHandle.update = lambda self, *a, **o: None\n"
    outputs = run(hold + WATCHED.format(patience=0) + "list(progress.bar('abc'))")
    assert [list(output.data) for output in outputs if output.output_type == "display_data"] == [[progress.WIDGET]]
