"""The style on one page, for authors: `make specimen` writes `_build/specimen.html`.

Every colour, line style and marker, every plot that chapters share with the code that draws it, on a light page, on a
dark one and as wide as a telephone. Nothing of it is part of the site.
"""

from __future__ import annotations

import base64
import html
import inspect
import io
import re
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from winit import ACTIVATIONS, INITIALIZERS, meanfield, plotting, propagate

from .paths import BOOK, ROOT

WIDTHS, SEEDS = [128] * 31, range(3)


def runs(activation, initializer, widths=WIDTHS):
    """One record a seed."""
    return [
        propagate(widths, activation=activation, initializer=initializer, rng=np.random.default_rng(seed), batch=100)
        for seed in SEEDS
    ]


def initializers(ax):
    """Colour is the family, grey ignores the fans; the line is solid for normal weights, dashed for uniform ones, and
    dash-dotted for truncated ones."""
    for y, name in enumerate(INITIALIZERS):
        ax.plot([0, 1], [-y, -y], label=name, **plotting.initializer_style(name))
    ax.set_axis_off()
    plotting.label_lines(ax)


def activations(ax):
    """The marker is the activation."""
    z = np.linspace(-3, 3, 13)
    for y, (name, activation) in enumerate(ACTIVATIONS.items()):
        f = activation.f(z)
        dots = {"marker": plotting.activation_style(name)["marker"], "linestyle": "none"}
        ax.plot(z, 0.8 * (f - f.min()) / np.ptp(f) - y, label=name, **dots)
    ax.set_axis_off()
    plotting.label_lines(ax)


def layers(ax):
    """A statistic over the layers: theory is a line, dots are medians over seeds, the band reaches to the extremes."""
    for name in ("standard_normal", "he_normal", "glorot_uniform", "torch_linear_default", "small_normal"):
        sigma_w = INITIALIZERS[name].std((128, 128)) * 128**0.5
        theory = meanfield.length_map("relu", sigma_w=sigma_w, depth=30) ** 0.5
        style = plotting.initializer_style(name)
        plotting.plot_layers(ax, runs("relu", name), "z_rms", theory=theory, label=name, **style)
    plotting.label_lines(ax)


def several_activations(ax):
    """Several activations under one initializer: one colour, several markers."""
    for name in ("tanh", "erf", "softsign"):
        style = plotting.initializer_style("glorot_normal") | plotting.activation_style(name)
        plotting.plot_layers(ax, runs(name, "glorot_normal"), "h_std", label=name, **style)
    plotting.label_lines(ax)


def directions(ax):
    """Forward and backward."""
    plotting.plot_directions(ax, runs("tanh", "glorot_normal"), **plotting.activation_style("tanh"))
    plotting.label_lines(ax)


def histograms(axes):
    """Five layers in one panel, whole range; three panels a row at most."""
    for ax, initializer in zip(axes, (1.0, 0.05, "glorot_normal"), strict=True):
        plotting.plot_histograms(ax, runs("tanh", initializer, [100] * 6)[0])
        ax.set(title=f"{initializer}", ylim=(-1.05, 1.05))
        ax.label_outer()


def plain(ax):
    """What has no meaning in the tables has no colour: the default cycle is grey."""
    x = np.linspace(0, 6, 50)
    for shift in range(3):
        ax.plot(x, np.sin(x - shift), label=f"{shift}")
    plotting.label_lines(ax)


def heat_map(ax):
    """From paper to ink: more is darker on white and lighter on a dark page. What is missing (nan) is hatched; a
    quantity with a sign takes cmap="PuOr" and symmetric limits."""
    x, y = np.meshgrid(np.arange(12), np.arange(8))
    mesh = ax.pcolormesh(np.where(x + y < 16, np.hypot(x, y), np.nan))
    ax.patch.set(hatch="////", edgecolor="#8d939a", linewidth=0)
    ax.grid(False)
    ax.set(xlabel="x", ylabel="y")
    ax.figure.colorbar(mesh, label="distance")


FIGURES = {initializers: (1, 4.2), activations: (1, 4.2), layers: (1, 3.4), several_activations: (1, 3.4)}
FIGURES |= {directions: (1, 3.4), histograms: (3, 2.4), plain: (1, 2.4), heat_map: (1, 3.4)}

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>winit: specimen of the style</title><style>
body {{ margin: 0 auto; max-width: 110rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }}
div {{ display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; }}
p {{ margin: 0; padding: 1rem; background: #fff; border: 1px solid #ccc; }}
p.dark {{ background: #14181d; }} p.dark img {{ {filter} }}
img {{ display: block; max-width: 100%; }} .small img {{ width: 350px; }}
pre {{ background: #f3f4f5; padding: 1rem; overflow-x: auto; font-size: 14px; }}
</style><h1>The book's one style</h1>
<p>Chapters call <code>plotting.use_style()</code> in their first, folded cell. Each figure as it is, on a dark page,
and on a telephone.</p>{sections}</html>"""


def section(draw, columns, height):
    """A plot, three times, and the code that draws it."""
    figure = Figure(figsize=(6, height))
    draw(figure.subplots(1, columns, sharey=True) if columns > 1 else figure.subplots())
    file = io.BytesIO()
    figure.savefig(file)
    image = f'<img alt="" src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}">'
    views = "".join(f'<p class="{view}">{image}</p>' for view in ("", "dark", "small", "dark small"))
    heading = f"{draw.__name__.replace('_', ' ')} ({len(file.getvalue()) / 1000:.0f} KB)"
    return f"<h2>{heading}</h2><div>{views}</div><pre>{html.escape(inspect.getsource(draw))}</pre>"


def main(path: Path = ROOT / "_build" / "specimen.html") -> None:
    """Write the page."""
    plotting.use_style()
    css = (BOOK / "styles" / "figures.css").read_text("utf8")
    rule = re.search(r"filter: invert[^}]*", css)[0]
    sections = "".join(section(draw, *shape) for draw, shape in FIGURES.items())
    path.parent.mkdir(exist_ok=True)
    path.write_text(PAGE.format(filter=rule, sections=sections), "utf8")
    print(path)


if __name__ == "__main__":
    main()
