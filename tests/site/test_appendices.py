"""The appendices on the site: misconceptions and their filter, glossary, references, cheat sheet, teaching."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from the_site import EDITIONS, SITE, pages, soup
from winit_book.appendices.glossary import read_terms
from winit_book.appendices.misconceptions import read_misconceptions
from winit_book.building.editions import read_editions
from winit_book.building.stored import read
from winit_book.content.executed import effort
from winit_book.paths import ROOT

ROWS = read_misconceptions()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_misconception_under_its_anchor_with_a_link_to_its_cell(site, edition):
    page = soup(f"{edition}/misconceptions.html")
    assert [box["id"] for box in page.select("section section.misconception")] == [row.id for row in ROWS]
    for row in ROWS:
        box = page.find(id=row.id)
        assert box.h3.get_text().removesuffix("#") == row.words[edition]["belief"].replace("'", "’")
        assert box.select_one(".shown a")["href"] == f"{row.chapter}.html#{row.section}"
        assert box.find_parent("section")["id"] == row.group
        assert page.select_one(f"#page-toc a[href='#{row.id}']")
    assert not re.search(r"\b[A-G]\d{1,2}\b", page.article.get_text()), "no code is in sight"


def shown(page):
    return page.locator(".misconception:visible").count()


@pytest.mark.parametrize("edition, words", [("en", "sigmoid  TANH"), ("ko", "시그모이드 tanh")])
def test_the_filter_keeps_what_holds_every_word(visit, edition, words):
    with visit(f"{edition}/misconceptions.html", base="file") as page:
        field, count = page.get_by_role("searchbox"), page.locator(".misconception-filter output")
        assert shown(page) == len(ROWS) and count.inner_text().count(str(len(ROWS))) == 2
        field.fill(words)
        left = shown(page)
        assert 1 < left < 20 and page.locator("#sigmoid-like-tanh").is_visible()
        assert count.get_attribute("aria-live") == "polite" and str(left) in re.findall(r"\d+", count.inner_text())
        for box in page.locator(".misconception:visible").all():
            assert all(word in box.inner_text().lower() for word in words.lower().split())
        groups = page.locator("article section section:not(.misconception):visible")
        assert all(group.locator(".misconception:visible").count() for group in groups.all())
        field.fill("<b id=typed>")
        assert shown(page) == 0 and page.locator("#typed").count() == 0
        field.fill("")
        assert shown(page) == len(ROWS)


def test_an_address_shows_the_misconception_it_names(visit):
    with visit("en/misconceptions.html", base="file") as page:
        page.get_by_role("searchbox").fill("dropout")
        assert not page.locator("#zero-never").is_visible()
        page.evaluate("location.hash = 'zero-never'")
        page.wait_for_function("document.querySelector('.misconception-filter input').value === ''")
        assert page.locator("#zero-never h3").is_visible() and shown(page) == len(ROWS)


def test_without_a_script_all_misconceptions_stand_there(chromium, site):
    page = chromium.new_page(java_script_enabled=False)
    page.goto((site / "en" / "misconceptions.html").as_uri())
    assert shown(page) == len(ROWS)
    assert not page.locator(".misconception-filter").is_visible()
    page.close()


@pytest.mark.parametrize("edition", EDITIONS)
def test_references_name_the_pages_that_cite_them(site, edition):
    listed = soup(f"{edition}/bibliography.html").select(".bibliography > li")
    for path in pages(edition):
        cited = {link["href"].partition("#")[2] for link in soup(path).select("a[href^='bibliography.html#']")}
        name = path.split("/")[1]
        naming = {entry["id"] for entry in listed if entry.select(f".cited a[href='{name}']")}
        assert naming == cited, path


def test_a_korean_page_says_which_titles_are_english(site):
    for entry in soup("ko/bibliography.html").select(".bibliography > li"):
        assert entry.em["lang"] in ("en", "de") and entry.em.find_parent("span")["lang"] == "en"
        own = re.sub(r"\s+", " ", "".join(entry.p.find_all(string=True, recursive=False)))
        assert not re.search(r"[A-Za-z]", own)


def meaning(tip):
    """What a tip says before the other names."""
    return tip.get_text().removesuffix(tip.select_one(".others").get_text())


@pytest.mark.parametrize("edition", EDITIONS)
def test_terms_lead_to_the_glossary_once_a_chapter_and_back(site, edition):
    glossary = soup(f"{edition}/glossary.html")
    assert [entry["id"] for entry in glossary.select(".glossary dt")] == [
        term.anchor for term in sorted(read_terms(), key=lambda term: term.words[edition].casefold())
    ]
    for path in pages(edition):
        page, name = soup(path), path.split("/")[1]
        uses = page.select("a.term")
        anchors = [use["href"].removeprefix("glossary.html#") for use in uses]
        assert len(anchors) == len(set(anchors))
        assert not page.select("h1 a.term, h2 a.term, figcaption a.term, pre a.term, a a.term, summary a.term")
        tips = [page.find(id=use["aria-describedby"]) for use in uses]
        assert all(tip["role"] == "tooltip" and tip.has_attr("hidden") for tip in tips)
        assert all(bool(re.search("[가-힣]", meaning(tip))) == (edition == "ko") for tip in tips)
        assert all({name["lang"] for name in tip.select(".others span")} >= {"zh-Hant"} for tip in tips)
        if name[0].isdigit():
            assert uses, path
            back = {
                dt["id"] for dt in glossary.select(".glossary dt") if dt.find_next("dd").select(f"a[href='{name}']")
            }
            assert back == set(anchors)
        else:
            assert not uses


def tips(page):
    return [tip.inner_text() for tip in page.locator(".gloss").all() if tip.is_visible()]


def in_view(page):
    """Whether the tip lies in the window, with its link in sight."""
    tip, use = (
        page.locator(f"{name}:visible").first.bounding_box()
        for name in (".gloss", ".term-use:has(.gloss:not([hidden])) a")
    )
    window = page.viewport_size
    inside = tip["x"] >= 0 and tip["y"] >= 0 and tip["x"] + tip["width"] <= window["width"]
    return inside and (tip["y"] + tip["height"] <= use["y"] + 2 or tip["y"] >= use["y"] + 2)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("how", ["hover", "focus"])
def test_a_term_says_what_it_means_and_its_other_names(visit, how, width):
    with visit("en/02_fan_in_fan_out.html", width=width) as page:
        before = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        for use in page.locator("a.term:visible").all()[:6]:
            if how == "hover":
                use.hover()
            else:
                page.keyboard.press("Tab")
                use.focus()
            page.wait_for_function("document.querySelectorAll('.gloss:not([hidden])').length === 1")
            assert in_view(page)
            assert (
                page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == before
            )
        use = page.locator("a.term").first
        use.hover() if how == "hover" else use.focus()
        (said,) = tips(page)
        assert "팬인" in said and "扇入" in said and said.index(".") < said.index("팬인")
        page.keyboard.press("Escape")
        assert tips(page) == []


def test_a_finger_opens_a_term_first_and_follows_it_then(visit):
    with visit("ko/02_fan_in_fan_out.html", width=390, has_touch=True, is_mobile=True) as page:
        use = page.locator("a.term").first
        use.tap()
        assert len(tips(page)) == 1 and page.url.endswith("02_fan_in_fan_out.html")
        page.touchscreen.tap(200, 850)
        assert tips(page) == []
        use.tap()
        use.tap()
        page.wait_for_url("**/glossary.html#*")


def test_the_pointer_may_go_to_what_a_term_says(visit):
    with visit("en/02_fan_in_fan_out.html") as page:
        page.locator("a.term").first.hover()
        page.locator(".gloss:visible").hover()
        page.wait_for_timeout(400)
        assert len(tips(page)) == 1
        page.mouse.move(5, 5)
        page.wait_for_timeout(400)
        assert tips(page) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_cheat_sheet_is_one_page_of_paper(visit, edition):
    with visit(f"{edition}/cheatsheet.html", base="file") as page:
        page.emulate_media(media="print")
        pages = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
        assert pages == 1
        page.add_style_tag(content=".bd-article { font-size: 14pt !important }")
        page.evaluate("document.querySelector('article').append(document.querySelector('article').cloneNode(true))")
        assert page.pdf(format="A4").count(b"/Type /Page\n") > 1, "a longer page would be noticed"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_cheat_sheet_is_at_hand(site, edition):
    assert soup(f"{edition}/index.html").select(".way a[href='cheatsheet.html']")


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_link_for_a_hub_stands_beside_its_chapter(site, edition):
    rows = soup(f"{edition}/teaching.html").select("table.hub tbody tr")
    names = [row.a["href"].removesuffix(".html") for row in rows]
    assert names == [Path(path).stem for path in pages(edition) if Path(path).stem[0].isdigit()]
    for name, row in zip(names, rows):
        assert row.code.get_text().endswith(f"/chapters/{edition}/{name}.ipynb")


@pytest.mark.parametrize("edition", read_editions(ROOT), ids=lambda edition: edition.language)
def test_the_minutes_of_a_semester_are_those_of_the_chapters(site, edition):
    written = soup(f"{edition.language}/teaching.html").select_one("#seminar").get_text()
    for path in edition.notebooks:
        under_its_title = soup(f"{edition.language}/{path.stem}.html").select_one(".effort").get_text()
        assert under_its_title.startswith(effort(read(path), None, edition))
        assert effort(read(path), None, edition) in written


def test_the_exam_is_on_no_page(site):
    assert not [path for path in SITE.rglob("*") if path.stem.startswith("exam")]
    for path in SITE.rglob("*.*"):
        if path.suffix in (".html", ".js", ".ipynb", ".md", ".txt"):
            assert not re.search(r"(?<!\w)answer_10(?!\w)", path.read_text("utf8")), path


SHOWN = """figure => {
    const { name, controls } = JSON.parse(figure.querySelector("script").textContent);
    return Object.fromEntries(Object.entries(controls).map(([control, { values }]) => {
        const input = figure.querySelector("fieldset").elements[control];
        return [`${name}.${control}`, values ? String(values[input.value]) : input.getAttribute("aria-valuetext")];
    }));
}"""


def scenes(edition):
    """The states to which the teaching page links, as `page?query#figure`."""
    return [link["href"] for link in soup(f"{edition}/teaching.html").select("article a[href*='?']")]


def test_scenes_of_a_lesson_open_in_their_state(tour):
    """Both editions link to the same, so that each opens half of it."""
    assert scenes("ko") == scenes("en") != []
    with tour() as go:
        for number, scene in enumerate(sorted(set(scenes("en")))):
            link = urlsplit(scene)
            figure = go(f"{EDITIONS[number % 2]}/{scene}").locator(f"#{link.fragment}")
            assert parse_qsl(link.query) and dict(parse_qsl(link.query)).items() <= figure.evaluate(SHOWN).items()
