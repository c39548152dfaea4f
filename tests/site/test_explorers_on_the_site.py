"""Every explorer of every page, and those of a small book: by hand and by address, both editions, http and file.

What live explorers compute and draw is in test_live_explorers.py; test_pages.py measures those of the site, and sees
them without scripts.
"""

import base64
import json
import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from the_site import EDITIONS, SITE, either, soup
from winit_book.content.page_form import FRAME_BYTES, PAGE_BYTES


@pytest.fixture(scope="module", params=["small book", "site"])
def root(request):
    """The folder of a site; what is tested of the small book is tested of the course, too."""
    return request.getfixturevalue("small_book" if request.param == "small book" else "site")


def served(root, base):
    """The base of `visit` at which that site is served in this way."""
    return base if root == SITE else f"forms {base}"


FRAMED = "figure.explorer:not(:has(.live))"


def pages(root, kind="figure.explorer"):
    """The pages with an explorer, as paths below the site."""
    found = [path for edition in EDITIONS for path in sorted((root / edition).glob("*.html"))]
    return [path.relative_to(root).as_posix() for path in found if soup(path).select_one(kind)]


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
    """Come near every explorer of a page and wait for its pictures."""
    page.evaluate(ARRIVE)


# What an explorer shows: which of its pictures, its description, its numbers, the values beside its sliders; and where
# its controls stand. All values are tried in one script, for a browser is faster than it is asked.
SHOWN = """(figure) => {
    const { name } = JSON.parse(figure.querySelector("script").textContent);
    const [image, output] = [figure.querySelector("img"), figure.querySelector("output[for]")];
    const texts = (elements) => [...elements].map((element) => element.innerText);
    const picture = window.winitFrames[name].indexOf(image.src.replace("data:image/webp;base64,", ""));
    const numbers = texts(output.querySelectorAll("span")), values = texts(figure.querySelectorAll("input + *"));
    return [
        [picture, image.alt, numbers.length ? numbers : [output.innerText], values],
        [...figure.querySelectorAll("input, select")].map((control) => +(control.selectedIndex ?? control.value)),
    ];
}"""
EVERY = """async (figure) => {
    const found = [], image = figure.querySelector("img");
    const put = (control, value) => {
        control[control.options ? "selectedIndex" : "value"] = value;
        control.dispatchEvent(new Event("input", { bubbles: true }));
    };
    for (const control of figure.querySelectorAll("input, select")) {
        const start = +(control.selectedIndex ?? control.value), values = control.options?.length ?? +control.max + 1;
        const shown = [];
        for (let position = 0; position < values; position++) {
            put(control, position);
            await image.decode();
            shown.push((SHOWN)(figure));
        }
        put(control, start);
        found.push([control.name, shown]);
    }
    return found;
}""".replace("SHOWN", SHOWN)


def wanted(data, positions):
    """What the data of an explorer say it shows with its controls at these positions."""

    def said(pairs):
        return [" ".join(data["words"].get(word, word) for word in pair) for pair in pairs.items()]

    controls = data["controls"]
    shape = [len(each["values"]) for each in controls.values()]
    picture, numbers = data["states"][np.ravel_multi_index(positions, shape)]
    chosen = {name: each["values"][position] for (name, each), position in zip(controls.items(), positions)}
    return [
        picture,
        f"{data['alt']} ({', '.join(said(chosen))})",
        said(numbers) if numbers else [data["words"]["impossible"]],
        [chosen[name] for name, each in controls.items() if each["scale"]],
    ]


def data_of(figure):
    return json.loads(figure.locator("script").text_content())


def value_of(figure, name):
    """The value at which a control stands, as an address says it."""
    data = data_of(figure)
    return data["controls"][name]["values"][figure.evaluate(SHOWN)[1][list(data["controls"]).index(name)]]


def state_of(figure):
    """The picture that is shown, and where the controls stand."""
    return figure.locator("img").get_attribute("src"), controls(figure)


def every_value_answers(page):
    """Each control of each explorer, moved by a script through all its values and back."""
    for figure in page.locator(FRAMED).all():
        data = data_of(figure)
        for name, shown in figure.evaluate(EVERY):
            assert len(shown) == len(data["controls"][name]["values"])
            for position, (row, positions) in enumerate(shown):
                assert positions[list(data["controls"]).index(name)] == position
                assert row == wanted(data, positions), f"{page.url}: {name} at {position}"
            changes = {json.dumps(row[0::2]) for row, _ in shown}
            assert len(changes) > 1 or len(shown) == 1, f"{page.url}: {name} changes neither picture nor numbers"


def move(figure, name, position):
    """Move a control as a hand would: a menu by its choice, a slider by its arrow keys."""
    control = figure.locator(f"[name={name}]")
    if control.evaluate("control => control.type") == "range":
        steps = position - int(control.input_value())
        for _ in range(abs(steps)):
            control.press("ArrowRight" if steps > 0 else "ArrowLeft")
    else:
        control.select_option(index=position)


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


@pytest.mark.parametrize("base, edition", either(("root", "en"), ("file", "ko")))
def test_every_value_answers_at_once_asks_nobody_and_goes_with_the_address(root, tour, base, edition):
    asked = []

    def note(request):
        asked.append(request.url)

    with tour(base=served(root, base), own=True) as go:
        for path in (path for path in pages(root, FRAMED) if path.startswith(edition)):
            page = go(path)
            arrive(page)
            page.on("request", note)
            every_value_answers(page)
            page.remove_listener("request", note)
            assert not [url for url in asked if not url.startswith("data:")]

            figure = page.locator(FRAMED).last
            identifier = figure.get_attribute("id")
            name, values, start = controls(figure)[0]
            move(figure, name, (start + 1) % values)
            key, value = f"{data_of(figure)['name']}.{name}", value_of(figure, name)
            page.wait_for_url(lambda url, wanted=(key, value): wanted in parse_qsl(urlsplit(url).query))
            address, state = urlsplit(page.url), state_of(figure)
            assert address.fragment == identifier
            with page.expect_navigation():
                page.click("a.language-switch")
            assert urlsplit(page.url).path != address.path and urlsplit(page.url).query == address.query
            for again in (lambda: None, page.reload):
                again()
                arrive(page)
                assert state_of(page.locator(FRAMED).last) == state


@pytest.mark.parametrize("base", either("file", "root"))
def test_a_hand_reaches_every_value(small_book, visit, base):
    for path in pages(small_book, FRAMED):
        with visit(path, base=f"forms {base}") as page:
            arrive(page)
            for figure in page.locator(FRAMED).all():
                for place, (name, values, start) in enumerate(controls(figure)):
                    for position in [k for k in range(values) if k != start] + [start]:
                        move(figure, name, position)
                        row, positions = figure.evaluate(SHOWN)
                        assert positions[place] == position and row == wanted(data_of(figure), positions)


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
def test_everyone_can_use_it(small_book, tour, width):
    with tour(base="forms", width=width) as go:
        for path in pages(small_book):
            page = go(path)
            arrive(page)
            assert not page.evaluate(MEASURE), path


STANDING = """(figures) => figures.map((figure) => {
    const [picture, numbers] = [figure.querySelector("img"), figure.querySelector("output")];
    const usable = figure.querySelectorAll("input:enabled, select:enabled").length;
    return [picture.checkVisibility(), numbers.checkVisibility(), picture.src, usable];
})"""


def troubles_without_a_script(page, source):
    """Of explorers whose first picture and its numbers are not there, or that have a control which does nothing."""
    expected = [[True, True, figure.img["src"], 0] for figure in source.select("figure.explorer")]
    found = page.locator("figure.explorer").evaluate_all(STANDING)
    return [figure[:2] + figure[3:] for figure, good in zip(found, expected, strict=True) if figure != good]


def test_without_a_script_the_first_picture_and_its_numbers_stand(small_book, tour):
    with tour(base="forms", java_script_enabled=False) as go:
        for path in pages(small_book):
            assert not troubles_without_a_script(go(path), soup(small_book / path)), path


def open_waves(visit, edition, query="", **options):
    return visit(f"{edition}/04_waves.html{query}", base="forms", **options)


def test_names_are_those_of_the_edition(small_book, visit):
    with open_waves(visit, "ko") as page:
        waves = page.locator("#fig-waves")
        assert waves.locator("label").all_inner_texts() == ["표준편차", "활성화 함수", "모양", "잡음"]
        assert waves.locator("option").all_inner_texts() == ["tanh", "ReLU", "둥근 것", "네모난 것", "없음", "있음"]
        assert waves.locator("output span").all_inner_texts() == ["가장 큰 값 0.462", "E[h²] 0.114", "부호 둘 다"]
        move(waves, "activation", 1)
        assert waves.locator("output span").all_inner_texts() == ["가장 큰 값 0.5", "E[h²] 0.0641", "부호 하나"]
        alt = "두 높이 사이의 물결 (표준편차 0.5, 활성화 함수 ReLU, 모양 둥근 것, 잡음 없음)"
        assert waves.locator("img").get_attribute("alt") == alt
        assert waves.locator("figcaption").inner_text().startswith("그림 4")


def test_values_that_do_not_go_together_are_said_so(small_book, visit):
    with open_waves(visit, "en", "?waves.std=2&waves.form=square") as page:
        waves = page.locator("#fig-waves")
        assert waves.locator("output").inner_text() == "These values do not go together."
        move(waves, "form", 0)
        assert waves.locator("output b").count() == 3


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_teacher_can_link_a_configuration(small_book, visit, edition):
    query = "?decay.factor=0.9&waves.std=2&waves.activation=relu&waves.form=nonsense&q=kept"
    with open_waves(visit, edition, f"{query}#fig-decay", height=400) as page:
        waves, decay = page.locator("#fig-waves"), page.locator("#fig-decay")
        assert [position for _, _, position in controls(waves)] == [2, 1, 0, 0]
        assert [position for _, _, position in controls(decay)] == [2]
        assert waves.locator("[name=std]").get_attribute("aria-valuetext") == "2"
        assert page.evaluate("scrollY") > 0
        move(waves, "noisy", 1)
        assert page.url.endswith(
            "?decay.factor=0.9&waves.std=2&waves.activation=relu&waves.form=round&q=kept&waves.noisy=with#fig-waves"
        )


def test_many_moves_do_not_overtax_the_address(small_book, visit):
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
