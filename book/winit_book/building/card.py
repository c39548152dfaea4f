"""The course in one picture: what happens to a signal in 50 layers under four initializers.

`python -m winit_book.building.card <folder>` draws it once, as `card.png` for those who link to the course (Open Graph,
1200 × 630) and as `signal.svg` for the landing pages; there `signal.js` holds what was measured under He, from which
a script draws every other scale: a ReLU network whose weights are g times as large multiplies each layer's signal by g.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .editions import stop
from .made import digest

FILES = ("card.png", "signal.svg", "signal.js")
DEPTH, WIDTH, BATCH, SEEDS = 50, 512, 16, 3
INITIALIZERS = {"N(0, 0.1²)": 0.1, "He": "he_normal", "Xavier": "glorot_normal", "PyTorch": "torch_linear_default"}


def card(root: Path) -> list[Path]:
    """The files of the picture, drawn anew when `winit`, this module or an installed version has changed."""
    folder = root / "_build" / ".card" / digest(root, "winit/**/*", "book/winit_book/building/card.py")
    files = [folder / name for name in FILES]
    if not all(file.exists() for file in files):
        shutil.rmtree(folder.parent, ignore_errors=True)
        # a process of its own: this tree's winit, matplotlib's settings left alone, two threads and none of BLAS's own
        environment = {"PYTHONPATH": os.pathsep.join([str(root), str(root / "book")]), "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "winit_book.building.card", folder]
        if subprocess.run(command, env=os.environ | environment).returncode:
            raise stop("the landing picture could not be drawn, see above; the old site stands")
    return files


def measure():
    """The networks of every initializer, a list of `Propagation` by name."""
    import numpy as np

    import winit

    def run(initializer, seed):
        rng, widths = np.random.default_rng(seed), [WIDTH] * (DEPTH + 1)
        return winit.propagate(widths, activation="relu", initializer=initializer, rng=rng, batch=BATCH)

    with ThreadPoolExecutor(2) as pool:
        runs = {name: [pool.submit(run, init, seed) for seed in range(SEEDS)] for name, init in INITIALIZERS.items()}
    return {name: [future.result() for future in futures] for name, futures in runs.items()}


def draw(runs):
    """The figure of what was measured."""
    import numpy as np
    from matplotlib.figure import Figure

    import winit
    from winit import meanfield, plotting

    plotting.use_style()
    figure = Figure(figsize=(6, 3.15))  # 1.91 : 1, the shape of an Open Graph picture
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    ax = figure.subplots()
    for name, init in INITIALIZERS.items():
        std = init if isinstance(init, float) else winit.INITIALIZERS[init].std((WIDTH, WIDTH))
        theory = np.sqrt(meanfield.length_map("relu", sigma_w=std * WIDTH**0.5, depth=DEPTH))
        options = {"theory": theory, "label": f"{name}  ×{theory[-1] / theory[-2]:.2g}/layer"}
        plotting.plot_layers(ax, runs[name], "z_rms", **options, **plotting.initializer_style(init))
    ax.set_title(f"ReLU, {DEPTH} layers of {WIDTH} units")
    plotting.label_lines(ax)
    return figure


def script(runs) -> str:
    """What landing.js draws: RMS of z and δ in every layer of the networks under He, relative to what theory says."""
    layers = {
        "signal": [run.z_rms / 2**0.5 for run in runs["He"]],
        "gradient": [run.delta_rms * 2**0.5 for run in runs["He"]],
    }
    rounded = {name: [[round(float(value), 3) for value in run] for run in found] for name, found in layers.items()}
    return f"window.winitSignal = {json.dumps(rounded)};\n"


def main(folder: str) -> None:
    """Write the picture into `folder`."""
    from PIL import Image

    Path(folder).mkdir(parents=True)
    card, signal, data = (Path(folder) / name for name in FILES)
    runs = measure()
    data.write_text(script(runs), "utf8")
    figure = draw(runs)
    figure.savefig(signal, metadata={"Date": None})
    figure.savefig(card, dpi=200)
    Image.open(card).convert("RGB").quantize(64).save(card, optimize=True)  # a palette is a third of the size


if __name__ == "__main__":
    main(sys.argv[1])
