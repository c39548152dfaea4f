"""What a reader waits for beside training: drawn weights, frames, a phase diagram, the import."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
from functools import partial

import numpy as np
from matplotlib.figure import Figure

import winit
from winit import INITIALIZERS, Orthogonal, VarianceScaling, moments
from winit.frames import Frames, png
from winit.plotting import FORWARD, use_style

from .engine import one_core
from .rows import Row, at_most, faster, medians

SHAPE = (1000, 1000)
SIZE, EDGES = (6, 3), np.linspace(-1, 1, 61)  # of a frame, inches; of its histograms


# Initializers


def initializers(rounds):
    """A float32 matrix of 1000 × 1000; the floor is the generator's own draw."""
    rng = np.random.default_rng(0)
    floors = {
        "normal": partial(rng.standard_normal, SHAPE, dtype=np.float32),
        "uniform": partial(rng.random, SHAPE, dtype=np.float32),
        "truncated": partial(rng.standard_normal, SHAPE, dtype=np.float32),
    }
    drawn = {
        "normal": INITIALIZERS["he_normal"],
        "uniform": INITIALIZERS["glorot_uniform"],
        "truncated": VarianceScaling(1.0, "in", "truncated_normal"),
        "orthogonal": Orthogonal(),
    }
    for name, initializer in drawn.items():
        functions = {"ours": partial(initializer, SHAPE, rng=rng, dtype=np.float32)}
        functions |= {"floor": floors[name]} if name in floors else {}
        with one_core():
            seconds = medians(functions | torch_draw(name), 10 * rounds)
        own, floor, peers = seconds["ours"], seconds.get("floor"), {"PyTorch": seconds.get("PyTorch")}
        if name in ("normal", "uniform"):
            goals = [at_most("time of the generator's own draw ×", own / floor, 1.15)]
        else:
            goals = [faster(own, peers, "PyTorch", 5 if name == "truncated" else 1)]
        yield Row(f"{name} float32, 1000 × 1000", own, peers, floor, goals)


def torch_draw(name):
    if not importlib.util.find_spec("torch"):
        return {}
    import torch

    torch.set_num_threads(1)
    weights, init = torch.empty(SHAPE), torch.nn.init
    functions = {
        "normal": init.kaiming_normal_,
        "uniform": init.xavier_uniform_,
        "truncated": partial(init.trunc_normal_, std=1 / 32, a=-1 / 16, b=1 / 16),
        "orthogonal": init.orthogonal_,
    }
    return {"PyTorch": partial(functions[name], weights)}


# Frames


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


def histograms(std):
    run = winit.propagate([100] * 6, activation="tanh", initializer=std, rng=np.random.default_rng(0))
    return [run.histogram(layer, EDGES)[0] for layer in range(1, 6)]


def new_picture(record):
    figure = Figure(SIZE)
    draw_histograms(figure)(record)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file


def frames(rounds):
    """A hundred different pictures of five histograms, each in a new figure, and all in one (setting up included)."""
    use_style()
    records = [histograms(std) for std in np.geomspace(0.01, 1, 100)]

    def ours():
        one = Frames(draw_histograms, SIZE, records[0])
        return [png(one.picture(record)) for record in records]

    with one_core():
        seconds = medians(
            {"ours": ours, "new figures": lambda: [new_picture(record) for record in records]}, max(2, rounds // 3)
        )
    peers = {"new figures": seconds["new figures"]}
    yield Row(
        "100 frames of five histograms",
        seconds["ours"],
        peers,
        None,
        [faster(seconds["ours"], peers, "new figures", 25)],
    )


# Phase diagram


def phase_diagram(rounds):
    """Lengths of tanh networks after 60 layers on a grid of 100 × 100, beside a table of E f² that is at hand."""
    sigma_w, sigma_b, depth = np.linspace(0.2, 3, 100), np.linspace(0, 1, 100)[:, None], 60
    table_q = np.linspace(0, 11, 2**14)
    table = moments.second_moment("tanh", table_q)

    def tabulated():
        w, b = sigma_w**2, sigma_b**2
        q = w + b
        for _ in range(depth - 1):
            position = q * ((len(table) - 1) / table_q[-1])
            cell = position.astype(np.intp)
            low = table[cell]
            q = w * (low + (position - cell) * (table[cell + 1] - low)) + b
        return q

    ours = partial(moments.length_grid, "tanh", sigma_w=sigma_w, sigma_b=sigma_b, depth=depth)
    with one_core():
        found = ours()
        seconds = medians({"ours": ours, "floor": tabulated}, 4 * rounds)
    some = [(i, j) for i in range(0, 100, 11) for j in range(0, 100, 11)]
    exact = [moments.length_map("tanh", sigma_w=sigma_w[j], sigma_b=sigma_b[i, 0], depth=depth)[-1] for i, j in some]
    error = max(abs(found[point] - q) for point, q in zip(some, exact))
    goals = [
        at_most("time of the tabulated way ×", seconds["ours"] / seconds["floor"], 4),
        at_most("error of q", error, 1e-5, "{:.0e}"),
    ]
    yield Row("phase diagram, 100 × 100 × 60", seconds["ours"], {}, seconds["floor"], goals)


# Import


def importing(rounds):
    """Milliseconds that `import winit` takes beyond `import numpy`, each in a new process, bytecode at hand."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def seconds(module):
        code = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
        return float(
            subprocess.run(
                [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
            ).stdout
        )

    found = {"winit": [], "numpy": []}
    for _ in range(8 * rounds):
        for module, times in found.items():
            times.append(seconds(module))
    ours, floor = np.median(found["winit"]), np.median(found["numpy"])
    goals = [at_most("beyond NumPy", 1000 * (ours - floor), 10, "{:.1f}", " ms")]
    yield Row("import winit", float(ours), {}, float(floor), goals)


def rows(rounds):
    for group in (initializers, frames, phase_diagram, importing):
        yield from group(rounds)
