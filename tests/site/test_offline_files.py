"""The files for a room without a network, made from the built site: the zip unpacked and opened, the PDFs read."""

import re
import subprocess
import sys
import zipfile
from itertools import chain

import pytest
from bs4 import BeautifulSoup
from the_site import EDITIONS, SITE
from winit_book.building.editions import EXAM, read_editions
from winit_book.building.stored import read
from winit_book.paths import ROOT

pytestmark = pytest.mark.slow

ZIP_BYTES, PDF_BYTES = 15e6, 25e6
PAGES = {edition.language: [page for page in edition.pages if page != "lab"] for edition in read_editions(ROOT)}


@pytest.fixture(scope="module")
def dist(site, chromium, tmp_path_factory):
    """The files; in a process of its own, because Playwright runs once in each."""
    folder = tmp_path_factory.mktemp("offline") / "dist"
    command = [sys.executable, "-m", "winit_book.offline", folder]
    result = subprocess.run(command, cwd=ROOT / "book", capture_output=True, text=True, encoding="utf8")
    assert result.returncode == 0, result.stderr[-3000:]
    names = ["winit-offline.zip", *(f"winit-{language}.pdf" for language in EDITIONS)]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names), "nothing half-written stays"
    return folder


@pytest.fixture(scope="module")
def unpacked(dist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(dist / "winit-offline.zip") as archive:
        archive.extractall(folder)
    return folder / "winit-offline"


@pytest.fixture
def bases(unpacked, serve):
    return serve(unpacked / "site")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request):
    return request.param


@pytest.fixture(scope="module")
def pdf(dist, edition):
    from pypdf import PdfReader

    return PdfReader(dist / f"winit-{edition}.pdf")


def soup(edition, page):
    """What a built page says."""
    article = BeautifulSoup((SITE / edition / f"{page}.html").read_text("utf8"), "html.parser").article
    for link in article.select(".headerlink"):
        link.decompose()
    return article


def squeezed(text):
    return re.sub(r"\s", "", text)


# ---- the zip ----


def test_the_zip_is_small_and_holds_all(dist, unpacked, edition):
    assert (dist / "winit-offline.zip").stat().st_size <= ZIP_BYTES
    wheel = next(unpacked.glob("winit-*.whl"))
    readme = (unpacked / "README.txt").read_text("utf8")
    assert readme.count(wheel.name) == len(EDITIONS) and f"chapters/{edition}" in readme
    notebooks = {path.name for path in (unpacked / "chapters" / edition).glob("*.ipynb")}
    assert notebooks == {path.name for path in (ROOT / "chapters" / edition).glob("[0-9]*.ipynb")}


def test_no_file_for_students_holds_the_exam(unpacked, pdf, edition):
    exam = read(ROOT / "chapters" / edition / EXAM)
    signs = {exam.cells[0].source.splitlines()[0].removeprefix("# "), "answer_1 ", "answer_10 ", "MISTAKES"}
    assert all(sign in "\n".join(cell.source for cell in exam.cells) for sign in signs)
    assert not [path for path in unpacked.rglob("*") if path.stem.startswith("exam")]
    texts = [path.read_text("utf8") for path in unpacked.rglob("*") if path.suffix in (".html", ".js", ".md", ".ipynb")]
    texts.append("\n".join(page.extract_text() for page in pdf.pages))
    assert not [sign for sign in signs for text in texts if re.search(rf"(?<!\w){sign}", text)]


def test_no_link_of_the_zip_is_dead(unpacked, edition):
    for path in (unpacked / "site" / edition).glob("*.html"):
        page = BeautifulSoup(path.read_text("utf8"), "html.parser")
        for node in page.select("[href], [src]"):
            target = re.split("[?#]", node.get("href") or node.get("src"))[0]
            if target and not re.match("[a-z]+:", target):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize(
    "chapter, picture, named", [("02_fan_in_fan_out", "svg[aria-label]", "aria-label"), ("05_choosing", "img", "src")]
)
def test_formulas_and_explorers_live_as_a_file(visit, edition, chapter, picture, named):
    with visit(f"{edition}/{chapter}.html", base="file") as page:
        assert page.locator("article .math").count() == page.locator("article .math math").count() > 0
        figure = page.locator("figure.explorer").first
        figure.scroll_into_view_if_needed()
        before = figure.locator(picture).get_attribute(named)
        figure.locator("input").first.press("ArrowLeft")
        other = "([node, named, before]) => node.getAttribute(named) !== before"
        page.wait_for_function(other, arg=[figure.locator(picture).element_handle(), named, before])


@pytest.mark.parametrize("language, query", [("ko", "분산을"), ("en", "variance")])
def test_search_lives_as_a_file(search, language, query):
    assert any(hit.startswith("02_fan_in_fan_out#") for hit in search(language, query, base="file")[0])


def test_the_lab_lives_as_a_file(visit, edition):
    with visit(f"{edition}/lab.html?depth=4&width=8&batch=4", base="file") as page:
        page.wait_for_selector("#lab[data-stage=done]", timeout=60_000)


# ---- the PDFs ----


def test_an_outline_of_all_pages_and_their_sections(pdf, edition):
    tops = [entry for entry in pdf.outline if not isinstance(entry, list)]
    assert [squeezed(entry.title) for entry in tops] == [
        squeezed(soup(edition, page).h1.text) for page in PAGES[edition]
    ]
    assert len(pdf.outline) > len(tops), "sections"
    starts = [pdf.get_destination_page_number(entry) for entry in tops]
    assert starts == sorted(set(starts)), "each page of the course begins on a page of its own"


def test_the_words_of_every_page_can_be_extracted(pdf, dist, edition):
    assert (dist / f"winit-{edition}.pdf").stat().st_size <= PDF_BYTES
    starts = [pdf.get_destination_page_number(entry) for entry in pdf.outline if not isinstance(entry, list)]
    for name, start in zip(PAGES[edition], starts, strict=True):
        text, article = squeezed(pdf.pages[start].extract_text()), soup(edition, name)
        first = next(node for node in article.select("p") if not node.select(".math"))
        for node in (article.h1, first):
            assert squeezed(node.text) in text, name


def test_formulas_are_drawn_not_spelled(pdf, edition):
    spelled = re.compile(r"\\\(|\\\[|\\(frac|mathbb|operatorname|sum)\b")
    code = "".join(node.text for page in PAGES[edition] for node in soup(edition, page).select("pre, code"))
    for number, page in enumerate(pdf.pages):
        found = spelled.search(page.extract_text())
        assert not found or found[0] in code, f"page {number + 1}: {found}"


def test_links_lead_inside_or_to_the_web(pdf, edition):
    """The list of chapters on the first pages leads to where they begin."""
    links = [[note.get_object() for note in page.get("/Annots", [])] for page in pdf.pages]
    for link in chain.from_iterable(links):
        assert "/Dest" in link or link["/A"]["/URI"].startswith(("http", "mailto:")), link
    starts = [pdf.get_destination_page_number(entry) for entry in pdf.outline if not isinstance(entry, list)]
    names = [link["/Dest"] for page in links[: starts[1]] for link in page if "/Dest" in link]
    led = [pdf.get_destination_page_number(pdf.named_destinations[str(name)]) for name in names]
    assert led == starts[1:]


def test_no_figure_is_cut_in_two(pdf, edition):
    figures = list(tagged(pdf.root_object["/StructTreeRoot"], "/Figure"))
    pictures = sum(len(soup(edition, page).select("figure img")) for page in PAGES[edition])
    assert sum("/Alt" in figure for figure in figures) >= pictures > 0
    for figure in figures:
        assert len(set(pages_of(figure))) == 1, figure.get("/Alt")


def children(node):
    kids = node.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    return [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]


def tagged(node, tag):
    """The structure elements of a kind, in order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if hasattr(node, "get"):
            if node.get("/S") == tag:
                yield node
            waiting.extend(reversed(children(node)))


def pages_of(node):
    """The pages on which a structure element has something."""
    for kid in children(node):
        if hasattr(kid, "get"):
            if kid.get("/Type") in ("/MCR", "/OBJR"):
                yield (kid if "/Pg" in kid else node).raw_get("/Pg").idnum
            else:
                yield from pages_of(kid)
        else:
            yield node.raw_get("/Pg").idnum
