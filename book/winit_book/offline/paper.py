"""The PDF of an edition: all its pages composed into one, which Chromium prints with the site's own style for paper."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup

from ..building.editions import Edition, stop

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOW_TO_GET_ONE = "no Chromium found; on Debian or Ubuntu: sudo apt-get install chromium fonts-noto-cjk"
# Chromium looks up its maker's hosts at start; without these flags a closed network refuses them by the dozen
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

ALIVE = {"lab"}  # pages that are nothing on paper
NOT_ON_PAPER = (
    "script, template, a.headerlink, details.hide:not([open]), .ways, .again, p.start, "
    ".signal :is(fieldset, output), .code-switch, form.fields, .toctree-wrapper"
)
REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
READY = (
    "() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode())]).then(() => null)"
)
# Where no font has them, all letters of a script look the same: an empty box
BOXES = """() => {
  const letters = [...new Set(document.body.textContent.match(/\\p{Lo}/gu))].slice(0, 9);
  const board = document.createElement("canvas"), context = board.getContext("2d");
  context.font = "24px sans-serif";
  const drawn = letters.map((letter) => {
    context.clearRect(0, 0, board.width, board.height);
    context.fillText(letter, 4, 40);
    return board.toDataURL();
  });
  return drawn.length > 1 && new Set(drawn).size === 1 ? letters.join("") : "";
}"""
FOOTER = '<div style="width: 100%; font: 8px sans-serif; text-align: center"><span class="pageNumber"></span></div>'

# without the padding Chromium finds a heading that begins a page on the page before, too: twice in the outline;
# a ligature in a PDF is one letter, and who looks for "first" would not find it
STYLE = """.bd-article + .bd-article { break-before: page; } :is(h1, h2, h3, h4) { padding-top: 3px; }
.bd-article { font-variant-ligatures: no-common-ligatures; }"""
PAPER = """<!DOCTYPE html>
<html lang="{language}" data-theme="light" data-mode="light"><head><meta charset="utf-8"><title>{title}</title>
{head}
<style>{style}</style></head>
<body><div class="bd-container"><div class="bd-container__inner bd-page-width"><main class="bd-main">
<div class="bd-content"><div class="bd-article-container">
{articles}
</div></div></main></div></div></body></html>
"""


def compose(site: Path, edition: Edition, base_url: str = "") -> str:
    """One page that holds the articles of all pages of an edition; it belongs into the edition's folder."""
    pages = [page for page in edition.pages if page not in ALIVE]
    head, articles = {}, []
    for page in pages:
        soup = BeautifulSoup((site / edition.language / f"{page}.html").read_text("utf8"), "html.parser")
        for node in soup.head.select("link[rel=stylesheet]"):
            head[str(node)] = None  # each once, in the order of the pages
        articles.append(str(article(soup, page, pages, f"{base_url}{edition.language}/" if base_url else "")))
    words = {"language": edition.language, "title": edition.catalogue["title"], "style": STYLE}
    return PAPER.format(**words, head="\n".join(head), articles="\n".join(articles))


def article(soup: BeautifulSoup, page: str, pages: list[str], base_url: str):
    """What a page says, ready to stand on paper beside all the others."""
    node = soup.select_one("article.bd-article")
    for left_out in node.select(NOT_ON_PAPER):
        left_out.decompose()
    for fold in node.select("details"):
        fold["open"] = ""
    for element in node.find_all(True):
        if "id" in element.attrs:
            element["id"] = f"{page}--{element['id']}"
        for name in set(REFERENCES) & element.attrs.keys():
            names = element[name] if isinstance(element[name], list) else element[name].split()
            element[name] = " ".join(f"{page}--{other}" for other in names)
        if element.name == "a" and "href" in element.attrs:
            target = inside(element["href"], page, pages, base_url)
            if target:
                element["href"] = target
            else:
                del element["href"]
        if element.name == "img" and "loading" in element.attrs:
            del element["loading"]
    node["id"] = page
    return node


def inside(href: str, page: str, pages: list[str], base_url: str = "") -> str:
    """Where a link of a page leads on paper: into the composed page, to the web, or nowhere (an empty string).

    Examples
    --------
    >>> pages = ["index", "03_xavier"]
    >>> inside("03_xavier.html?kernel=3#glorot", "index", pages), inside("#limits", "03_xavier", pages)
    ('#03_xavier--glorot', '#03_xavier--limits')
    >>> inside("lab.html", "index", pages), inside("lab.html", "index", pages, "https://host/winit/en/")
    ('', 'https://host/winit/en/lab.html')
    """
    address, fragment = urldefrag(href)
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return href
    target = parts.path.removesuffix(".html") if parts.path else page
    if target in pages:
        return f"#{target}--{fragment}" if fragment else f"#{target}"
    return urljoin(base_url, href) if base_url else ""


def print_pdf(browser, source: Path, target: Path) -> None:
    """Print a composed page once its letters and pictures are there.

    Raises
    ------
    SystemExit
        With one line where no font here has the letters of its language.
    """
    page = browser.new_page()
    page.set_default_timeout(600_000)
    page.goto(source.as_uri())
    page.evaluate(READY)
    if letters := page.evaluate(BOXES):
        raise stop(f"no font here has the letters {letters}; on Debian or Ubuntu: sudo apt-get install fonts-noto-cjk")
    options = {"format": "A4", "prefer_css_page_size": True, "print_background": True, "outline": True, "tagged": True}
    page.pdf(
        path=target, display_header_footer=True, header_template="<span></span>", footer_template=FOOTER, **options
    )
    page.close()
