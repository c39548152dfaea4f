"""Explorers that the page computes and draws: Python's numbers, sliders without stops, the words of the edition.

Python's side is the cell of the chapter itself: its `compute` and `numbers`, run as they stand there.
"""

import itertools
import json
import re
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
from test_accessibility import SETTLED
from the_site import EDITIONS, either
from winit_book.content.explorers import script
from winit_book.content.page_form import LIVE
from winit_book.paths import ROOT

import winit

PLACES = {
    "fans": ("02_fan_in_fan_out", "fig-connections"),
    "compromise": ("03_xavier", "fig-two-conditions"),
    "relu_depth": ("04_he", "fig-relu-depth"),
    "maps": ("09_signals_in_depth", "fig-maps"),
    "residual": ("10_residual_and_width", "fig-residual"),
}
# Runs what the explorer's module computes, with words that stay as they are in the catalogue.
COMPUTE = """([name, choices]) => {
    const { compute, numbers } = window.winitLive[name]((word) => word);
    return choices.map((choice) => [compute(choice), numbers(compute(choice))]);
}"""


def test_every_live_explorer_stands_here():
    assert set(PLACES) == set(LIVE)


@cache
def chapter(name):
    """The explorer as its chapter makes it, and all that the chapter's cells up to there define."""
    path = ROOT / "chapters" / "en" / f"{PLACES[name][0]}.ipynb"
    names = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            source = cell.source
            last = source.rfind("winit.Explorer(")
            if f'"{name}"' not in source[last:]:
                last = -1
            with mpl.rc_context():  # the style of figures stays as it was
                exec(source if last < 0 else f"{source[:last]}explorer = {source[last:]}", names)
            if last >= 0:
                return names
    raise AssertionError(f"no cell of {path.name} makes the explorer {name!r}")


@pytest.fixture
def opened(visit):
    """`with opened("fans", "ko", "?fans.kernel=4") as (page, figure)`: the page, and the explorer in sight."""

    @contextmanager
    def start(name, edition="en", query="", **options):
        page, figure = PLACES[name]
        with visit(f"{edition}/{page}.html{query}#{figure}", **options) as opened_page:
            found = opened_page.locator(f"#{figure}")
            found.scroll_into_view_if_needed()
            found.locator("svg > *").first.wait_for(state="attached")
            yield opened_page, found

    return start


def computed(opened, name, choices):
    with opened(name) as (page, _):
        return page.evaluate(COMPUTE, [name, choices])


def test_fans_are_those_of_python_and_counted(opened):
    explorer = chapter("fans")["explorer"]
    values = itertools.product(range(1, 6), range(1, 5), range(1, 5), range(1, 5))
    choices = [dict(zip(explorer.controls, each)) for each in values]
    impossible = 0
    for choice, (_, numbers) in zip(choices, computed(opened, "fans", choices), strict=True):
        try:
            expected = explorer.numbers(explorer.compute(**choice))
        except ValueError:
            assert numbers == "groups_must_divide", choice
            impossible += 1
            continue
        assert numbers == {name: str(value) for name, value in expected.items()}, choice
    assert 0 < impossible < len(choices)


FANS = [(400, 100), (100, 400), (25, 25), (25, 800), (137, 61), (800, 800)]


def test_the_compromise_is_that_of_python_and_measured_within_sampling_error(opened):
    explorer = chapter("compromise")["explorer"]
    choices = [{"fan_in": fan_in, "fan_out": fan_out} for fan_in, fan_out in FANS]
    for choice, (record, numbers) in zip(choices, computed(opened, "compromise", choices), strict=True):
        expected = explorer.numbers(explorer.compute(**choice))
        assert numbers.keys() == expected.keys()
        theory = [name for name, value in expected.items() if not isinstance(value, str)]
        assert [numbers[name] for name in theory] == pytest.approx([expected[name] for name in theory], rel=1e-12)
        # z_j² has the relative variance 2; columns share x and rows share W, so the mean has about
        # 2 (1 / (samples × fan_in) + 1 / (fan_in × fan_out) + 1 / (samples × fan_out))
        (n_in, n_out), samples = choice.values(), min(200, np.ceil(4e6 / (choice["fan_in"] * choice["fan_out"])))
        error = (2 / (samples * n_in) + 2 / (n_in * n_out) + 2 / (samples * n_out)) ** 0.5
        factors = expected["forward_factor"], expected["backward_factor"]
        assert record["measured"] == pytest.approx(factors, rel=5 * error)
        assert record["measured"] != pytest.approx(factors, rel=1e-6), "a measurement is no theory"


def test_depth_is_that_of_python_in_theory_and_measured_within_sampling_error(opened):
    names = chapter("relu_depth")
    explorer = names["explorer"]
    activations, initializers = explorer.controls["activation"], explorer.controls["initializer"]
    values = itertools.product(activations, (5, 13, 30), initializers)
    choices = [dict(zip(("activation", "depth", "initializer"), each)) for each in values]
    width = int(re.search(r"WIDTH = (\d+)", script("relu_depth"))[1])
    for choice, (record, numbers) in zip(choices, computed(opened, "relu_depth", choices), strict=True):
        measured, theory = explorer.compute(**choice)
        for mine, theirs in zip(record["theory"], theory, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4)
        assert numbers.keys() == explorer.numbers((measured, theory)).keys()
        # ln E[z²] moves in every layer by a step of variance at most (E[f⁴]/E[f²]² − 1 + 2)/width: 7/width for ReLU
        error = 0.5 * (7 * np.arange(choice["depth"]) / width) ** 0.5
        forward, backward = (np.log(mine) - np.log(line) for mine, line in zip(record["measured"], theory, strict=True))
        assert (np.abs(forward) <= 5 * error + 0.05).all(), choice
        assert (np.abs(backward[::-1]) <= 5 * error + 0.05).all(), choice
        assert np.abs(forward[1:]).max() > 1e-4, "a measurement is no theory"


def test_lengths_and_correlations_are_those_of_python(opened):
    explorer = chapter("maps")["explorer"]
    values = [*itertools.product((0.5, 0.97, 1, 1.3, 3), (0, 0.03, 0.2, 1)), (1.304, 0.2), (1.031, 0)]
    choices = [dict(zip(explorer.controls, each)) for each in values]
    for choice, (record, numbers) in zip(choices, computed(opened, "maps", choices), strict=True):
        _, lengths, correlations, expected = explorer.compute(**choice)
        np.testing.assert_allclose(record["lengths"], lengths, rtol=1e-5)
        np.testing.assert_allclose(record["correlations"], correlations, atol=1e-4)
        assert numbers.keys() == expected.keys()
        for name, value in expected.items():
            assert numbers[name] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-3)), choice


def test_blocks_are_those_of_python_in_theory_and_measured_within_sampling_error(opened):
    explorer = chapter("residual")["explorer"]
    values = itertools.product((4, 21, 64), (0, 0.2, 1), explorer.controls["activation"])
    choices = [dict(zip(explorer.controls, each)) for each in values]
    width = int(re.search(r"WIDTH = (\d+)", script("residual"))[1])
    for choice, (record, numbers) in zip(choices, computed(opened, "residual", choices), strict=True):
        expected = explorer.compute(**choice)
        for mine, theirs in zip(record["theory"], expected[2:], strict=True):
            np.testing.assert_allclose(np.array(mine, float), theirs, rtol=1e-4)
        assert numbers.keys() == explorer.numbers(expected).keys()
        # at the scale 1 ln E[x²] moves by a step of variance (7 + 4)/4/width: |F|² has 7/width and 2 x·F has 4/width
        error = (3 * np.arange(choice["blocks"] + 1) / width) ** 0.5
        for mine, line in zip(record["measured"], record["theory"], strict=True):
            off = np.abs(np.log(np.array(mine, float) / np.array(line, float)))
            assert (off <= 5 * error + 0.1).all(), choice
            assert choice["scale"] == 0 or off.max() > 1e-4, "a measurement is no theory"


@pytest.mark.parametrize("name", ["relu_depth", "residual"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_caption_says_the_width_that_the_page_measures_at(edition, name):
    (page, figure), width = PLACES[name], re.search(r"WIDTH = (\d+)", script(name))[1]
    cells = nbformat.read(ROOT / "chapters" / edition / f"{page}.ipynb", as_version=4).cells
    (caption,) = (cell.source for cell in cells if f"figure: {figure} " in cell.source)
    assert width in caption.replace(",", "")


def values_on_the_way(figure, name, keys):
    """The values a slider takes while these keys are pressed."""
    slider, found = figure.locator(f"[name={name}]"), []
    for key in keys:
        slider.press(key)
        found.append(slider.get_attribute("aria-valuetext"))
    return found


DRAG = """(slider) => [...Array(201).keys()].map((k) => { // as a hand on the slider does
    slider.value = k / 200;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const picture = slider.closest("figure").querySelector("svg[aria-label]");
    return [slider.getAttribute("aria-valuetext"), picture.innerHTML];
})"""


@pytest.mark.parametrize("base", either("file", "root"))
def test_a_slider_takes_every_whole_number_and_the_picture_follows(opened, base):
    with opened("compromise", base=base) as (_, figure):
        keys = ["ArrowRight", "ArrowRight", "ArrowDown", "PageUp", "Home", "ArrowLeft", "ArrowRight", "End", "ArrowUp"]
        taken = values_on_the_way(figure, "fan_in", keys)
        assert taken == ["401", "402", "401", "567", "25", "25", "26", "800", "800"]
        moved = figure.locator("[name=fan_out]").evaluate(DRAG)
        seen, pictures = ({*column} for column in zip(*((int(value), picture) for value, picture in moved)))
        assert len(seen) > 170 and min(seen) == 25 and max(seen) == 800
        assert len(pictures) == len(seen)
        assert set(range(25, 60)) <= seen, "no stop is left out where whole numbers are far apart"
        alt = figure.locator("svg[aria-label]").get_attribute("aria-label")
        assert alt.endswith("(fan-in 800, fan-out 800)") and len(alt) > 60
        assert figure.locator("svg[aria-label]").get_attribute("role") == "img"
    with opened("relu_depth", base=base) as (_, figure):
        taken = values_on_the_way(figure, "depth", ["Home", *["ArrowRight"] * 25])
        assert taken == [str(depth) for depth in range(5, 31)]
    with opened("fans", base=base) as (_, figure):
        assert values_on_the_way(figure, "kernel", ["Home", *["ArrowRight"] * 4]) == ["1", "2", "3", "4", "5"]
        assert figure.locator("output b").all_inner_texts() == ["10", "20", "10, 20"]
        assert figure.locator(".connection").evaluate_all(
            "all => all.map(p => p.getAttribute('d').match(/M/g).length)"
        ) == [
            10,
            20,
        ]


def state(figure):
    """What it shows: its picture, alternative text, numbers and values."""
    svg = figure.locator("svg[aria-label]")
    values = figure.locator("input").evaluate_all("all => all.map(i => i.ariaValueText)")
    return svg.inner_html(), svg.get_attribute("aria-label"), figure.locator("output").inner_text(), values


@pytest.mark.parametrize(
    "name, query", [("compromise", "compromise.fan_in=137"), ("relu_depth", "relu_depth.depth=17")]
)
@pytest.mark.parametrize("base", either("file", "root"))
def test_the_address_survives_a_reload_and_the_switch_of_language(opened, name, query, base):
    with opened(name, query=f"?{query}&{name}.nonsense=1", base=base) as (page, figure):
        asked = query.partition("=")[2]
        assert asked in state(figure)[3]
        figure.locator("input").first.press("ArrowLeft")
        address, before = urlsplit(page.url), state(figure)
        assert f"={int(asked) - 1}" in address.query and address.fragment == PLACES[name][1]
        page.reload()
        figure.locator("svg > *").first.wait_for(state="attached")
        assert state(figure) == before
        with page.expect_navigation():
            page.click("a.language-switch")
        assert urlsplit(page.url).query == address.query
        figure.locator("svg > *").first.wait_for(state="attached")
        assert state(figure)[3] == before[3]
        assert re.findall(r"<b>(.*?)</b>", figure.locator("output").inner_html())


@pytest.mark.parametrize("value", ["24", "801", "137.5", "", "wide", "Infinity"])
def test_an_address_out_of_range_changes_nothing(opened, value):
    with opened("compromise", query=f"?compromise.fan_in={value}") as (_, figure):
        assert state(figure)[3] == ["400", "100"]


def test_a_phrase_moves_it(opened):
    with opened("fans") as (page, figure):
        before = state(figure)
        phrase = page.locator('a.move[href*="fans.kernel=5"]').first
        phrase.click()
        assert state(figure)[3][0] == "5" and state(figure)[0] != before[0]
        assert "fans.kernel=5" in page.url
        page.evaluate(
            """() => document.getElementById("fig-connections").dispatchEvent(
                new CustomEvent("move", { detail: new URLSearchParams("fans.kernel=4") }))"""
        )
        assert state(figure)[3][0] == "4", "between the stops of the notebook, too"


def test_impossible_choices_say_why(opened):
    with opened("fans", query="?fans.groups=3") as (_, figure):
        assert figure.locator("output").inner_text().startswith("The number of groups must divide")
        assert not figure.locator(".count").count() and figure.locator(".unit").count() > 20
        figure.locator("[name=groups]").press("Home")
        assert figure.locator("output b").count() == 3


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_index_stands_below_the_line(opened, edition):
    with opened("maps", edition) as (_, figure):
        assert figure.locator("label sub").all_inner_texts() == ["w", "b"]
        assert sorted(figure.locator("svg tspan").all_text_contents()) == ["b", "w"]
        assert "_" not in figure.locator("fieldset").inner_text()


# Every word lies within the picture, large enough to be read, and every picture within the page.
WORDS = """(figure) => {
    const svg = figure.querySelector("svg"), frame = svg.getBoundingClientRect(), troubles = [];
    if (frame.right > innerWidth + 1 || frame.width < 200) troubles.push("picture");
    if (document.documentElement.scrollWidth > innerWidth) troubles.push("page");
    for (const text of svg.querySelectorAll("text")) {
        const box = text.getBoundingClientRect(), size = parseFloat(getComputedStyle(text).fontSize);
        const across = box.left >= frame.left - 1 && box.right <= frame.right + 1;
        const inside = across && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
        if (!inside) troubles.push(`${text.textContent} sticks out`);
        if (size < 11) troubles.push(`${text.textContent} is too small`);
    }
    return troubles;
}"""
STATES = {
    "fans": ["", "kernel=5&inputs=4&outputs=4", "kernel=1&inputs=1&outputs=1", "kernel=2&inputs=4&groups=4"],
    "compromise": [
        "",
        "fan_in=25&fan_out=25",
        "fan_in=25&fan_out=800",
        "fan_in=800&fan_out=25",
        "fan_in=800&fan_out=800",
    ],
    "relu_depth": [
        "",
        "depth=5&initializer=torch_linear_default",
        "initializer=torch_linear_default",
        "activation=linear&initializer=he_normal",
        "initializer=he_normal&depth=14",
    ],
    "maps": ["", "sigma_w=0.5&sigma_b=0", "sigma_w=3&sigma_b=1", "sigma_w=0.5&sigma_b=1", "sigma_w=3&sigma_b=0"],
    "residual": ["", "blocks=64", "blocks=64&scale=0.125", "blocks=4&scale=0", "blocks=64&activation=tanh"],
}


NAMES = r"Xavier|RMS|Var\[W\]|σ[wb]|[xzδ]|10[⁻⁰-⁹]+|\d+|\W"
VIEWS = {"en": [(1280, "dark"), (390, "light")], "ko": [(390, "dark"), (320, "light")]}
SLIDERS = {"fans": "kernel", "compromise": "fan_in", "relu_depth": "depth", "maps": "sigma_w", "residual": "blocks"}


def is_korean(figure):
    """Whether the words of a picture and its description are."""
    words = figure.locator("svg text").all_text_contents()
    rest = [re.sub(NAMES, "", word) for word in words]
    said = figure.locator("svg[aria-label]").get_attribute("aria-label")
    found = any(re.search("[가-힣]", word) for word in words) and re.search("[가-힣]", said)
    return found and not [word for word in rest if re.search("[A-Za-z_]", word)]


@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_sticks_out_words_are_of_the_edition_and_it_answers_within_a_few_frames(opened, name, edition):
    with opened(name, edition, width=VIEWS[edition][0][0]) as (page, figure):
        for width, theme in VIEWS[edition]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLED)
            for choice in STATES[name]:
                page.evaluate(
                    "([id, query]) => document.getElementById(id).dispatchEvent("
                    "new CustomEvent('move', { detail: new URLSearchParams(query) }))",
                    [PLACES[name][1], "&".join(f"{name}.{setting}" for setting in choice.split("&"))],
                )
                assert not figure.evaluate(WORDS), choice
                assert edition != "ko" or is_korean(figure), choice
        times = figure.locator(f"[name={SLIDERS[name]}]").evaluate(
            """(slider) => [...Array(20).keys()].map((k) => {
                slider.value = +slider.min + (slider.max - slider.min) * k / 19;
                const start = performance.now();
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                return performance.now() - start;
            })"""
        )
        assert np.median(times) < 100, json.dumps(times)  # 5 to 30 ms on an idle machine


def test_the_page_loads_no_pictures_but_the_first(site):
    for name, (page, figure) in PLACES.items():
        for edition in EDITIONS:
            html = (site / edition / f"{page}.html").read_text("utf8")
            inside = html[html.index(f'id="{figure}"') :].partition("</figure>")[0]
            assert inside.count("base64,") == 1 and len(inside) < 25_000, name


def test_colours_are_the_hues_of_the_book():
    import colorsys

    def hue(color):
        return 360 * colorsys.rgb_to_hls(*mpl.colors.to_rgb(color))[0]

    css = (ROOT / "book" / "styles" / "colours.css").read_text("utf8")
    book = {
        "forward": winit.plotting.FORWARD,
        "backward": winit.plotting.BACKWARD,
        "glorot": winit.plotting.FAMILIES["glorot"],
    }
    for name, color in book.items():
        found = re.findall(rf"--winit-{name}: (#\w+);", css)
        assert len(found) == 2 and all(abs(hue(each) - hue(color)) < 6 for each in found), name
