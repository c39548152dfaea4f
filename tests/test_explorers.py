"""Explorers: what they refuse, show in a notebook and hand to the page, and pictures exact to the pixel."""

import base64
import io
import itertools
import json
import subprocess
import sys

import explorer_book
import matplotlib
import nbformat
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from tiny_book import code
from winit_book import notebooks
from winit_book.building import execution
from winit_book.building.stored import WIDGET_VIEW
from winit_book.content import page_figure, page_form

import winit
from winit.explorers import Explorer
from winit.frames import COLORS, Frames, png

X = np.linspace(0, 6, 40)


def draw_line(figure):
    ax = figure.add_subplot(xlim=(0, 6), ylim=(-1, 1), title="below the frame")
    (line,) = ax.plot([], [], linewidth=6)

    def update(phase):
        line.set_data(X, 1.2 * np.sin(X + phase))
        return [line]

    return update


def draw_histograms(figure):
    axes = figure.subplots(1, 3, sharey=True)
    bars = []
    for layer, ax in enumerate(axes, 1):
        ax.set(title=f"layer {layer}", ylim=(0, 1))
        bars.append(ax.stairs(np.zeros(20), np.linspace(-1, 1, 21), fill=True, zorder=3))
    figure.suptitle("histograms")

    def update(phase):
        for layer, bar in enumerate(bars):
            bar.set_data(np.sin(np.arange(20) + layer + phase) ** 2)
        return bars

    return update


def draw_map_and_words(figure):
    left, right = figure.subplots(1, 2)
    image = left.imshow(np.zeros((8, 8)), vmin=-1, vmax=1)
    right.axis("off")
    right.axhline(0.5, zorder=5)
    word, number = right.text(0.2, 0.5, "", zorder=4), figure.text(0.5, 0.02, "")

    def update(phase):
        image.set_data(np.sin(np.arange(64).reshape(8, 8) + phase))
        word.set_text(f"word {phase}")
        number.set_text(f"{phase:.3f}")
        return [image, word, number]

    return update


def draw_whole_axes(figure):
    ax = figure.add_subplot()

    def update(phase):
        ax.clear()
        ax.plot(X, np.exp(phase) * X, "o-")
        ax.set(yscale="log", ylim=(0.01, 10 * np.exp(phase)))
        return [ax]

    return update


@pytest.mark.parametrize(
    "draw, layout",
    [
        *itertools.product([draw_line, draw_histograms, draw_map_and_words], [None, "constrained"]),
        (draw_whole_axes, None),  # the layout is settled once: here it would follow the labels
    ],
)
def test_every_frame_equals_a_new_figure(draw, layout):
    def set_up(figure):
        figure.set_layout_engine(layout)
        return draw(figure)

    frames = Frames(set_up, (4, 2), 0.0)
    seen = set()
    for phase in (0.0, 2.0, 1.0, 2.0, 0.0):
        figure = Figure((4, 2))
        canvas = FigureCanvasAgg(figure)
        set_up(figure)(phase)
        canvas.draw()
        picture = frames.picture(phase)
        np.testing.assert_array_equal(picture, np.asarray(canvas.buffer_rgba()))
        seen.add(picture.tobytes())
    assert len(seen) == 3


def test_what_stands_still_is_drawn_once_and_stands_alone():
    frames = Frames(draw_histograms, (4, 2), 0.0)
    drawn = [artist for artist in frames.overlay if artist not in frames.moving]
    assert not drawn, "titles are slow to draw, and nothing lies over these bars"
    figure = Figure((4, 2))
    canvas = FigureCanvasAgg(figure)
    for bar in draw_histograms(figure)(0.0):
        bar.set_visible(False)
    canvas.draw()
    frames.picture(1.0)
    np.testing.assert_array_equal(frames.empty(), np.asarray(canvas.buffer_rgba()))


@pytest.mark.parametrize("draw", [draw_line, draw_histograms, draw_map_and_words])
def test_png_keeps_the_picture_but_for_its_shades(draw):
    pixels = Frames(draw, (6, 3), 0.0).picture(1.0)
    image = Image.open(io.BytesIO(png(pixels)))
    assert image.size == (600, 300)
    assert len(image.getcolors()) <= COLORS
    kept = np.asarray(image.convert("RGB")).astype(int)
    paper = (pixels[..., :3] == 255).all(axis=-1)
    assert paper.mean() > 0.2 and (kept[paper] == 255).all(), "paper stays white, or frames would flicker"
    assert np.abs(kept - pixels[..., :3]).max() <= 36  # 8 levels of blue are 36 apart


CONTROLS = {"scale": [1, 2, 3], "activation": ["tanh", "relu"], "form": ["round", "square"], "noisy": [False, True]}


def compute(scale, activation, form, noisy):
    if form == "square" and scale == 3:
        raise ValueError("no square of scale 3")
    return scale * winit.ACTIVATIONS[activation].f(1.0 + noisy)


def numbers(record):
    return {"level": record, "E[h²]": record**2, "kind": "high" if record > 2 else "low", "tanh": "he_normal"}


def explorer(**changes):
    options = dict(controls=CONTROLS, compute=compute, draw=draw_line, numbers=numbers, size=(2, 1)) | changes
    return Explorer(options.pop("name", "waves"), **options)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"name": "Waves 1"}, "'Waves 1' is no name: use small letters, digits and underscores"),
        ({"controls": {"a-b": [1, 2]}}, "'a-b' is no name"),
        ({"controls": {"scale": []}}, r"waves: the values of 'scale' must be different ones, got \[\]"),
        ({"controls": {"scale": [0.1, 0.1001]}}, "waves: the values of 'scale' must be different ones"),
        ({"start": {"scale": 4}}, "waves: start scale=4 is no choice of"),
        ({"start": {"gain": 1}}, "waves: start gain=1 is no choice of"),
        ({"controls": {"scale": range(11), "gain": range(10)}}, "waves: 110 choices; a page holds at most 100"),
    ],
)
def test_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        explorer(**changes)


def test_text_is_rounded_and_names_the_first_choice():
    assert repr(explorer(start={"scale": 2, "noisy": True})) == (
        "waves: scale=2 activation=tanh form=round noisy=with → level 1.93 · E[h²] 3.72 · kind low · tanh he_normal"
    )


def test_a_notebook_gets_a_widget_a_picture_and_a_text():
    bundle = explorer()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png", WIDGET_VIEW}
    assert bundle["text/plain"] == repr(explorer())
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_the_widget_recomputes_and_keeps_out_of_pyplot():
    *controls, picture, line = explorer().widget().children
    assert [type(control).__name__ for control in controls] == ["SelectionSlider", "Dropdown", "Dropdown", "Dropdown"]
    first = picture.value
    controls[0].value = 3
    assert picture.value != first
    assert line.value.startswith("level 2.28 ·")
    controls[2].value = "square"
    assert line.value == "no square of scale 3"
    import matplotlib.pyplot as plt

    assert not plt.get_fignums()


def test_the_page_gets_every_state_as_data():
    bundle = page_form.bundle(explorer(start={"scale": 2}))
    assert set(bundle) == {"text/plain", "text/html"}
    assert "</" not in bundle["text/html"].removesuffix("</script>")
    data = json.loads(bundle["text/html"].partition(">")[2].removesuffix("</script>"))
    assert data["name"] == "waves" and data["start"] == ["2", "tanh", "round", "without"] and data["size"] == [200, 100]
    assert data["controls"]["scale"] == {"values": ["1", "2", "3"], "scale": True}
    assert data["controls"]["noisy"] == {"values": ["without", "with"], "scale": False}

    choices = list(itertools.product(*CONTROLS.values()))
    assert len(data["states"]) == len(choices) == 24
    frames = Frames(draw_line, (2, 1), 0.0)
    assert page_form.lift(frames) == data["lettering"] != ""
    frames.canvas.figure.dpi *= 2
    frames.settle()
    for values, (frame, said) in zip(choices, data["states"]):
        choice = dict(zip(CONTROLS, values))
        if choice["form"] == "square" and choice["scale"] == 3:
            assert said is None
        else:
            record = compute(**choice)
            assert said == {k: v if isinstance(v, str) else f"{v:.3g}" for k, v in numbers(record).items()}
            assert base64.b64decode(data["frames"][frame]) == page_form.webp(frames.picture(record))
    assert len(set(data["frames"])) == len(data["frames"]) == 12, "2 × relu(1) = 1 × relu(2); one is empty"


def test_words_that_stand_still_leave_the_frames_to_become_text():
    frames, before = (Frames(draw_line, (2, 1), 0.0) for _ in range(2))
    assert page_figure.TEXT.findall(page_form.lift(frames)) == ["below the frame"]
    title = before.canvas.figure.axes[0].title.get_window_extent(before.canvas.renderer)
    rows, columns = np.nonzero((frames.picture(1.0) != before.picture(1.0)).any(axis=-1))
    assert rows.size and rows.max() < 100 - title.y0 + 2
    assert title.x0 - 2 < columns.min() and columns.max() < title.x1 + 2

    frames, before = (Frames(draw_map_and_words, (4, 2), 0.0) for _ in range(2))
    assert page_form.lift(frames) == "", "what moves stays in the frames"
    np.testing.assert_array_equal(frames.picture(1.0), before.picture(1.0))


def test_of_a_live_explorer_the_page_gets_the_opening_and_the_ranges(monkeypatch):
    monkeypatch.setattr(page_form, "LIVE", ("waves",))
    controls = {"scale": [1, 2, 3], "width": [10, 100, 1000], "std": [0.5, 2.0], "form": ["round", "square"]}
    waves = explorer(controls=controls, compute=lambda scale, **others: scale, start={"width": 100}, draw=draw_line)
    data = page_form.states(waves)
    assert data["live"] and len(data["states"]) == len(data["frames"]) == 1
    assert data["start"] == ["1", "100", "0.5", "round"]
    assert data["states"][0][1] == {"level": "1", "E[h²]": "1", "kind": "low", "tanh": "he_normal"}
    assert data["controls"] == {
        "scale": {"first": 1, "last": 3, "whole": True, "log": False},
        "width": {"first": 10, "last": 1000, "whole": True, "log": True},
        "std": {"first": 0.5, "last": 2.0, "whole": False, "log": False},
        "form": {"values": ["round", "square"], "scale": False},
    }
    assert {"form", "round", "square", "low", "width"} <= set(data["words"])


def test_only_words_are_to_be_translated():
    spoken = "scale activation form noisy round square without with level kind high low impossible".split()
    assert page_form.states(explorer())["words"] == sorted(spoken)
    possible = explorer(controls={"scale": [1, 2]}, compute=lambda scale: scale, numbers=lambda level: {"level": level})
    assert page_form.states(possible)["words"] == ["level", "scale"]


def test_the_page_is_the_same_every_time():
    assert page_form.states(explorer()) == page_form.states(explorer())


def test_an_error_is_raised_where_it_is_made():
    """IPython shows what a display raises, and goes on."""
    with pytest.raises(ValueError, match="no square of scale 3"):
        explorer(start={"form": "square", "scale": 3})
    with pytest.raises(ZeroDivisionError):
        explorer(numbers=lambda record: 1 / 0)
    later = explorer(compute=lambda scale, **others: {1: 0.0}[scale])
    with pytest.raises(KeyError, match="2"):
        page_form.states(later)


def test_too_heavy_for_a_page(monkeypatch):
    noise = np.random.default_rng(0).random((80, 160))

    def draw_noise(figure):
        image = figure.add_axes((0, 0, 1, 1)).imshow(noise)
        return lambda record: [image]

    with pytest.raises(ValueError, match=r"waves: the frame of \{'scale': 1, .*\} takes \d{5} bytes, over 16000"):
        page_form.states(explorer(draw=draw_noise))
    monkeypatch.setattr(page_form, "PAGE_BYTES", 2000)
    with pytest.raises(ValueError, match=r"waves: 24 states take \d+ bytes, over 2000; offer fewer"):
        page_form.states(explorer())


def test_the_build_names_the_cell_of_an_explorer_that_is_too_heavy(tmp_path, capsys):
    heavy = code(
        'winit.Explorer("heavy", controls={"scale": [1, 2]}, compute=lambda scale: scale, numbers=lambda scale: {},\n'
        "    draw=lambda figure: lambda scale: [figure.figimage(np.random.default_rng(scale).random((300, 600)))])"
    )
    book = explorer_book.write(tmp_path, heavy)
    message = r"chapters/en/01_waves\.ipynb, cell 7 raised ValueError: heavy: the frame of {'scale': 1} takes \d+ bytes"
    with pytest.raises(SystemExit, match=message):
        execution.fill_cache(book, [book / "chapters" / "en" / "01_waves.ipynb"])


@pytest.mark.slow  # nbval in a process of its own
def test_notebooks_in_git_stay_small_and_pass_nbval(tmp_path, capsys):
    book = explorer_book.write(tmp_path)
    notebooks.main([], root=book)
    path = book / "chapters" / "ko" / "01_waves.ipynb"
    (output,) = nbformat.read(path, as_version=4).cells[1].outputs
    assert set(output.data) == {"text/plain", "image/png"}
    assert path.stat().st_size < 30_000
    command = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval", path, "-q", "-p", "no:cacheprovider"]
    environment = {
        "PYTHONPATH": str(book),
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),  # the fonts of the machine are not looked for again
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    result = subprocess.run(
        [*command, "--rootdir", book], cwd=book, env=environment, capture_output=True, text=True, encoding="utf8"
    )
    assert "2 passed" in result.stdout, result.stdout + result.stderr
