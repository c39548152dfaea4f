"""One visual language: every row has its style, colours stay apart for every eye, and pictures only show the record."""

import dataclasses
import io
import itertools
import subprocess
import sys
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rows import assert_rows
from winit_book.paths import BOOK, ROOT

from winit import ACTIVATIONS, INITIALIZERS, Activation, Constant, Normal, VarianceScaling, plotting
from winit.measure import LayerStatistics

COLORS = {**plotting.FAMILIES, "forward": plotting.FORWARD, "backward": plotting.BACKWARD}
DARK_PAGE = "#14181d"

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])


def linear(rgb):
    rgb = np.array(mpl.colors.to_rgb(rgb))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """The ratio of WCAG 2."""
    dark, light = sorted([linear(one) @ XYZ[1], linear(other) @ XYZ[1]])
    return (light + 0.05) / (dark + 0.05)


def lab(rgb, vision="normal"):
    seen = np.clip(np.array(VISION[vision]) @ linear(rgb), 0, 1)
    t = XYZ @ seen / XYZ.sum(axis=1)
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(one, other):
    """Sharma, Wu and Dalal (2005)."""
    (L1, a1, b1), (L2, a2, b2) = one, other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 1.5 - 0.5 * np.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    c1, c2 = np.hypot(g * a1, b1), np.hypot(g * a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, g * a1)) % 360, np.degrees(np.arctan2(b2, g * a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    dL, dC, dH = L2 - L1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    L, c = (L1 + L2) / 2, (c1 + c2) / 2
    cos = lambda degrees: np.cos(np.radians(degrees))  # noqa: E731
    t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
    s_L, s_C, s_H = 1 + 0.015 * (L - 50) ** 2 / np.sqrt(20 + (L - 50) ** 2), 1 + 0.045 * c, 1 + 0.015 * c * t
    r = -2 * np.sqrt(c**7 / (c**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    return np.sqrt((dL / s_L) ** 2 + (dC / s_C) ** 2 + (dH / s_H) ** 2 + r * dC / s_C * dH / s_H)


def on_dark(color):
    """A colour of a figure on a dark page: filtered and blended as the stylesheet says."""
    css = " ".join((BOOK / "styles" / "figures.css").read_text("utf8").split())
    assert "filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen;" in css
    rgb, grey = 1 - np.array(mpl.colors.to_rgb(color)), np.array([0.213, 0.715, 0.072])
    turned = np.clip(2 * grey @ rgb - rgb, 0, 1)  # by 180°
    return 1 - (1 - turned) * (1 - np.array(mpl.colors.to_rgb(DARK_PAGE)))


def nearest(colors, view, vision):
    """The least distance of two of the colours."""
    seen = {name: lab(view(color), vision) for name, color in colors.items()}
    return min((ciede2000(seen[one], seen[other]), one, other) for one, other in itertools.combinations(seen, 2))


def test_the_measures_themselves():
    assert contrast("white", "black") == pytest.approx(21)
    # pairs 1, 7 and 13 of the test data of Sharma, Wu and Dalal
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert ciede2000((50, -0.001, 2.49), (50, 0.0011, -2.49)) == pytest.approx(4.7461, abs=1e-4)
    # red and green of equal lightness are apart for most eyes only
    pair = {"red": "#b34a40", "green": "#687526"}
    assert nearest(pair, mpl.colors.to_rgb, "normal")[0] > 40 > 8 > nearest(pair, mpl.colors.to_rgb, "deuteranopia")[0]


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("view", [mpl.colors.to_rgb, on_dark], ids=["white", "dark"])
def test_no_two_colours_look_alike(view, vision):
    distance, *pair = nearest(COLORS, view, vision)
    assert distance > 10, pair


@pytest.mark.parametrize("color", [*COLORS.values(), plotting.OTHER_FAMILY])
def test_contrast(color):
    assert contrast(color, "white") >= 3
    assert contrast(on_dark(color), DARK_PAGE) >= 3


def test_dark_paper_is_the_page_and_hues_stay():
    assert mpl.colors.to_hex(on_dark("white")) == DARK_PAGE
    for name, color in COLORS.items():
        (_, a, b), (_, c, d) = lab(color), lab(on_dark(color))
        if np.hypot(a, b) > 10:
            turn = np.degrees(np.arctan2(a * d - b * c, a * c + b * d))
            assert abs(turn) < 30, name


def test_every_row_has_a_style():
    families = dict.fromkeys(name.split("_")[0] for name in INITIALIZERS)
    assert_rows("winit/plotting.py: FAMILIES", plotting.FAMILIES, families, "give the family a colour of its own")
    for name, row in INITIALIZERS.items():
        style = plotting.initializer_style(name)
        assert style["color"] == plotting.FAMILIES[name.split("_")[0]]
        assert style["linestyle"] == plotting.DISTRIBUTIONS[getattr(row, "distribution", "normal")]


def test_every_activation_has_a_marker_of_its_own():
    taken = {Activation.marker: "one of a reader's own"}
    for name in ACTIVATIONS:
        marker = plotting.activation_style(name)["marker"]
        other = taken.setdefault(marker, name)
        assert other == name, f"winit/activations.py: {name!r} has the marker {marker!r} of {other}: give it its own"


def test_what_an_initializer_is_decides_and_not_how_it_is_written():
    he = plotting.initializer_style("he_uniform")
    assert he == plotting.initializer_style("kaiming_uniform")
    assert he == plotting.initializer_style(VarianceScaling(2.0, "in", "uniform"))
    assert plotting.initializer_style(0.01) == plotting.initializer_style(Normal(0.01))
    assert plotting.initializer_style(0.01) == plotting.initializer_style("small_normal")
    assert plotting.initializer_style(0.05) == plotting.initializer_style(Constant(0.3)) != he
    assert plotting.activation_style("relu") == plotting.activation_style(ACTIVATIONS["relu"])
    with pytest.raises(ValueError, match="unknown initializer 'he-normal'"):
        plotting.initializer_style("he-normal")


def test_a_new_row_needs_no_edit(monkeypatch):
    monkeypatch.setitem(INITIALIZERS.data, "he_sparse", VarianceScaling(3.0))
    monkeypatch.setitem(INITIALIZERS.data, "lsuv", VarianceScaling(4.0))
    assert plotting.initializer_style("he_sparse")["color"] == plotting.FAMILIES["he"]
    assert plotting.initializer_style("lsuv")["color"] == plotting.OTHER_FAMILY
    assert plotting.activation_style(Activation("new", np.sin, np.cos))["marker"] == Activation.marker


def record(seed=0, layers=5):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(layers, 400))
    scale = 0.5 ** np.arange(layers) * np.exp(0.1 * rng.normal(size=layers))
    return SimpleNamespace(
        z_rms=scale,
        delta_rms=scale[::-1],
        dead=np.linspace(0, 0.5, layers),
        losses=np.abs(values),
        histogram=lambda layer, bins: np.histogram(values[layer - 1], bins),
    )


RUNS = [record(seed) for seed in range(3)]
PLOTS = {
    "plot_measured": lambda ax: plotting.plot_measured(ax, [1, 2, 4], [1, 2, 3], theory=[1, 2, 4]),
    "plot_layers": lambda ax: plotting.plot_layers(ax, RUNS, "z_rms", theory=0.5 ** np.arange(5), label="half"),
    "plot_directions": lambda ax: plotting.plot_directions(ax, RUNS[0]),
    "plot_histograms": lambda ax: plotting.plot_histograms(ax, RUNS[0], layers=[1, 3, 5]),
    "plot_losses": lambda ax: plotting.plot_losses(ax, RUNS[0], slice(3), label="He"),
    "label_lines": lambda ax: plotting.label_lines(PLOTS["plot_layers"](ax)),
}


@pytest.fixture(autouse=True)
def style():
    with mpl.style.context(["winit.winit", {"figure.dpi": 60, "savefig.dpi": 60}]):
        yield


@pytest.fixture
def ax():
    return axes()


def axes():
    """Axes of a figure that pyplot does not know."""
    figure = Figure()
    FigureCanvasAgg(figure)
    return figure.subplots()


def pixels(ax):
    file = io.BytesIO()
    ax.figure.savefig(file, format="rgba")
    return file.getvalue()


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_on_its_axes_and_samples_nothing(ax, name):
    assert PLOTS[name](ax) is ax
    assert pixels(ax) == pixels(PLOTS[name](axes())) != pixels(axes())


def test_every_statistic_of_a_layer_has_a_label():
    assert [field.name for field in dataclasses.fields(LayerStatistics)] == list(plotting.STATISTICS)


def test_every_plot_is_tested():
    public = {name for name in vars(plotting) if name.startswith(("plot_", "label_"))}
    assert public == set(PLOTS)


def test_dots_are_medians_and_the_band_reaches_to_the_extremes(ax):
    plotting.plot_layers(ax, RUNS, "z_rms", theory=0.5 ** np.arange(5), label="half", color="#b54d00")
    theory, dots = ax.get_lines()
    values = np.array([run.z_rms for run in RUNS])
    assert theory.get_ydata() == pytest.approx(0.5 ** np.arange(5))
    assert (theory.get_label(), theory.get_marker(), dots.get_linestyle()) == ("half", "None", "None")
    assert dots.get_ydata() == pytest.approx(np.median(values, axis=0))
    assert list(dots.get_xdata()) == [1, 2, 3, 4, 5]
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (values.min(), values.max())
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", r"RMS$[z_\ell]$")


def test_one_record_of_many_seeds_is_as_good_as_many_records(ax):
    plotting.plot_layers(ax, RUNS, "dead")
    other = plotting.plot_layers(axes(), SimpleNamespace(dead=np.array([run.dead for run in RUNS])), "dead")
    assert pixels(other) == pixels(ax)
    assert ax.get_yscale() == "linear"


def test_many_layers_leave_the_line_in_sight(ax):
    plotting.plot_measured(ax, np.arange(1, 51), np.arange(50.0), theory=np.arange(50.0))
    start, step = ax.get_lines()[1].get_markevery()
    shown = np.arange(1, 51)[start::step]
    assert 15 <= len(shown) <= 30 and shown[-1] == 50


@pytest.mark.parametrize("layers, step", [(9, 1), (40, 5), (100, 20)])
def test_ticks_of_layers_are_counted_by_hand(ax, layers, step):
    plotting.plot_layers(ax, SimpleNamespace(z_rms=np.linspace(1, 2, layers)), "z_rms")
    ax.figure.canvas.draw()
    assert set(np.diff(ax.get_xticks())) == {step}


@pytest.mark.parametrize("last, decades", [(1e30, 5), (1e40, 10), (1e100, 20), (1e250, 50)])
def test_ticks_of_many_decades_are_round(ax, last, decades):
    plotting.plot_layers(ax, SimpleNamespace(z_rms=np.geomspace(1, last, 9)), "z_rms")
    assert np.diff(np.log10(ax.get_yticks()))[1:-1] == pytest.approx(decades)


@pytest.mark.parametrize("last", [1e4, 1e-20, 1e60, 1e-300])
def test_one_is_a_tick_however_many_decades(ax, last):
    plotting.plot_layers(ax, SimpleNamespace(z_rms=np.geomspace(1, last, 9)), "z_rms")
    low, high = ax.get_ylim()
    ticks = [tick for tick in ax.get_yticks() if low <= tick <= high]
    assert np.isclose(ticks, 1).any() and 3 <= len(ticks) <= 10


@pytest.mark.parametrize("values", [np.zeros(4), np.full(4, np.nan), [1, np.inf, np.inf, np.inf]])
def test_dead_and_exploded_networks_draw_without_a_warning(ax, values):
    run = SimpleNamespace(z_rms=np.array(values), losses=np.array([values, values], np.float32))
    plotting.label_lines(plotting.plot_layers(ax, [run, run], "z_rms", label="run"))
    plotting.label_lines(plotting.plot_losses(ax, run, label="run"))
    pixels(ax)


def test_histograms_keep_their_full_range(ax):
    plotting.plot_histograms(ax, RUNS[0])
    low, high = ax.get_ylim()
    edges = [RUNS[0].histogram(layer, 60)[1] for layer in range(1, 6)]
    assert low < np.min(edges) and np.max(edges) < high
    assert [label.get_text() for label in ax.get_xticklabels()] == list("12345")


def test_labels_stand_at_the_ends_and_apart(ax):
    for name, y in {"a": 1.0, "b": 1.001, "c": 1.002, "far": 9.0}.items():
        ax.plot([0, 1, 2], [0, 1, y], label=name)
    ax.plot([0, 1], [3, 4])
    plotting.label_lines(ax)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c", "far"]
    assert all(lower.y1 <= upper.y0 for lower, upper in itertools.pairwise(boxes))
    assert all(ax.transData.transform((2, 0))[0] < box.x0 and box.x1 <= ax.figure.bbox.x1 for box in boxes)
    end = ax.transData.transform((2, 9.0))[1]
    assert boxes[-1].y0 < end < boxes[-1].y1
    for text in ax.texts:
        assert contrast(text.get_color(), "white") >= 4.5


@pytest.mark.parametrize("color", [*COLORS.values(), plotting.OTHER_FAMILY])
def test_labels_are_text_and_have_the_contrast_of_text(ax, color):
    ax.plot([0, 1], [0, 1], color=color, label="x")
    label = plotting.label_lines(ax).texts[0].get_color()
    hues = [mpl.colors.rgb_to_hsv(mpl.colors.to_rgb(each))[0] for each in (label, color)]
    assert abs(hues[0] - hues[1]) < 0.06, "the label is as coloured as its line"
    assert contrast(label, "white") >= 4.5
    assert contrast(on_dark(label), DARK_PAGE) >= 4.5


def test_the_style_file_loads_in_silence(caplog):
    settings = mpl.rc_params_from_file(ROOT / "winit" / "winit.mplstyle", use_default_template=False)
    assert not caplog.records  # matplotlib logs what it does not understand
    assert settings["text.color"] == settings["axes.labelcolor"] == plotting.INK
    assert settings["figure.facecolor"] == settings["savefig.facecolor"] == "white"
    cycle = settings["axes.prop_cycle"].by_key()["color"]
    assert all(np.ptp(mpl.colors.to_rgb(color)) < 0.06 for color in cycle), "only what has a meaning has a colour"


def test_import_changes_nothing_and_takes_no_pyplot(tmp_path):
    code = """
import sys, matplotlib
matplotlib.use("agg")  # reading the setting "backend" would import pyplot to find one
before = dict(matplotlib.rcParams)
from winit import plotting
assert dict(matplotlib.rcParams) == before
plotting.use_style()
assert dict(matplotlib.rcParams) != before
from matplotlib.figure import Figure
ax = plotting.plot_measured(Figure().subplots(), [1, 2], [[1, 2], [1, 3]], theory=[1, 2], label="x")
plotting.label_lines(ax).figure.savefig(sys.argv[1])
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code, tmp_path / "x.png"], check=True, cwd=ROOT)
