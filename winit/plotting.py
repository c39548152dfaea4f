"""The book's one visual language, and the pictures several chapters share.

Each family of initializers has a colour and each distribution a line style; each activation has a marker; forward is
one hue and backward another; theory is a line, measurement is dots with a band over the seeds. Every ``plot_*`` takes
`ax` and a finished record, draws, and returns `ax`: it samples nothing and shows nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec

import matplotlib as mpl
import matplotlib.figure
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike

from . import arguments
from .activations import Activation, activation_of
from .initializers import INITIALIZERS, Constant, InitializerLike, Normal, initializer_of

if TYPE_CHECKING:
    from .measure import LayerStatistics, Propagation
    from .training import History

__all__ = [
    "activation_style",
    "initializer_style",
    "label_lines",
    "plot_directions",
    "plot_histograms",
    "plot_layers",
    "plot_losses",
    "plot_measured",
    "use_style",
]

P = ParamSpec("P")

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


def _on_axes(plot: Callable[P, Axes]) -> Callable[P, Axes]:
    """A plot that refuses to draw on anything but axes."""

    @functools.wraps(plot)
    def wrapped(*args: P.args, **options: P.kwargs) -> Axes:
        arguments.instance("ax", args[0] if args else options.get("ax"), Axes, "plt.subplots()[1]")
        return plot(*args, **options)

    return wrapped


def use_style() -> None:
    """Draw everything from here on in the book's style (``winit.mplstyle``).

    Examples
    --------
    >>> with mpl.rc_context():
    ...     use_style()
    ...     mpl.rcParams["axes.grid"]
    True
    """
    mpl.style.use("winit.winit")


def initializer_style(initializer: InitializerLike) -> dict[str, str]:
    """Colour of its family and line style of its distribution, as keywords of ``ax.plot``.

    The family is the first word of the row of `INITIALIZERS` that the object equals; a number is the standard deviation
    of a normal. What equals no row is grey if it ignores the fans, too.

    Parameters
    ----------
    initializer : str, Initializer or float

    Returns
    -------
    dict
        ``color`` and ``linestyle``.

    Raises
    ------
    ValueError, TypeError
        An unknown name, or what is no initializer.

    Examples
    --------
    >>> initializer_style("he_uniform")
    {'color': '#b54d00', 'linestyle': '--'}
    """
    initializer = initializer_of("initializer", initializer)
    name = next((name for name, row in INITIALIZERS.items() if row == initializer), "")
    other = FAMILIES["zeros"] if isinstance(initializer, (Constant, Normal)) else OTHER_FAMILY
    distribution = getattr(initializer, "distribution", "normal")
    return {
        "color": FAMILIES.get(name.split("_")[0], other),
        "linestyle": DISTRIBUTIONS.get(distribution, ":"),
    }


def activation_style(activation: str | Activation) -> dict[str, str]:
    """Marker of an activation, as a keyword of ``ax.plot``.

    Parameters
    ----------
    activation : str or Activation

    Returns
    -------
    dict
        ``marker``.

    Raises
    ------
    ValueError, TypeError
        An unknown name, or what is no Activation.

    Examples
    --------
    >>> activation_style("relu")
    {'marker': '^'}
    """
    return {"marker": activation_of(activation).marker}


@_on_axes
def plot_measured(
    ax: Axes,
    x: ArrayLike,
    values: ArrayLike,
    *,
    theory: ArrayLike | None = None,
    label: str | None = None,
    color: str = INK,
    marker: str = "o",
    linestyle: str = "-",
) -> Axes:
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

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError, TypeError
        Lengths that do not fit each other, what holds no numbers, or no axes.

    Examples
    --------
    >>> ax = mpl.figure.Figure().add_subplot()
    >>> ax = plot_measured(ax, [1, 2, 3], [1.1, 1.9, 4.2], theory=[1, 2, 4], **initializer_style("he_normal"))
    >>> len(ax.get_lines())
    2
    """
    x = arguments.array("x", x, ("n",))
    values = np.atleast_2d(arguments.array("values", values, (..., len(x)), finite=False))
    if values.ndim > 2:
        raise ValueError(f"values must have shape ({len(x)},) or (seeds, {len(x)}), got {values.shape}")
    if theory is not None:
        theory = arguments.array("theory", theory, (len(x),), finite=False)
        ax.plot(x, theory, color=color, linestyle=linestyle, label=label)
        label = None
    if len(values) > 1:
        ax.fill_between(x, values.min(axis=0), values.max(axis=0), color=color, alpha=0.25, linewidth=0)
    step = -(-len(x) // 30)  # the line must stay in sight between the dots
    dots: dict[str, Any] = {"linestyle": "none", "marker": marker, "markeredgecolor": "white", "markeredgewidth": 0.6}
    dots["markevery"] = ((len(x) - 1) % step, step)
    ax.plot(x, np.median(values, axis=0), color=color, label=label, zorder=3, **dots)
    return ax


@_on_axes
def plot_layers(ax: Axes, runs: LayerStatistics | Iterable[LayerStatistics], statistic: str, **options: Any) -> Axes:
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

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError, TypeError
        A statistic that the records do not hold, with the names of all.

    Examples
    --------
    >>> from winit import propagate
    >>> run = propagate([64] * 6, activation="relu", initializer="he_normal", rng=np.random.default_rng(0))
    >>> plot_layers(mpl.figure.Figure().add_subplot(), run, "z_rms").get_yscale()
    'log'
    """
    if isinstance(runs, Iterable) and not hasattr(runs, str(statistic)):
        records = arguments.sequence("runs", runs, "records")
    else:
        records = (runs,)
    if not all(hasattr(record, str(statistic)) for record in records):
        arguments.choice("statistic", statistic, STATISTICS)
        raise arguments.refusal("runs", f"a record or records with the field {statistic}", runs, arguments.WrongKind)
    fields = [getattr(record, statistic) for record in records]
    values = np.asarray(fields[0] if records[0] is runs else fields)
    label, scale = STATISTICS.get(statistic, (statistic, "linear"))
    ax.set(xlabel=r"layer $\ell$", ylabel=label)
    if scale == "log" and (values > 0).any():  # dead layers have no logarithm
        ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    plot_measured(ax, 1 + np.arange(values.shape[-1]), values, **options)
    if ax.get_yscale() == "log" and (decades := np.ptp(np.log10(ax.get_ylim()))) > 8:  # 1 stays a tick
        ax.yaxis.set_major_locator(LogLocator(10.0 ** min((2, 5, 10, 20, 50, 100), key=lambda k: abs(decades / k - 6))))
    return ax


def plot_directions(
    ax: Axes,
    runs: LayerStatistics | Iterable[LayerStatistics],
    *,
    forward: ArrayLike | None = None,
    backward: ArrayLike | None = None,
    marker: str = "o",
) -> Axes:
    """Signal and gradient over the layers: RMS of z forward and RMS of δ backward.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    runs : record or sequence of records
        As for `plot_layers`.
    forward, backward : array (L,), optional
        Theory of the two.
    marker : str
        From `activation_style`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError, TypeError
        As for `plot_layers`.

    Examples
    --------
    >>> from winit import propagate
    >>> run = propagate([64] * 6, activation="tanh", initializer="glorot_normal", rng=np.random.default_rng(0))
    >>> ax = plot_directions(mpl.figure.Figure().add_subplot(), run, forward=np.ones(5))
    >>> len(ax.get_lines())
    3
    """
    plot_layers(ax, runs, "z_rms", theory=forward, label=r"forward $z_\ell$ →", color=FORWARD, marker=marker)
    plot_layers(
        ax, runs, "delta_rms", theory=backward, label=r"backward $\delta_\ell$ ←", color=BACKWARD, marker=marker
    )
    ax.set_ylabel("RMS")
    return ax


@_on_axes
def plot_histograms(
    ax: Axes, run: Propagation, *, layers: Sequence[int] | None = None, bins: int = 60, color: str = FORWARD
) -> Axes:
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
    color : str

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError, TypeError
        Layers that are not there, or a bare number in their place.

    Examples
    --------
    >>> from winit import propagate
    >>> run = propagate([64] * 6, activation="tanh", initializer=1.0, rng=np.random.default_rng(0))
    >>> plot_histograms(mpl.figure.Figure().add_subplot(), run, layers=[1, 5]).get_ylabel()
    '$h_\\\\ell$'
    """
    if not hasattr(run, "histogram"):
        raise arguments.refusal("run", "a winit.Propagation", run, arguments.WrongKind)
    layers = arguments.sequence(
        "layers", range(1, 1 + len(run.z_rms)) if layers is None else layers, "numbers of layers"
    )
    for position, layer in enumerate(layers):
        counts, edges = run.histogram(layer, bins)
        widths = position + 0.85 * np.sqrt(counts / counts.max())
        style: dict[str, Any] = {"baseline": position, "orientation": "horizontal", "color": color}
        ax.stairs(widths, edges, fill=True, alpha=0.35, linewidth=0, **style)
        ax.stairs(widths, edges, linewidth=1, **style)  # the outline keeps a histogram of almost no width in sight
    ax.set(xlabel=r"layer $\ell$", ylabel=r"$h_\ell$", xticks=np.arange(len(layers)), xticklabels=layers)
    return ax


@_on_axes
def plot_losses(
    ax: Axes,
    history: History,
    networks: int | slice | Sequence[int] = slice(None),
    *,
    label: str | None = None,
    color: str = INK,
    linestyle: str = "-",
) -> Axes:
    """Loss of each step: the median over networks, which differ in their seed only, and the band they fill.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    history : History
        Of `winit.train`.
    networks : int, slice or sequence of int
        Which of its networks; all by default.
    label : str, optional
        What `label_lines` writes beside the line.
    color, linestyle
        From `initializer_style`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        No axes, or another record.

    Examples
    --------
    >>> from winit import Spec, data, train
    >>> rng = np.random.default_rng(0)
    >>> history = train(Spec([64, 16, 10]), data.digits(rng=rng), steps=20, learning_rate=0.1, batch=64, rng=rng)
    >>> plot_losses(mpl.figure.Figure().add_subplot(), history).get_ylabel()
    'loss'
    """
    if not hasattr(history, "losses"):
        raise arguments.refusal("history", "a winit.History", history, arguments.WrongKind)
    losses = np.atleast_2d(history.losses[networks])
    steps = np.arange(losses.shape[1])
    ax.plot(steps, np.median(losses, axis=0), label=label, color=color, linestyle=linestyle, linewidth=1.2)
    ax.fill_between(steps, losses.min(axis=0), losses.max(axis=0), color=color, alpha=0.2, linewidth=0)
    ax.set(xlabel="step", ylabel="loss")
    return ax


@_on_axes
def label_lines(ax: Axes) -> Axes:
    """Write the label of each line at its right end, in its colour and apart from the others; it replaces a legend.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With its lines and limits.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        No axes.

    Examples
    --------
    >>> ax = plot_measured(mpl.figure.Figure().add_subplot(), [1, 2], [3, 4], label="He")
    >>> [text.get_text() for text in label_lines(ax).texts]
    ['He']
    """
    log, (bottom, top) = ax.get_yscale() == "log", ax.get_ylim()
    lines, ends = [], []
    for line in ax.get_lines():
        points = np.array(line.get_data(), float).T
        seen = points[np.isfinite(points).all(axis=1) & ((points[:, 1] > 0) | (not log))]
        if len(seen) and not str(line.get_label()).startswith("_"):
            lines.append(line)
            ends.append(np.clip(seen[-1], [-np.inf, bottom], [np.inf, top]))
    if not lines:
        return ax
    heights = ax.transData.transform(ends)[:, 1] * 72 / ax.figure.dpi
    rows = max(str(line.get_label()).count("\n") + 1 for line in lines)
    spread = _apart(heights, 1.25 * mpl.rcParams["font.size"] * rows)
    for line, end, shift in zip(lines, ends, spread - heights, strict=True):
        color = 0.6 * np.array(mpl.colors.to_rgb(line.get_color())) + 0.4 * np.array(mpl.colors.to_rgb(INK))  # for text
        place: dict[str, Any] = {"xytext": (6, shift), "textcoords": "offset points", "va": "center"}
        place["annotation_clip"] = False
        ax.annotate(str(line.get_label()), end, color=color, **place)
    return ax


def _apart(heights, gap):
    """The heights, moved as little as it takes to be `gap` apart."""
    order = np.argsort(heights, kind="stable")
    moved = heights[order]
    while (overlap := np.maximum(gap - np.diff(moved), 0)).max(initial=0) > 0.01:
        moved[:-1] -= overlap / 2
        moved[1:] += overlap / 2
    return moved[np.argsort(order)]
