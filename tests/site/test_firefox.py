"""The Firefox that a reader has: pages are read, fields judged, explorers and the lab answer, and nothing complains.

What the pages do is tested in Chromium, in depth; here, that none of it was Chromium's own.
"""

import pytest
from firefox import FIREFOX, HOW_TO_GET_ONE, Firefox
from lacking import lacking
from the_site import EDITIONS, either, pages

from winit.check import exercises


@pytest.fixture(scope="session")  # a worker that steals takes tests of other modules in between
def firefox(tmp_path_factory):
    if FIREFOX is None:
        lacking(HOW_TO_GET_ONE)
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


@pytest.fixture
def read(firefox, bases):
    """`read("ko/index.html", base="file", width=390)`: Firefox, with that page; its troubles fail the test."""

    def start(path, *, base="root", width=1280):
        firefox.size(width, 900)
        firefox.go(f"{bases[base]}/{path}")
        return firefox

    yield start
    assert not firefox.troubles


READ = """() => {
    const small = [...document.querySelectorAll("math")].filter((formula) => formula.checkVisibility())
        .filter((formula) => formula.getBoundingClientRect().height < 5);
    const { scrollWidth, clientWidth } = document.documentElement;
    const heights = [...document.querySelectorAll("mfrac")].map((fraction) => fraction.getBoundingClientRect().height);
    const children = { mfrac: 2, msup: 2, msub: 2, mroot: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3 };
    const broken = Object.entries(children).flatMap(([name, count]) =>
        [...document.querySelectorAll(name)].filter((element) => element.children.length !== count));
    const [wide, tall] = [scrollWidth - clientWidth, Math.max(0, ...heights)];
    return { broken: broken.length, small: small.length, wide, tall };
}"""


@pytest.mark.parametrize("edition, base, width", either(("ko", "file", 390), ("en", "root", 1280)))
def test_every_page_is_read(read, edition, base, width):
    for path in pages(edition):
        firefox = read(path, base=base, width=width)
        found = firefox.run(READ)
        assert not firefox.troubles, path
        assert found["wide"] <= 0, f"{path} scrolls sideways by {found['wide']} px"
        assert found["broken"] == 0, f"{path}: a formula lacks a part"
        assert found["small"] == 0, f"{path}: a formula has no height"
        if path.endswith("03_xavier.html"):
            assert found["tall"] > 25, "a fraction stands in two lines"


WORN = "() => [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]"


@pytest.mark.parametrize("edition", either(*EDITIONS))
def test_a_theme_is_chosen_and_kept(read, edition):
    firefox = read(f"{edition}/choose.html")
    before = firefox.run(WORN)
    for _ in range(2):
        firefox.click(".theme-switch-button")
    after = firefox.run(WORN)
    read(f"{edition}/index.html")
    assert firefox.run("() => document.documentElement.dataset.theme") == after[0]
    assert (before[0] == after[0]) == (before[1] == after[1])
    firefox.run("() => localStorage.clear()")


@pytest.mark.parametrize("edition", either(*EDITIONS))
def test_fields_are_judged(read, edition):
    firefox = read(f"{edition}/03_xavier.html")
    for answers in (("1.0", "2"), ("nope", "")):
        firefox.run("() => document.querySelectorAll('#ex-geometric input').forEach((field) => (field.value = ''))")
        firefox.click("#ex-geometric-1")
        firefox.type(*answers[0], "Tab", *answers[1], "Enter")
        mark, words = exercises()["geometric_mean"].judge(answers)
        assert firefox.text("#ex-geometric output") == f"{mark} {words[['ko', 'en'].index(edition)]}".strip()
    firefox.click("#guess-both .option")
    assert firefox.run("() => document.querySelector('#guess-both details.answer').open")
    firefox.go(firefox.run("() => location.href"))
    assert firefox.run("() => document.querySelector('#guess-both details.answer').open"), "the page remembers"
    firefox.run("() => localStorage.clear()")


@pytest.mark.parametrize("edition, base", either(("ko", "root"), ("en", "file")))
def test_explorers_move(read, edition, base):
    for page, figure, control, picture in (
        ("03_xavier", "fig-two-conditions", "fan_in", ".live svg"),
        ("06_batch_norm", "fig-curves", "std", ".framed img"),
    ):
        firefox = read(f"{edition}/{page}.html#{figure}", base=base)
        slider = f"#{figure}-{control}"
        firefox.until(
            f"document.querySelector('#{figure} fieldset:enabled') && document.querySelector('#{figure} {picture}')"
        )
        look = f"() => {{ const it = document.querySelector('#{figure} {picture}'); return it.src ?? it.innerHTML; }}"
        firefox.run(f"() => document.querySelector('{slider}').scrollIntoView()")
        if picture.endswith("img"):
            firefox.until("Object.keys(window.winitFrames ?? {}).length")
        before, said = firefox.run(look), firefox.run(f"() => document.querySelector('{slider}').ariaValueText")
        firefox.run(f"() => document.querySelector('{slider}').focus()")
        firefox.type("ArrowLeft", "ArrowLeft")
        assert firefox.run(f"() => document.querySelector('{slider}').getAttribute('aria-valuetext')") != said
        assert firefox.run(look) != before, figure
        assert firefox.run("() => location.search"), "the address follows"


def done(firefox):
    firefox.until("document.getElementById('lab').dataset.stage === 'done'")


@pytest.mark.parametrize("edition, base", either(("en", "root"), ("ko", "file")))
def test_the_lab_answers(read, edition, base):
    firefox = read(f"{edition}/lab.html?depth=20&width=32&batch=16&activation=relu&initializer=small_normal", base=base)
    done(firefox)
    dead = firefox.text("#lab-verdict")
    firefox.run(
        """() => {
            const menu = document.getElementById("lab-initializer");
            menu.value = "he_normal";
            menu.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    firefox.until("location.search.includes('he_normal')")
    done(firefox)
    assert firefox.text("#lab-verdict") != dead
    assert firefox.run(
        "() => WebAssembly.validate(Uint8Array.from(atob(labData.kernels.at(-1)), (letter) => letter.charCodeAt(0)))"
    )
    firefox.run("() => document.getElementById('lab-gain').focus()")
    firefox.type("ArrowRight")
    assert firefox.run("() => document.getElementById('lab-gain').value") == "1.01"
    firefox.click("#lab-go")
    firefox.until("Math.min(...document.getElementById('lab-taken').textContent.match(/\\d+/g)) >= 20")
    firefox.click("#lab-go")


@pytest.mark.parametrize("edition", either(*EDITIONS))
def test_the_page_chooses_and_the_search_finds(read, edition):
    firefox = read(f"{edition}/choose.html")
    firefox.click("form.choose input[value='batch']")
    assert "BatchNorm1d" in firefox.text(".answer pre")
    firefox = read(f"{edition}/search.html?q=Xavier")
    firefox.until("document.querySelector('#search-results li a')")
    assert "03_xavier" in firefox.run("() => document.querySelector('#search-results li a').getAttribute('href')")
