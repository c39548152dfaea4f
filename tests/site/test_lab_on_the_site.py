"""The Init Lab under the hand: controls, address, stories, pictures, words, race and copies, in both editions."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from test_accessibility import violations_in_both_themes
from test_language import english
from the_site import EDITIONS, SITE, either
from winit_book.building.editions import read_editions
from winit_book.lab import stories
from winit_book.lab.data import BINS
from winit_book.lab.links import troubles
from winit_book.lab.page import SCRIPTS
from winit_book.paths import ROOT

import winit

WORDS = {edition.language: edition.catalogue["lab"] for edition in read_editions(ROOT)}
SMALL = {
    "depth": "7",
    "width": "24",
    "batch": "16",
    "activation": "tanh",
    "initializer": "glorot_normal",
    "gain": "1.5",
    "distribution": "uniform",
    "bn": "1",
    "seed": "3",
}
BYTES = 250_000  # scripts, styles and data of the lab


def query(state):
    return "?" + "&".join(f"{name}={value}" for name, value in state.items())


def done(page):
    """Wait until every answer to the last change is there."""
    page.wait_for_selector("#lab[data-stage=done]", timeout=60_000)
    return page


def controls(page):
    """The state of the bench as the controls show it."""
    return page.evaluate(
        """() => Object.fromEntries([...document.getElementById("lab-controls").elements].filter(({ name }) => name)
            .map((input) => [input.name, input.type === "checkbox" ? String(+input.checked) : input.value]))"""
    )


def address(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def drawn(page, name):
    """How many dots a mark has."""
    return (page.get_attribute(f"#lab .points path.{name}", "d") or "").count("M")


def more(page):
    """Unfold what is not needed at once."""
    done(page).locator(".lab-more").evaluate("fold => (fold.open = true)")
    return page


def tell(page, name):
    """Choose a story."""
    page.click(f"#lab-stories [data-story={name}]")
    return page


def told(page):
    """The story that is marked as the one in sight."""
    return page.locator("#lab-stories [aria-current]").evaluate_all("links => links.map((link) => link.dataset.story)")


def measured(page, name):
    return page.inner_text(f"#lab-measured-{name}")


@pytest.mark.parametrize("edition, base", either(("ko", "root"), ("en", "file")))
def test_a_link_shows_what_it_says(visit, edition, base):
    with visit(f"{edition}/lab.html{query(SMALL)}", base=base) as page:
        done(page)
        assert controls(page) == SMALL
        assert drawn(page, "z_rms") == drawn(page, "delta_rms") == drawn(page, "weight_grad_rms") == 7
        for name in ("z_rms", "across_sample_std", "delta_rms", "weight_grad_rms"):
            assert page.get_attribute(f"#lab .lines path.{name}", "d").count("L") == 6, name


def test_controls_change_pictures_and_address(visit):
    with visit(f"en/lab.html{query(SMALL)}") as page:
        more(page)
        for name, value in {"depth": "9", "width": "30", "batch": "20", "gain": "0.5"}.items():
            before = done(page).get_attribute("#lab path.dot.z_rms", "d")
            page.locator(f"#lab-{name}").fill(value)  # as a drag ends: input, then change
            done(page)
            assert page.get_attribute("#lab path.dot.z_rms", "d") != before, name
        for name, value in {"activation": "relu", "initializer": "he_uniform", "distribution": "normal"}.items():
            page.select_option(f"#lab-{name}", value)
        page.uncheck("#lab-bn")
        page.fill("#lab-seed", "8")
        done(page)
        wanted = {"depth": "9", "width": "30", "batch": "20", "gain": "0.5", "activation": "relu", "bn": "0"}
        wanted |= {"initializer": "he_uniform", "distribution": "normal", "seed": "8"}
        page.wait_for_function("location.search.includes('seed=8')")
        assert address(page) == controls(page) == wanted
        assert drawn(page, "z_rms") == 9


def test_the_initializer_brings_its_distribution(visit):
    with visit("en/lab.html?initializer=torch_linear_default&depth=3&width=8") as page:
        more(page)
        assert controls(page)["distribution"] == "uniform"
        for name, row in winit.INITIALIZERS.items():
            page.select_option("#lab-initializer", name)
            assert page.input_value("#lab-distribution") == getattr(row, "distribution", "normal")
            fixed = isinstance(row, (winit.Constant, winit.Orthogonal))
            assert page.is_disabled("#lab-distribution") == fixed
            assert page.inner_text("#lab-distribution-why") == (WORDS["en"]["no_distribution"] if fixed else "")
        offered = page.locator("#lab-activation option")
        assert offered.evaluate_all("all => all.map(option => option.value)") == list(winit.ACTIVATIONS)


@pytest.mark.parametrize(
    "wrong",
    ["depth=0", "depth=x", "depth=", "width=1e9", "activation=nope", "gain=-3", "bn=maybe", "seed=-1", "preset=nope"],
)
def test_an_address_that_makes_no_sense(lab_page, wrong):
    """What is out of range is brought into it, what is no value at all is left out."""
    found = lab_page(f"?width=8&batch=4&depth=2&{wrong}" if "preset" not in wrong else f"?{wrong}&depth=2&width=8")
    for name, (least, most, _) in stories.RANGES.items():
        assert least <= float(found[name]) <= most
    assert found["activation"] == "relu" and found["bn"] == "0"


@pytest.fixture
def lab_page(tour):
    with tour() as go:
        yield lambda search: controls(done(go(f"en/lab.html{search}")))


def test_stories(visit):
    """Every story is told by its address, tells something, and comes out as `winit` has it."""
    with visit("ko/lab.html?depth=2&width=8") as page:
        done(page)
        assert told(page) == []
        for name, (_, changes) in stories.STORIES.items():
            assert told(tell(page, name)) == [name]
            shown = stories.complete(changes)
            shown.pop("race", None)
            assert controls(page) == {key: str(value) for key, value in shown.items()}
            assert page.inner_text("#lab-told").startswith(WORDS["ko"]["stories"][name]["text"].replace("_", ""))
        page.goto(f"{page.url.partition('?')[0]}?preset=a1")
        done(page)
        assert told(page) == ["a1"]
        page.fill("#lab-gain", "2")
        assert told(page) == [] and page.inner_text("#lab-told") == WORDS["ko"]["own_text"]


def verdicts(page):
    """The kinds of what is said, forward and backward."""
    page.wait_for_function("document.querySelectorAll('#lab-verdict span').length === 2")
    page.wait_for_timeout(300)
    found = []
    for said, words in zip(page.locator("#lab-verdict span").all_inner_texts(), ("up", "down"), strict=True):
        patterns = {
            kind: re.escape(text).replace(r"\{layer\}", r"(?P<layer>\d+)") for kind, text in WORDS["en"][words].items()
        }
        patterns = {kind: pattern.replace(r"\{size\}", r"\S+") for kind, pattern in patterns.items()}
        matches = {kind: re.fullmatch(pattern, said) for kind, pattern in patterns.items()}
        ((kind, match),) = [(kind, match) for kind, match in matches.items() if match]
        found.append((kind, int(match["layer"]) if "layer" in match.groupdict() else None))
    return found


def test_the_verdict_is_true(visit):
    """The layer in which a signal is lost, in words, is the one `winit` finds, give or take the draw."""
    with visit("en/lab.html?depth=2&width=8") as page:
        for name, kinds in {
            "b10": ("lost", "lost"),
            "a3": ("lost", "lives"),
            "zeros": ("zero", "zero"),
            "chaos": ("lives", "explodes"),
            "fan": ("explodes", "explodes"),
        }.items():
            done(page)
            tell(page, name)
            (up, first), (down, last) = verdicts(done(page))
            assert (up, down) == kinds, name
            state = stories.complete(stories.STORIES[name][1])
            run = winit.propagate(
                [state["width"]] * (state["depth"] + 1),
                activation=state["activation"],
                initializer=state["initializer"] if state["gain"] == 1 else winit.VarianceScaling(state["gain"] ** 2),
                batch=state["batch"],
                rng=np.random.default_rng(0),
            )
            layers, delta = np.arange(1, state["depth"] + 1), run.delta_rms / run.delta_rms[-1]
            gone = {"lost": run.across_sample_std < 1e-3, "explodes": run.z_rms > 1e3}.get(up)
            assert gone is None or abs(first - layers[gone][0]) <= 1, name
            gone = {"lost": delta < 1e-3, "explodes": delta > 1e3}.get(down)
            assert gone is None or abs(last - layers[gone][-1]) <= 1, name


def test_a_layer_of_ones_choice(visit):
    with visit("en/lab.html?depth=20&width=32&batch=32&activation=tanh&initializer=standard_normal") as page:
        done(page)
        figures = page.locator("#lab-histograms figure")
        before = measured(page, "z_rms"), page.get_attribute("#lab-forward .cursor", "d")
        page.focus("#lab-layer")
        page.keyboard.press("End")
        page.wait_for_function("document.querySelector('#lab-histograms .chosen').textContent.startsWith('Layer 20')")
        assert (measured(page, "z_rms"), page.get_attribute("#lab-forward .cursor", "d")) != before
        assert measured(page, "saturated").endswith("%") and figures.count() == 5
        page.locator("#lab-forward").click(position={"x": 60, "y": 60})
        assert page.input_value("#lab-layer") in ("1", "2")
        page.wait_for_function("document.querySelector('#lab-histograms .chosen figcaption').textContent < 'Layer 3'")
        bars = page.get_attribute("#lab-histograms .bars >> nth=0", "d")
        assert bars.count("V") == BINS + 1


def test_by_keyboard_alone(visit):
    """Every control of the lab is reached by the tabulator and moved by the arrows."""
    with visit("ko/lab.html?depth=5&width=16&batch=8") as page:
        more(page)
        page.focus("#lab-depth")
        reached = ["lab-depth"]
        while reached[-1] != "lab-race-python" and len(reached) < 80:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
        wanted = "depth gain activation initializer distribution width batch seed redraw bn link python reset layer"
        wanted = [f"lab-{name}" for name in f"{wanted} hidden units rate go step again".split()]
        assert [name for name in reached if name in wanted] == wanted
        assert reached.count("remove") == 4
        page.focus("#lab-gain")
        page.keyboard.press("ArrowRight")
        assert page.input_value("#lab-gain") == "1.01" and page.get_attribute("#lab-gain", "aria-valuetext") == "×1.01"


def taken(page):
    return min(map(int, re.findall(r"\d+", page.inner_text("#lab-taken"))))


@pytest.mark.parametrize("edition, base", either(("en", "root"), ("ko", "file")))
def test_the_race(visit, edition, base):
    with visit(f"{edition}/lab.html?depth=2&width=8&race=1-32-0.1*relu-he_normal*tanh-zeros", base=base) as page:
        done(page)
        page.wait_for_function("document.querySelector('.lab-standing').textContent")
        assert page.locator(".lab-lane").count() == 2 and taken(page) == 0
        page.click("#lab-step")
        page.wait_for_function("/(^|\\D)1\\D/.test(document.getElementById('lab-taken').textContent)")
        page.click("#lab-go")
        page.wait_for_function(
            "Math.min(...document.getElementById('lab-taken').textContent.match(/\\d+/g)) >= 150", timeout=60_000
        )
        page.click("#lab-go")
        page.click("#lab-step")  # after the steps that are on their way, ten at a time
        page.wait_for_function("/2\\D/.test(document.getElementById('lab-taken').textContent)")
        first, second = (
            float(re.search(r"([\d.]+)%", text)[1]) for text in page.locator(".lab-standing").all_inner_texts()
        )
        assert first > 80 and second < 20
        assert page.get_attribute("#lab-loss .lane-A", "d").count("L") >= 10
        assert page.inner_text("#lab-standing").startswith("A: ")
        page.click("#lab-again")
        page.wait_for_function("/(^|\\D)0\\D/.test(document.getElementById('lab-taken').textContent)")


def test_a_step_is_not_lost_while_the_race_lines_up(visit):
    with visit("en/lab.html?depth=2&width=8") as page:
        done(page).evaluate(
            "for (const name of ['again', 'step', 'step']) document.getElementById(`lab-${name}`).click()"
        )
        page.wait_for_function("/(^|\\D)2\\D/.test(document.getElementById('lab-taken').textContent)")


def test_lanes_travel_with_the_address(visit):
    with visit("en/lab.html?depth=3&width=8&activation=gelu&gain=1.5") as page:
        done(page)
        page.click(".lab-lane >> nth=3 >> button")
        page.click("#lab-add")
        assert page.is_disabled("#lab-add") and WORDS["en"]["race_full"] in page.inner_text("#lab-race-why")
        page.locator(".lab-lane").nth(0).locator("[name=activation]").select_option("tanh")
        page.locator(".lab-lane").nth(1).locator("[name=bn]").check()
        page.fill("#lab-hidden", "4")
        page.select_option("#lab-rate", "0.01")
        page.wait_for_function("location.search.includes('race=4-64-0.01')")
        lanes = address(page)["race"].split("*")
        assert lanes[0] == "4-64-0.01"
        assert lanes[1] == "tanh-he_normal-1-normal-0-0" and lanes[2] == "relu-torch_linear_default-1-uniform-1-0"
        assert lanes[4] == "gelu-he_normal-1.5-normal-0-0"
        page.reload()
        done(page)
        shown = page.locator(".lab-lane select").evaluate_all("menus => menus.map((menu) => menu.value)")
        assert shown[:4] == ["tanh", "he_normal", "relu", "torch_linear_default"] and shown[6] == "gelu"
        assert page.is_disabled("#lab-add") and page.input_value("#lab-rate") == "0.01"


DEFAULTS = stories.DEFAULTS | {"depth": 4, "width": 50, "batch": 16}
STATES = [
    {},
    {"activation": "tanh", "initializer": "glorot_normal", "gain": 1.5},
    {"initializer": "he_normal", "distribution": "uniform", "bn": 1},
    {"initializer": "standard_normal", "distribution": "uniform", "gain": 0.5},
    {"initializer": "standard_normal", "distribution": "truncated_normal"},
    {"initializer": "small_normal", "gain": 3},
    {"initializer": "zeros"},
    {"initializer": "zeros", "gain": 2},
    {"initializer": "orthogonal", "gain": 1.1, "activation": "linear"},
    {"initializer": "torch_linear_default", "gain": 2, "seed": 4},
]


def test_copied_python_runs_and_means_the_same(visit, monkeypatch):
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    monkeypatch.setattr(plt, "show", lambda: None)
    seen = {}

    def propagate(widths, **options):
        seen.update(options, widths=widths)
        return real(widths, **options)

    real = winit.propagate
    monkeypatch.setattr(winit, "propagate", propagate)
    with visit("en/lab.html?depth=4&width=50&batch=16") as page:
        shown = done(page).locator("#lab-bench-code").text_content()
        for changes in STATES:
            state = {
                **DEFAULTS,
                "distribution": stories.distribution_of(changes.get("initializer", "he_normal")),
                **changes,
            }
            code, std = page.evaluate(
                """(state) => [
                    labPython(labData).bench(state),
                    labNumerics(labData).scale(state.initializer, state.gain, state.width, state.width),
                ]""",
                state,
            )
            exec(code, {})
            plt.close("all")
            assert seen["widths"] == [50] * 5 and seen["batch"] == 16 and seen["activation"] == state["activation"]
            assert seen["batch_norm"] is bool(state["bn"])
            init = seen["initializer"]
            init = winit.INITIALIZERS[init] if isinstance(init, str) else init
            assert getattr(init, "distribution", "normal") == state["distribution"]
            assert init.std((50, 50)) == pytest.approx(std, rel=1e-12)
            assert changes or code == shown


def test_copied_python_of_a_race(visit, monkeypatch):
    called = {}

    def train(specs, data, **options):
        called.update(options, specs=list(specs))
        return real(called["specs"], data, **options | {"steps": 2})

    real = winit.train
    monkeypatch.setattr(winit, "train", train)
    lanes = "relu-he_normal*tanh-glorot_normal-1.5-uniform-1-2*gelu-standard_normal-0.5-uniform*relu-zeros"
    with visit(f"en/lab.html?depth=2&width=8&race=2-50-0.3*{lanes}") as page:
        exec(done(page).locator("#lab-race-code").text_content(), {})
        assert called["learning_rate"] == 0.3 and called["steps"] == 1000 and called["batch"] == 64
        relu, tanh, gelu, zeros = called["specs"]
        assert relu == winit.Spec((64, 50, 50, 10), "relu", "he_normal")
        assert tanh.batch_norm and tanh.seed == 2 and tanh.initializer == winit.VarianceScaling(2.25, "avg", "uniform")
        assert [init.std((n, 5)) for init, n in zip(gelu.initializer, (64, 50, 50))] == pytest.approx([0.5] * 3)
        assert zeros.initializer == winit.INITIALIZERS["zeros"]


def test_copies(tour):
    with tour(permissions=["clipboard-read", "clipboard-write"]) as go:
        page = done(go("ko/lab.html?depth=3&width=8"))
        more(page)
        for button, text in (("link", "depth=3"), ("python", "winit.propagate("), ("race-python", "winit.train(")):
            page.click(f"#lab-{button}")
            page.wait_for_function(f"document.getElementById('lab-{button}').textContent === '복사했습니다'")
            assert text in page.evaluate("navigator.clipboard.readText()")
        tell(page, "a3")
        page.click("#lab-link")
        page.wait_for_function(
            "async () => (await navigator.clipboard.readText()).endsWith('/ko/lab.html?preset=a3')", polling=100
        )


@pytest.mark.parametrize("width", [1280, 390])
def test_accessible_in_both_themes_while_it_runs(visit, width):
    with visit("ko/lab.html?depth=5&width=16&batch=8", width=width, reduced_motion="reduce") as page:
        done(page)
        page.click("#lab-step")
        page.wait_for_function("/(^|\\D)1\\D/.test(document.getElementById('lab-taken').textContent)")
        assert not violations_in_both_themes(page)
        assert not english(page.content())
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_lab_opens_on_a_network_that_dies(visit):
    """With no state in the address; the gain that the sentence asks for brings it to life."""
    with visit("en/lab.html") as page:
        assert [kind for kind, _ in verdicts(done(page))] == ["lost", "lost"]
        assert told(page) == [stories.OPENING] and "Drag the gain until it lives" in page.inner_text("#lab-told")
        assert not page.evaluate("location.search")
        page.fill("#lab-gain", "2.45")
        assert [kind for kind, _ in verdicts(done(page))] == ["lives", "lives"]
        assert "Drag the gain until it lives" in page.inner_text("#lab-told")


def test_three_controls_are_in_sight_and_the_rest_is_folded(visit):
    with visit("ko/lab.html?depth=2&width=8", height=800) as page:
        seen = (
            done(page)
            .locator("#lab-controls")
            .evaluate(
                """form => [...form.elements].filter((input) => input.name && input.checkVisibility())
                .map(({ name }) => name)"""
            )
        )
        assert seen == ["depth", "gain", "activation"]
        assert page.evaluate("scrollY") == 0
        for name in ("#lab-up", "#lab-forward", "#lab-down", "#lab-backward", "#lab-verdict", "#lab-gain"):
            box = page.locator(name).bounding_box()
            assert 0 < box["y"] and box["y"] + box["height"] <= 800, name
        assert page.locator("#lab-forward").bounding_box()["x"] > page.locator("#lab-gain").bounding_box()["x"] + 150


@pytest.mark.parametrize("width, height", [(1280, 800), (640, 450), (390, 844)])
def test_every_control_is_reached_while_its_pictures_are_seen(visit, width, height):
    """On a desktop, enlarged to 200%, and on a telephone: the lowest picture ends above the control, or beside it."""
    with visit("en/lab.html?depth=5&width=16&batch=8", width=width, height=height) as page:
        more(page)
        hidden = page.evaluate(
            """async () => {
                const pictures = [...document.querySelectorAll("#lab-pictures :is(canvas, svg)")], hidden = [];
                for (const control of document.querySelectorAll(".lab-side :is(input, select, button, summary, a)")) {
                    if (!control.checkVisibility()) continue;
                    control.scrollIntoView({ block: "end" });
                    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
                    const box = control.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
                    const free = control.contains(document.elementFromPoint(x, y));
                    const seen = pictures.every((picture) => {
                        const { x, y, width, height } = picture.getBoundingClientRect();
                        const top = document.elementFromPoint(x + width / 2, y + height / 2);
                        return y >= 0 && y + height <= innerHeight && top === picture;
                    });
                    if (!free || !seen) hidden.push(`${control.id || control.textContent}: ${free}, ${seen}`);
                }
                return hidden;
            }"""
        )
        assert not hidden


DOTS = """(board, depth) => { // how much of the drawing of each layer is coloured, from 0 to 1
    const { width, height } = board, { data } = board.getContext("2d").getImageData(0, 0, width, height);
    const { step, x } = labDrawing().columns(depth, board.clientWidth), dense = width / board.clientWidth;
    const [red, green, blue] = getComputedStyle(board).color.match(/\\d+/g).map(Number);
    return Array.from({ length: depth }, (_, l) => {
        let sum = 0, count = 0;
        for (let i = Math.ceil((x(l + 1) - step / 2) * dense); i < (x(l + 1) + step / 2) * dense; i++) {
            for (let j = 0; j < height; j++, count++) {
                const at = 4 * (j * width + i), [r, g, b, a] = data.slice(at, at + 4);
                if (Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue) < 60) sum += a / 255;
            }
        }
        return sum / count;
    });
}"""


def brightness(page, board, depth):
    return np.array(page.locator(board).evaluate(DOTS, depth))


@pytest.mark.parametrize("dark", [False, True])
def test_the_network_is_as_bright_as_its_signal(visit, dark):
    """Units fade where the signal dies on its way, forward from the left and backward from the right."""
    state = "depth=12&width=64&batch=32&activation=relu&initializer=torch_linear_default&gain="
    with visit(f"ko/lab.html?{state}1", dark=dark) as page:
        done(page)
        page.wait_for_timeout(300)
        up, down = brightness(page, "#lab-up", 12), brightness(page, "#lab-down", 12)
        assert up[:2].min() > 3 * up[8:].max() and down[-2:].min() > 3 * down[:4].max()
        page.fill("#lab-gain", "2.45")
        done(page)
        page.wait_for_timeout(300)
        lives = brightness(page, "#lab-up", 12)
        assert lives[8:].min() > 3 * up[8:].max() and lives.min() > 0.01


def test_one_input_and_the_difference_between_many(visit):
    """Sigmoid with Xavier: each input is bright in all layers, what tells inputs apart is not."""
    with visit("en/lab.html?depth=8&width=64&batch=32&activation=sigmoid&initializer=glorot_normal") as page:
        done(page)
        page.wait_for_timeout(300)
        one = brightness(page, "#lab-up", 8)
        page.check("#lab-seen [value=many]")
        page.wait_for_timeout(300)
        many = brightness(page, "#lab-up", 8)
        assert one.min() > 0.5 * one.max() and many[-1] < 0.2 * one[-1] and many[0] > 0.2 * one[0]
        assert page.get_attribute("#lab-up", "aria-describedby") == "lab-verdict"


def test_a_long_answer_shows_how_far_it_is_and_can_be_stopped(visit):
    with visit("en/lab.html?depth=2&width=8&batch=8") as page:
        more(page)
        for name, value in (("depth", "100"), ("batch", "256"), ("width", "512")):
            page.fill(f"#lab-{name}", value)
        page.wait_for_selector("#lab-stop:visible", timeout=60_000)
        page.wait_for_function("document.getElementById('lab-progress').value > 0 && lab.dataset.stage === 'partial'")
        assert page.locator("#lab-progress").evaluate("bar => bar.value") < 1
        page.click("#lab-stop")
        page.wait_for_selector("#lab[data-stage=stopped]", timeout=5_000)
        assert page.is_hidden("#lab-stop")
        pattern = WORDS["en"]["stopped"].replace("{layer}", r"(\d+)").replace("{depth}", "100")
        assert int(re.fullmatch(pattern, page.inner_text("#lab-verdict"))[1]) <= 100
        page.fill("#lab-width", "8")
        assert verdicts(done(page))


def test_the_network_is_sent_to_a_lane(visit):
    with visit("ko/lab.html?depth=3&width=8&activation=gelu&gain=1.5&race=2-32-0.1*relu-he_normal*tanh-zeros") as page:
        done(page)
        letters = page.locator("#lab-send button")
        assert letters.locator("visible=true").all_inner_texts() == ["A", "B", "C"]  # a new lane behind the others
        page.click("#lab-send [value='1']")
        assert WORDS["ko"]["sent"].replace("{letter}", "B") == page.inner_text("#lab-sent")
        lane = page.locator(".lab-lane").nth(1)
        assert lane.locator("[name=activation]").input_value() == "gelu"
        assert lane.locator("[name=gain]").input_value() == "1.5"
        page.click("#lab-send [value='2']")
        assert page.locator(".lab-lane").count() == 3
        page.wait_for_function("location.search.split('gelu-he_normal-1.5').length === 3")


def test_what_cannot_be_used_says_why(visit):
    """In a sentence in sight, which a screen reader reads with the control."""
    with visit("en/lab.html?depth=2&width=8&initializer=orthogonal&race=1-10-0.1*relu-he_normal*tanh-zeros") as page:
        more(page)

        def reasons():
            return page.evaluate(
                """() => Object.fromEntries([...document.querySelectorAll("#lab :is(button, select, input):disabled")]
                    .map((control) => [control.id, document.getElementById(control.getAttribute("aria-describedby"))])
                    .map(([id, note]) => [id, note?.checkVisibility() ? note.textContent : ""]))"""
            )

        words = WORDS["en"]
        assert reasons() == {"lab-distribution": words["no_distribution"]}
        page.select_option("#lab-initializer", "he_normal")
        assert reasons() == {}
        page.click("#lab-go")
        assert reasons() == {"lab-step": words["race_goes"]}
        page.wait_for_function("document.getElementById('lab-go').disabled", timeout=60_000)
        assert reasons() == {"lab-go": words["race_over"], "lab-step": words["race_over"]}
        for _ in range(2):
            page.click("#lab-add")
        assert reasons() == {"lab-add": words["race_full"]}


SHIFTS = """window.shifts = 0; new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true })"""


@pytest.mark.parametrize("edition, width, height", [("en", 1280, 800), ("ko", 390, 844)])
def test_nothing_jumps(tour, edition, width, height):
    """All shifts count, those within half a second of a click, too."""
    with tour(width=width, height=height, own=True) as go:
        page = go("en/lab.html?depth=2&width=8")
        page.add_init_script(SHIFTS)
        done(go(f"{edition}/lab.html"))
        for gain in ("0.5", "1.6", "2.45", "4"):
            page.fill("#lab-gain", gain)
            done(page).wait_for_timeout(300)
        for activation in ("tanh", "sigmoid", "gelu"):
            page.select_option("#lab-activation", activation)
            done(page).wait_for_timeout(300)
        page.fill("#lab-depth", "4")
        done(page).wait_for_timeout(300)
        page.locator("#race").scroll_into_view_if_needed()
        for button in ("#lab-step", "#lab-go"):
            page.click(button)
            page.wait_for_timeout(500)
        page.click("#lab-go")
        assert page.evaluate("shifts") <= 0.02


@pytest.mark.parametrize("edition", EDITIONS)
def test_without_a_script(visit, edition):
    with visit(f"{edition}/lab.html", java_script_enabled=False) as page:
        assert page.is_hidden("#lab") and page.is_visible("article noscript img")
        assert WORDS[edition]["no_script"].split()[0] in page.inner_text("article noscript")


@pytest.mark.parametrize("edition", EDITIONS)
def test_weight(site, edition):
    files = list((SITE / edition / "_static").glob("lab*"))
    assert len(files) == len(SCRIPTS) + 1
    assert sum(file.stat().st_size for file in files) < BYTES


@pytest.mark.parametrize("edition, base", either(("ko", "file"), ("en", "subpath")))
def test_chapters_lead_to_states(visit, edition, base):
    with visit(f"{edition}/05_choosing.html", base=base) as page:
        page.click("a[href='lab.html?preset=b10']")
        done(page)
        assert controls(page)["initializer"] == "torch_linear_default"
        page.goto(page.url.replace("lab.html?preset=b10", "08_regularization.html"))
        page.click("a[href='lab.html?preset=he#race']")
        done(page)
        assert page.evaluate("document.getElementById('race').getBoundingClientRect().top") < 300


def test_links_to_states_are_read():
    for edition in EDITIONS:
        for path in sorted((SITE / edition).glob("*.html")):
            for state in re.findall(r'href="lab\.html\?([^"#]+)', path.read_text("utf8")):
                assert not troubles(html.unescape(state)), path.name


def test_the_way_in(visit):
    for edition in EDITIONS:
        with visit(f"{edition}/index.html") as page:
            assert page.locator(".ways a[href='lab.html']").count() == 1
