"""What makes two editions one site: languages, switches to the same section, alternates, pictures."""

import re

import pytest
from the_site import EDITIONS, SITE, pages, soup
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

OTHERS = {edition: [other for other in EDITIONS if other != edition] for edition in EDITIONS}
CHAPTERS = [name for name in read_editions(ROOT)[0].pages if name[0].isdigit()]


def test_the_root_page_offers_every_edition_and_does_not_redirect(site):
    page = soup("index.html")
    assert {link["href"] for link in page.select("main a[hreflang]")} == {f"{e}/index.html" for e in EDITIONS}
    for edition in EDITIONS:
        assert page.select_one(f"section[lang={edition}]").get_text(strip=True)
    assert not page.select("meta[http-equiv], script")


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_speaks_its_language_and_links_to_the_other(site, edition):
    assert pages(edition)
    for path in pages(edition):
        page, name = soup(path), path.partition("/")[2]
        assert page.html["lang"] == edition
        assert {link["href"] for link in page.select("a[hreflang]")} == {f"../{e}/{name}" for e in OTHERS[edition]}
        assert all((SITE / other / name).exists() for other in OTHERS[edition])
        alternates = {link["hreflang"]: link["href"] for link in page.select("link[rel=alternate][hreflang]")}
        assert set(alternates) == {*EDITIONS, "x-default"}
        assert all(alternates[language].endswith(f"{language}/{name}") for language in EDITIONS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_describes_itself(site, edition):
    for path in pages(edition):
        content = {tag.get("name") or tag.get("property"): tag.get("content") for tag in soup(path).select("meta")}
        for key in ("description", "og:title", "og:description", "og:type", "og:image", "og:image:alt", "og:locale"):
            assert content.get(key), f"{path}: no {key}"
        assert content["og:image"].endswith("shared/card.png")
        assert (SITE / "shared" / "card.png").exists()
        if edition == "ko":
            assert re.search("[가-힣]", content["description"])


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_same_anchors_in_every_edition(site, name):
    found = [
        [
            tag["id"]
            for tag in soup(f"{edition}/{name}.html").select("main section[id], main figure[id], main .math[id]")
        ]
        for edition in EDITIONS
    ]
    assert all(other == found[0] for other in found)
    assert len(found[0]) > 3


def test_the_switch_leads_to_the_section_in_view(visit):
    with visit("ko/02_fan_in_fan_out.html#variance") as page:
        page.click("a.language-switch[hreflang=en]")
        page.wait_for_url("**/en/02_fan_in_fan_out.html#variance")
        page.evaluate("document.getElementById('backward').scrollIntoView({ behavior: 'instant' })")
        page.click("a.language-switch[hreflang=ko]")
        page.wait_for_url("**/ko/02_fan_in_fan_out.html#backward")


def test_the_switch_works_without_scripts(visit):
    with visit("en/02_fan_in_fan_out.html", java_script_enabled=False) as page:
        page.click("a.language-switch[hreflang=ko]")
        assert page.url.endswith("/ko/02_fan_in_fan_out.html")
