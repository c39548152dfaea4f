"""The book's one visual language, and the pictures several chapters share.

Each family of initializers has a colour and each distribution a line style; each activation has a marker; forward is
one hue and backward another; theory is a line, measurement is dots with a band over the seeds. Every ``plot_*`` takes
`ax` and a finished record, draws, and returns `ax`: it samples nothing and shows nothing.
"""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator

from .activations import Activation, activation_of
from .initializers import INITIALIZERS, Constant, Initializer, Normal, initializer_of

INK = "#16191d"
FORWARD, BACKWARD = "#45906b", "#b964b3"
# Grey is what does not look at the layer, colour is what scales with its fans. tests/test_plotting.py measures that
# they stay apart on white and on dark, for every kind of colour vision.
FAMILIES = {
    "standard": INK,
    "zeros": "#595e64",
    "small": "#8d939a",
    "lecun": "#1a4f2a",
    "glorot": "#0d8bf5",
    "he": "#b54d00",
    "torch": "#52109a",
    "orthogonal": "#aa9020",
}
DISTRIBUTIONS = {"normal": "-", "uniform": "--", "truncated_normal": "-."}
OTHER_FAMILY = "#483c60"  # of rows that the tables above do not know yet

STATISTICS = {  # axis label and scale; a factor per layer is a straight line on a log scale
    "z_rms": (r"RMS$[z_\ell]$", "log"),
    "h_rms": (r"RMS$[h_\ell]$", "log"),
    "h_mean": (r"mean$[h_\ell]$", "linear"),
    "h_std": (r"Std$[h_\ell]$", "log"),
    "across_sample_std": (r"across-sample Std$[h_\ell]$", "log"),
    "delta_rms": (r"RMS$[\delta_\ell]$", "log"),
    "delta_median": (r"median $|\delta_\ell|$", "log"),
    "weight_grad_rms": (r"RMS$[\partial L/\partial W_\ell]$", "log"),
    "saturated": ("saturated share", "linear"),
    "dead": ("dead share", "linear"),
}


def use_style() -> None:
    """Draw everything from here on in the book's style (``winit.mplstyle``)."""
    mpl.style.use("winit.winit")


def initializer_style(initializer: str | float | Initializer) -> dict:
    """Colour of its family and line style of its distribution, as keywords of ``ax.plot``.

    The family is the first word of the row of `INITIALIZERS` that the object equals; a number is the standard deviation
    of a normal. What equals no row is grey if it ignores the fans, too.
    """
    initializer = initializer_of("initializer", initializer)
    name = next((name for name, row in INITIALIZERS.items() if row == initializer), "")
    other = FAMILIES["zeros"] if isinstance(initializer, (Constant, Normal)) else OTHER_FAMILY
    distribution = getattr(initializer, "distribution", "normal")
    return {
        "color": FAMILIES.get(name.split("_")[0], other),
        "linestyle": DISTRIBUTIONS.get(distribution, ":"),
    }


def activation_style(activation: str | Activation) -> dict:
    """Marker of an activation, as a keyword of ``ax.plot``."""
    return {"marker": activation_of(activation).marker}


def plot_measured(ax, x, values, *, theory=None, label=None, color=INK, marker="o", linestyle="-"):
    """Theory as a line, measurement as dots with a band over the seeds.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array (n,)
    values : array (n,) or (seeds, n)
        Measured; the dots, 30 at most, are medians over the seeds, the band reaches from the least to the greatest.
    theory : array (n,), optional
    label : str, optional
        What `label_lines` writes beside the line.
    color, marker, linestyle
        From `initializer_style`, `activation_style`, `FORWARD` or `BACKWARD`.
    """
    values = np.atleast_2d(values)
    if theory is not None:
        ax.plot(x, theory, color=color, linestyle=linestyle, label=label)
        label = None
    if len(values) > 1:
        ax.fill_between(x, values.min(axis=0), values.max(axis=0), color=color, alpha=0.25, linewidth=0)
    step = -(-len(x) // 30)  # the line must stay in sight between the dots
    dots = {"linestyle": "none", "marker": marker, "markeredgecolor": "white", "markeredgewidth": 0.6}
    dots["markevery"] = ((len(x) - 1) % step, step)
    ax.plot(x, np.median(values, axis=0), color=color, label=label, zorder=3, **dots)
    return ax


def plot_layers(ax, runs, statistic, **options):
    """A statistic over the layers, by `plot_measured`.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    runs : record or sequence of records
        One `Propagation`, one for each seed, or a record of arrays (seeds, L).
    statistic : str
        The field to draw, of shape (L,), from layer 1; `STATISTICS` knows its label and scale.
    **options
        Of `plot_measured`; ``theory`` is an array (L,).
    """
    whole = hasattr(runs, statistic)
    values = np.asarray(getattr(runs, statistic) if whole else [getattr(run, statistic) for run in runs])
    label, scale = STATISTICS.get(statistic, (statistic, "linear"))
    ax.set(xlabel=r"layer $\ell$", ylabel=label)
    if scale == "log" and (values > 0).any():  # dead layers have no logarithm
        ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    plot_measured(ax, 1 + np.arange(values.shape[-1]), values, **options)
    if ax.get_yscale() == "log" and (decades := np.ptp(np.log10(ax.get_ylim()))) > 8:  # 1 stays a tick
        ax.yaxis.set_major_locator(LogLocator(10.0 ** min((2, 5, 10, 20, 50, 100), key=lambda k: abs(decades / k - 6))))
    return ax


def plot_directions(ax, runs, *, forward=None, backward=None, marker="o"):
    """Signal and gradient over the layers: RMS of z forward and RMS of δ backward, with their theory lines if given."""
    plot_layers(ax, runs, "z_rms", theory=forward, label=r"forward $z_\ell$ →", color=FORWARD, marker=marker)
    plot_layers(
        ax, runs, "delta_rms", theory=backward, label=r"backward $\delta_\ell$ ←", color=BACKWARD, marker=marker
    )
    ax.set_ylabel("RMS")
    return ax


def plot_histograms(ax, run, *, layers=None, bins=60, color=FORWARD):
    """Histograms of h over the layers, each lying on its side at its layer, over its full range.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    run : Propagation
    layers : sequence of int, optional
        Numbers of the layers, 1 … L; all by default.
    bins : int
        Per layer. The width is the square root of the share, so that the half of a ReLU layer that is 0 does not hide
        the other half; the highest bin of each layer has the same width.
    """
    layers = range(1, 1 + len(run.z_rms)) if layers is None else layers
    for position, layer in enumerate(layers):
        counts, edges = run.histogram(layer, bins)
        widths = position + 0.85 * np.sqrt(counts / counts.max())
        style = {"baseline": position, "orientation": "horizontal", "color": color}
        ax.stairs(widths, edges, fill=True, alpha=0.35, linewidth=0, **style)
        ax.stairs(widths, edges, linewidth=1, **style)  # the outline keeps a histogram of almost no width in sight
    ax.set(xlabel=r"layer $\ell$", ylabel=r"$h_\ell$", xticks=np.arange(len(layers)), xticklabels=layers)
    return ax


def plot_losses(ax, history, networks=slice(None), *, label=None, color=INK, linestyle="-"):
    """Loss of each step: the median over `networks`, which differ in their seed only, and the band they fill."""
    losses = np.atleast_2d(history.losses[networks])
    steps = np.arange(losses.shape[1])
    ax.plot(steps, np.median(losses, axis=0), label=label, color=color, linestyle=linestyle, linewidth=1.2)
    ax.fill_between(steps, losses.min(axis=0), losses.max(axis=0), color=color, alpha=0.2, linewidth=0)
    ax.set(xlabel="step", ylabel="loss")
    return ax


def label_lines(ax):
    """Write the label of each line at its right end, in its colour and apart from the others; it replaces a legend."""
    log, (bottom, top) = ax.get_yscale() == "log", ax.get_ylim()
    lines, ends = [], []
    for line in ax.get_lines():
        points = np.array(line.get_data(), float).T
        seen = points[np.isfinite(points).all(axis=1) & ((points[:, 1] > 0) | (not log))]
        if len(seen) and not line.get_label().startswith("_"):
            lines.append(line)
            ends.append(np.clip(seen[-1], [-np.inf, bottom], [np.inf, top]))
    if not lines:
        return ax
    heights = ax.transData.transform(ends)[:, 1] * 72 / ax.figure.dpi
    rows = max(line.get_label().count("\n") + 1 for line in lines)
    spread = _apart(heights, 1.25 * mpl.rcParams["font.size"] * rows)
    for line, end, shift in zip(lines, ends, spread - heights, strict=True):
        color = 0.6 * np.array(mpl.colors.to_rgb(line.get_color())) + 0.4 * np.array(mpl.colors.to_rgb(INK))  # for text
        place = {"xytext": (6, shift), "textcoords": "offset points", "va": "center", "annotation_clip": False}
        ax.annotate(line.get_label(), end, color=color, **place)
    return ax


def _apart(heights, gap):
    """The heights, moved as little as it takes to be `gap` apart."""
    order = np.argsort(heights, kind="stable")
    moved = heights[order]
    while (overlap := np.maximum(gap - np.diff(moved), 0)).max(initial=0) > 0.01:
        moved[:-1] -= overlap / 2
        moved[1:] += overlap / 2
    return moved[np.argsort(order)]
