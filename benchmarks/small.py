"""What a reader waits for beside training: drawn weights, frames, the import, the first cell and the first figure."""

import io
import json
import resource
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.linalg import qr

import winit
from winit.frames import Frames, png
from winit.plotting import FORWARD, use_style

from .engine import INSTALLED, new_process
from .rows import Row, at_least, at_most, medians, one_core

SHAPE = (1000, 1000)
SIZE, EDGES = (6, 3), np.linspace(-1, 1, 61)  # of a frame, inches; of its histograms
CHAPTERS = Path(__file__).parents[1] / "chapters" / "en"
FIRST_FIGURE = """
import io, matplotlib.pyplot as plt, numpy as np, winit
winit.plotting.use_style()
run = winit.propagate([100] * 6, activation="tanh", initializer="glorot_normal", rng=np.random.default_rng(0))
fig, ax = plt.subplots()
winit.plotting.plot_histograms(ax, run)
fig.savefig(io.BytesIO(), bbox_inches="tight")  # as a notebook draws it
"""


def rows(rounds):
    yield from initializers(10 * rounds)
    yield frames(max(2, rounds // 3))
    yield importing(8 * rounds)
    yield from first_sight(max(2, rounds // 2))


def initializers(rounds):
    """A float32 matrix, beside what no code gets around: the generator's own draw, LAPACK's QR."""
    rng = np.random.default_rng(0)
    normal, uniform = (partial(draw, SHAPE, dtype=np.float32) for draw in (rng.standard_normal, rng.random))
    matrix, the_draw = normal(), "the generator's own draw"
    truncated = winit.VarianceScaling(1.0, "in", "truncated_normal")
    for name, initializer, floor, bound, limit in (
        ("normal", winit.INITIALIZERS["he_normal"], normal, 1.15, the_draw),
        ("uniform", winit.INITIALIZERS["glorot_uniform"], uniform, 1.15, the_draw),
        ("truncated", truncated, normal, 1.4, the_draw),  # every number is compared, one in 22 is drawn again
        # one draw and one decomposition take 1.24 times the decomposition
        ("orthogonal", winit.Orthogonal(), partial(qr, matrix, mode="economic"), 1.4, "LAPACK's QR"),
    ):
        ours = partial(initializer, SHAPE, rng=rng, dtype=np.float32)
        with one_core():
            seconds = medians({"ours": ours, "PyTorch": torch_draw(name), "floor": floor}, rounds)
        goal = at_most(bound, seconds["ours"] / seconds["floor"], f"{{:.2f}} × {limit}")
        yield Row(f"{name} float32, 1000 × 1000", seconds, [goal])


def torch_draw(name):
    if "PyTorch" not in INSTALLED:
        return None
    import torch

    torch.set_num_threads(1)
    init = torch.nn.init
    functions = {
        "normal": init.kaiming_normal_,
        "uniform": init.xavier_uniform_,
        "truncated": partial(init.trunc_normal_, std=1 / 32, a=-1 / 16, b=1 / 16),
        "orthogonal": init.orthogonal_,
    }
    return partial(functions[name], torch.empty(SHAPE))


def frames(rounds):
    """A hundred different pictures of five histograms, each in a new figure, and all in one (setting up included)."""
    use_style()
    records = [histograms(std) for std in np.geomspace(0.01, 1, 100)]

    def ours():
        one = Frames(draw_histograms, SIZE, records[0])
        return [png(one.picture(record)) for record in records]

    def new_figures():
        for record in records:
            figure = Figure(SIZE)
            draw_histograms(figure)(record)
            figure.savefig(io.BytesIO(), format="png")

    with one_core():
        seconds = medians({"ours": ours, "new figures": new_figures}, rounds)
    goal = at_least(25, seconds["new figures"] / seconds["ours"], "{:.0f} × as fast as new figures")
    return Row("100 frames of five histograms", seconds, [goal])


def histograms(std):
    run = winit.propagate([100] * 6, activation="tanh", initializer=std, rng=np.random.default_rng(0))
    return [run.histogram(layer, EDGES)[0] for layer in range(1, 6)]


def draw_histograms(figure):
    bars = []
    for layer, ax in enumerate(figure.subplots(1, 5, sharey=True), 1):
        ax.set(title=rf"$h_{layer}$", xlim=(-1, 1), ylim=(0, 1), xticks=[-1, 0, 1])
        bars.append(ax.stairs(np.zeros(60), EDGES, fill=True, color=FORWARD, zorder=3))

    def update(histograms):
        for bar, counts in zip(bars, histograms):
            bar.set_data(np.sqrt(counts / counts.max()))
        return bars

    return update


def importing(rounds):
    """New processes that import `winit` and nothing else, or NumPy alone."""
    functions = {"ours": partial(new_process, "import winit"), "floor": partial(new_process, "import numpy")}
    seconds = medians(functions, rounds, of_children)
    goal = at_most(10, 1000 * (seconds["ours"] - seconds["floor"]), "{:.1f} ms beyond NumPy")
    return Row("import winit", seconds, [goal])


def first_sight(rounds):
    """New processes, their start included: `winit` with a figure, and the first cell of each chapter."""
    cells = {path.stem: first_cell(path) for path in sorted(CHAPTERS.glob("[0-9]*.ipynb"))}
    functions = {name: partial(new_process, code) for name, code in {"figure": FIRST_FIGURE, **cells}.items()}
    seconds = medians(functions, rounds, of_children)
    figure = seconds.pop("figure")
    slowest = max(seconds.values())
    yield Row("import winit, first figure", {"ours": figure}, [at_most(1.5, figure, "{:.2f} s")])
    yield Row("first cell, the longest of the chapters", {"ours": slowest}, [at_most(2, slowest, "{:.2f} s")])


def of_children():
    """Seconds of CPU that ended processes have taken."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def first_cell(path):
    cells = json.loads(path.read_text("utf8"))["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))
