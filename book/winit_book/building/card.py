"""The course in one picture: what happens to a signal in 50 layers under four initializers.

`python -m winit_book.building.card <folder>` draws it once, as `card.png` for those who link to the course (Open Graph,
1200 × 630) and as `signal.svg` for the landing pages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .editions import stop
from .execution import digest

FILES = ("card.png", "signal.svg")
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


def draw():
    """The figure."""
    import numpy as np
    from matplotlib.figure import Figure

    import winit
    from winit import meanfield, plotting

    def run(initializer, seed):
        rng, widths = np.random.default_rng(seed), [WIDTH] * (DEPTH + 1)
        return winit.propagate(widths, activation="relu", initializer=initializer, rng=rng, batch=BATCH)

    plotting.use_style()
    figure = Figure(figsize=(6, 3.15))  # 1.91 : 1, the shape of an Open Graph picture
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    ax = figure.subplots()
    with ThreadPoolExecutor(2) as pool:
        runs = {name: [pool.submit(run, init, seed) for seed in range(SEEDS)] for name, init in INITIALIZERS.items()}
        for name, init in INITIALIZERS.items():
            std = init if isinstance(init, float) else winit.INITIALIZERS[init].std((WIDTH, WIDTH))
            theory = np.sqrt(meanfield.length_map("relu", sigma_w=std * WIDTH**0.5, depth=DEPTH))
            options = {"theory": theory, "label": f"{name}  ×{theory[-1] / theory[-2]:.2g}/layer"}
            measured = [future.result() for future in runs[name]]
            plotting.plot_layers(ax, measured, "z_rms", **options, **plotting.initializer_style(init))
    ax.set_title(f"ReLU, {DEPTH} layers of {WIDTH} units")
    plotting.label_lines(ax)
    return figure


def main(folder: str) -> None:
    """Write the picture into `folder`."""
    from PIL import Image

    Path(folder).mkdir(parents=True)
    card, signal = (Path(folder) / name for name in FILES)
    figure = draw()
    figure.savefig(signal, metadata={"Date": None})
    figure.savefig(card, dpi=200)
    Image.open(card).convert("RGB").quantize(64).save(card, optimize=True)  # a palette is a third of the size


if __name__ == "__main__":
    main(sys.argv[1])
