"""Every explorer of every page, and those of a small book: by hand and by address, both editions, http and file.

What live explorers compute and draw is in test_live_explorers.py.
"""

import base64
import json
import re
from urllib.parse import urlsplit

import explorer_book
import numpy as np
import pytest
from test_accessibility import violations_in_both_themes
from test_validity import complaints
from the_site import EDITIONS, soup
from winit_book.content.page_form import FRAME_BYTES, PAGE_BYTES


@pytest.fixture(scope="module")
def book_of_explorers(built):
    book, result = built("explorers", explorer_book.write)
    assert result.returncode == 0, result.stdout
    return book / "_build" / "html"


@pytest.fixture(scope="module", params=["small book", "site"])
def root(request):
    """The folder of a site; what is tested of the small book is tested of the course, too."""
    return request.getfixturevalue("book_of_explorers" if request.param == "small book" else "site")


@pytest.fixture
def bases(root, serve):
    return serve(root)


FRAMED = "figure.explorer:not(:has(.live))"


def pages(root, kind="figure.explorer"):
    """The pages with an explorer, as paths below the site."""
    found = [path for edition in EDITIONS for path in sorted((root / edition).glob("*.html"))]
    return [path.relative_to(root).as_posix() for path in found if soup(path).select_one(kind)]


def shown(figure):
    """What an explorer shows: source and alt of its picture, its numbers, and the values beside its sliders."""
    picture, output = figure.locator("img"), figure.locator("output[for]")
    numbers = output.locator("span").all_inner_texts() or [output.inner_text()]
    values = figure.locator("input + *").all_inner_texts()
    return picture.get_attribute("src"), picture.get_attribute("alt"), numbers, values


ARRIVE = """async () => {
    for (const figure of document.querySelectorAll("figure.explorer")) {
        const { name, pictures } = JSON.parse(figure.querySelector("script").textContent);
        for (let fold = figure.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
        figure.scrollIntoView();
        while (pictures && !window.winitFrames?.[name]) await new Promise((done) => setTimeout(done, 20));
    }
    return window.winitFrames ?? {};
}"""


def arrive(page):
    """Come near every explorer of a page and wait for its pictures; they, by name."""
    return page.evaluate(ARRIVE)


def wanted(data, frames, positions):
    """What the data of an explorer say it shows with its controls at these positions."""

    def said(pairs):
        return [" ".join(data["words"].get(word, word) for word in pair) for pair in pairs.items()]

    controls = data["controls"]
    shape = [len(each["values"]) for each in controls.values()]
    frame, numbers = data["states"][np.ravel_multi_index(positions, shape)]
    chosen = {name: each["values"][position] for (name, each), position in zip(controls.items(), positions)}
    return (
        f"data:image/webp;base64,{frames[frame]}",
        f"{data['alt']} ({', '.join(said(chosen))})",
        said(numbers) if numbers else [data["words"]["impossible"]],
        [chosen[name] for name, each in controls.items() if each["scale"]],
    )


def move(figure, name, position):
    """Move a control as a hand would: a menu by its choice, a slider by its arrow keys."""
    control = figure.locator(f"[name={name}]")
    if control.evaluate("control => control.type") == "range":
        steps = position - int(control.input_value())
        for _ in range(abs(steps)):
            control.press("ArrowRight" if steps > 0 else "ArrowLeft")
    else:
        control.select_option(index=position)


def listen(page):
    """The addresses a page asks for from now on, other than the data it holds."""
    requests = []
    page.on("request", lambda request: request.url.startswith("data:") or requests.append(request.url))
    return requests


def controls(figure):
    """Name, number of values and position of each control."""
    return figure.locator("input, select").evaluate_all(
        "all => all.map(c => [c.name, c.options ? c.options.length : +c.max + 1, +c.value])"
    )


def test_pages_are_light_and_load_the_script_only_where_it_is_needed(root):
    for edition in EDITIONS:
        for path in (root / edition).glob("*.html"):
            sources = [tag["src"] for tag in soup(path).select("script[src]")]
            has_explorer = bool(soup(path).select("figure.explorer"))
            assert any("explorer.js" in source for source in sources) == has_explorer
            assert not any("require" in source or "html-manager" in source for source in sources)
            if has_explorer:
                data = [script.string for script in soup(path).select("figure.explorer script")]
                assert sum(map(len, data)) <= PAGE_BYTES
                for address in (json.loads(script).get("pictures") for script in data):
                    if address:
                        text = (path.parent / address.split("?")[0]).read_text("utf8")
                        frames = [base64.b64decode(frame, validate=True) for frame in re.findall('"([^"]{50,})"', text)]
                        assert frames and all(frame[:4] + frame[8:12] == b"RIFFWEBP" for frame in frames)
                        assert max(map(len, frames)) <= FRAME_BYTES


def test_one_figure_one_picture_one_output_and_named_controls(root):
    for path in pages(root):
        for figure in soup(root / path).select("figure.explorer"):
            assert figure.find_parent("main") and figure["id"] and not figure.select("figure")
            parts = ["fieldset", "img", "output", "figcaption"]
            assert [tag.name for tag in figure.find_all(parts)] == parts
            assert figure.output["aria-live"] == "polite" and figure.output.get_text(strip=True)
            assert figure.img["alt"] and figure.img["src"].startswith("data:image/webp;base64,")
            assert figure.select_one(".caption-number") and figure.fieldset.has_attr("disabled")
            for control in figure.select("input, select"):
                assert control["name"] and figure.select_one(f"label[for={control['id']}]").get_text(strip=True)
                assert control["id"] in figure.output["for"]


@pytest.mark.parametrize("base", ["root", "file"])
def test_every_value_of_every_control_answers_at_once_and_asks_nobody(root, visit, base):
    for path in pages(root, FRAMED):
        with visit(path, base=base, own=True) as page:
            frames = arrive(page)
            requests = listen(page)
            for figure in page.locator(FRAMED).all():
                data = json.loads(figure.locator("script").text_content())
                for name, values, start in controls(figure):
                    seen = set()
                    for position in [k for k in range(values) if k != start] + [start]:
                        move(figure, name, position)
                        source, _, numbers, _ = row = shown(figure)
                        assert row == wanted(data, frames[data["name"]], [at for *_, at in controls(figure)]), (
                            f"{path}: {name} at {position}"
                        )
                        assert figure.locator("img").evaluate("img => img.decode().then(() => img.naturalWidth)")
                        seen.add((source, *numbers))
                    assert len(seen) > 1 or values == 1, f"{path}: {name} changes neither picture nor numbers"
            assert not requests


@pytest.mark.parametrize("base", ["root", "file"])
def test_the_address_holds_the_state_and_the_switch_carries_it_over(root, visit, base):
    for path in pages(root, FRAMED):
        with visit(path, base=base) as page:
            figure = page.locator(FRAMED).last
            identifier = figure.get_attribute("id")
            name, values, start = controls(figure)[0]
            arrive(page)
            move(figure, name, (start + 1) % values)
            address, source, state = urlsplit(page.url), shown(figure)[0], controls(figure)
            assert f".{name}=" in address.query and address.fragment == identifier
            with page.expect_navigation():
                page.click("a.language-switch")
            assert urlsplit(page.url).path != address.path and urlsplit(page.url).query == address.query
            figure = page.locator(FRAMED).last
            arrive(page)
            assert (shown(figure)[0], controls(figure)) == (source, state)
            page.reload()
            arrive(page)
            assert (shown(figure)[0], controls(figure)) == (source, state)


def test_without_a_script_the_first_picture_and_its_numbers_stand(root, visit):
    for path in pages(root):
        with visit(path, java_script_enabled=False) as page:
            figures = page.locator("figure.explorer").all()
            for figure, source in zip(figures, soup(root / path).select("figure.explorer")):
                assert figure.locator("img").is_visible() and figure.locator("output").is_visible()
                assert shown(figure)[0] == source.img["src"]
                assert figure.locator("input:enabled, select:enabled").count() == 0


# What a telephone and a desktop owe a hand: figures within the page, controls large enough, and what follows a figure
# stays where it is while a control is moved. In one script, for a browser measures faster than it is asked.
MEASURE = """async () => {
    const troubles = [], within = document.documentElement.clientWidth + 1;
    const top = (figure) =>
        figure.querySelector("figcaption").getBoundingClientRect().top - figure.getBoundingClientRect().top;
    const put = async (control, value) => {
        control.value = value;
        control.dispatchEvent(new Event("input", { bubbles: true }));
        await control.closest("figure").querySelector("img")?.decode();
    };
    if (document.documentElement.scrollWidth > within) troubles.push("the page is wider than the window");
    for (const figure of document.querySelectorAll("figure.explorer")) {
        const box = figure.getBoundingClientRect();
        if (box.left < 0 || box.right > innerWidth) troubles.push(`${figure.id} is wider than the page`);
        for (const control of figure.querySelectorAll("input, select")) {
            const { width, height } = control.getBoundingClientRect(), before = top(figure), start = control.value;
            if (height < 36 || width < 100) troubles.push(`${control.id}: ${width} × ${height} px is too small`);
            await put(control, (+start + 1) % (control.options?.length ?? +control.max + 1));
            const jump = top(figure) - before;
            if (jump < -1 || jump >= 60) troubles.push(`${control.id}: what follows jumps by ${jump} px`);
            await put(control, start);
        }
    }
    return troubles;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_everyone_can_use_it(root, tour, width):
    with tour(width=width) as go:
        found = {}
        for path in pages(root):
            page = go(path)
            arrive(page)
            found[path] = page.evaluate(MEASURE)
    assert not {path: troubles for path, troubles in found.items() if troubles}


def test_the_figures_are_valid_html(book_of_explorers):
    found = complaints(*sorted(book_of_explorers.glob("*/01_waves.html")))
    assert not found, found


def open_waves(visit, edition, query="", **options):
    return visit(f"{edition}/01_waves.html{query}", **options)


small_book_only = pytest.mark.parametrize("root", ["small book"], indirect=True)


@small_book_only  # the pages of the course are in test_accessibility.py
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(root, tour, width):
    with tour(width=width, reduced_motion="reduce") as go:
        found = {path: violations_in_both_themes(go(path)) for path in pages(root)}
    assert not {path: wrong for path, wrong in found.items() if wrong}


@small_book_only
def test_names_are_those_of_the_edition(root, visit):
    with open_waves(visit, "ko") as page:
        waves = page.locator("#fig-waves")
        assert waves.locator("label").all_inner_texts() == ["표준편차", "활성화 함수", "모양", "잡음"]
        assert waves.locator("option").all_inner_texts() == ["tanh", "ReLU", "둥근 것", "네모난 것", "없음", "있음"]
        assert waves.locator("output span").all_inner_texts() == ["가장 큰 값 0.462", "E[h²] 0.114", "부호 둘 다"]
        move(waves, "activation", 1)
        assert waves.locator("output span").all_inner_texts() == ["가장 큰 값 0.5", "E[h²] 0.0641", "부호 하나"]
        alt = "두 높이 사이의 물결 (표준편차 0.5, 활성화 함수 ReLU, 모양 둥근 것, 잡음 없음)"
        assert waves.locator("img").get_attribute("alt") == alt
        assert waves.locator("figcaption").inner_text().startswith("그림 1")


@small_book_only
def test_values_that_do_not_go_together_are_said_so(root, visit):
    with open_waves(visit, "en", "?waves.std=2&waves.form=square") as page:
        waves = page.locator("#fig-waves")
        assert waves.locator("output").inner_text() == "These values do not go together."
        move(waves, "form", 0)
        assert waves.locator("output b").count() == 3


@small_book_only
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_teacher_can_link_a_configuration(root, visit, edition):
    query = "?decay.factor=0.9&waves.std=2&waves.activation=relu&waves.form=nonsense&q=kept"
    with open_waves(visit, edition, f"{query}#fig-decay", base="file", height=400) as page:
        waves, decay = page.locator("#fig-waves"), page.locator("#fig-decay")
        assert [position for _, _, position in controls(waves)] == [2, 1, 0, 0]
        assert [position for _, _, position in controls(decay)] == [2]
        assert waves.locator("[name=std]").get_attribute("aria-valuetext") == "2"
        assert page.evaluate("scrollY") > 0
        move(waves, "noisy", 1)
        assert page.url.endswith(
            "?decay.factor=0.9&waves.std=2&waves.activation=relu&waves.form=round&q=kept&waves.noisy=with#fig-waves"
        )


@small_book_only
def test_many_moves_do_not_overtax_the_address(root, visit):
    with open_waves(visit, "en", own=True) as page:
        warnings = []
        page.on("console", lambda message: warnings.append(message.text))
        written = page.evaluate("""async () => {
            let written = 0;
            const replace = history.replaceState;
            history.replaceState = (...args) => (written++, replace.apply(history, args));
            const slider = document.querySelector("#fig-decay input");
            for (let k = 0; k < 300; k++) {
                slider.value = [0, 1, 2, 1][k % 4];
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            }
            await new Promise((later) => setTimeout(later, 700));
            return written;
        }""")
        assert written < 100 and not warnings
        assert "decay.factor=0.7" in page.url
