"""The course for a room without a network: `make offline` writes `dist/winit-offline.zip` and one PDF an edition.

The zip holds the built site as it is, what the pages can do without, the notebooks without their outputs and a wheel of
`winit`. A PDF is printed by Chromium from one page that is composed of all pages of an edition, with the site's own
stylesheet for paper. Everything is written beside `dist/` and moved there when all of it succeeded.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup

from ..building.editions import Edition, read_editions, stop
from ..building.remote import github, pages_url
from ..paths import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOW_TO_GET_ONE = "no Chromium found; on Debian or Ubuntu: sudo apt-get install chromium fonts-noto-cjk"
# Chromium looks up its maker's hosts at start; without these flags a closed network refuses them by the dozen
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

NAME = "winit-offline"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of every file: the same course gives the same zip
UNUSED = (".map", ".ttf")  # for debuggers, and for browsers that know no woff2

ALIVE = {"lab"}  # pages that are nothing on paper
NOT_ON_PAPER = "script, template, a.headerlink, details.hide:not([open]), .ways, .toctree-wrapper"
REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
# how many formulas are not drawn, once everything is there
READY = """() => Promise.all([MathJax.startup.promise, document.fonts.ready,
    ...[...document.images].map((image) => image.decode())]).then(() =>
    document.querySelectorAll(".math:not(:has(mjx-container svg)), [data-mml-node=merror]").length)"""
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
        for node in soup.head.select("link[rel=stylesheet], script"):
            if node.name == "link" or "tex-svg" in node.get("src", "") or "window.MathJax" in node.get_text():
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
    """Print a composed page once its formulas and pictures are there."""
    page = browser.new_page()
    page.set_default_timeout(600_000)
    page.goto(source.as_uri())
    errors = page.evaluate(READY)
    if errors:
        raise stop(f"{target.name}: {errors} formulas cannot be drawn")
    options = {"format": "A4", "prefer_css_page_size": True, "print_background": True, "outline": True, "tagged": True}
    page.pdf(
        path=target, display_header_footer=True, header_template="<span></span>", footer_template=FOOTER, **options
    )
    page.close()


def write_zip(site: Path, editions: list[Edition], wheel: Path, target: Path) -> None:
    """The site, the notebooks of all editions and the wheel in one file."""
    readme = "\n".join(edition.catalogue["offline"].format(wheel=wheel.name) for edition in editions)
    files = {"README.txt": readme.encode(), wheel.name: wheel.read_bytes()}
    for path in site.rglob("*"):
        name = path.relative_to(site)
        if path.is_file() and path.suffix not in UNUSED and "_sources" not in name.parts:
            files[f"site/{name.as_posix()}"] = path.read_bytes()
    for edition in editions:
        for path in edition.sources:
            content = without_outputs(path.read_text("utf8")) if path.suffix == ".ipynb" else path.read_text("utf8")
            files[f"chapters/{edition.language}/{path.name}"] = content.encode()
        for page in edition.pages:  # their notebooks lie in chapters/ now
            name = f"site/{edition.language}/{page}.html"
            moved = f'href="../../chapters/{edition.language}/'.encode()
            files[name] = files[name].replace(b'href="_sources/', moved)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{NAME}/{name}", EPOCH), files[name], zipfile.ZIP_DEFLATED)


def without_outputs(notebook: str) -> str:
    """A notebook that has not been run: the outputs stand on its page, and twice they would not fit."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def build_wheel(root: Path, folder: Path) -> Path:
    """The wheel of `winit`, the same bytes in every build."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": "315532800"}
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", folder, root]
    if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
        raise stop("the wheel of winit could not be built, see above")
    return next(folder.glob("*.whl"))


def write(root: Path, dist: Path) -> list[Path]:
    """Make everything beside `dist`, then move it there; the files."""
    site, editions = root / "_build" / "html", read_editions(root)
    if not (site / "index.html").exists():
        raise stop("there is no built site: run `make book` first")
    if CHROMIUM is None:
        raise stop(HOW_TO_GET_ONE)
    from playwright.sync_api import sync_playwright

    dist.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=dist) as name, sync_playwright() as playwright:
        new = Path(name)
        made = [new / f"{NAME}.zip"]
        write_zip(site, editions, build_wheel(root, new), made[0])
        shutil.copytree(site, new / "site")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for edition in editions:
            made.append(new / f"winit-{edition.language}.pdf")
            source = new / "site" / edition.language / "paper.html"
            source.write_text(compose(site, edition, pages_url(github(root))), "utf8")
            print_pdf(browser, source, made[-1])
        browser.close()
        return [file.replace(dist / file.name) for file in made]


def main(dist: Path = ROOT / "dist") -> None:
    """Write the files and say how large they are."""
    start = time.perf_counter()
    for file in write(ROOT, dist):
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    print(f"in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
