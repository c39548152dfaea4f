"""The root build: run the notebooks once, build every edition in a process of its own, then replace the old site."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from ..paths import BOOK
from .card import card
from .editions import Edition, read_editions, stop
from .execution import digest, fill_cache
from .remote import github, pages_url
from .sources import check_sources


def prepare(app, config) -> None:
    """Make the root build a build of the root page alone, away from the site that stands."""
    app.outdir = type(app.outdir)(_stage(app.srcdir) / "root")
    editions = read_editions(Path(app.srcdir))  # fails before anything is built, and so does the next line
    check_sources(Path(app.srcdir), editions)
    words = {"catalogue": editions[0].catalogue}
    app.connect("html-page-context", lambda app, page, template, context, doctree: context.update(words))
    toc = _stage(app.srcdir) / "root-toc.yml"
    toc.parent.mkdir(parents=True, exist_ok=True)
    toc.write_text(yaml.safe_dump({"format": "jb-book", "root": "chapters/index"}), "utf8")
    config.external_toc_path = str(toc)
    config.include_patterns = ["chapters/index.md"]


def build(app, exception) -> None:
    """Build the editions and put the new site in place of the old one."""
    if exception:
        return
    if app._warncount:
        raise stop("the root page has warnings, see above; the old site stands")
    root = Path(app.srcdir)
    editions = read_editions(root)
    print("\nexecuting the notebooks whose code or helpers changed ...", flush=True)
    fill_cache(root, editions[0].notebooks)

    fresh = _is_fresh(root)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        failed = [edition.language for edition, code in zip(editions, pool.map(_run, editions)) if code]
    if failed:
        raise stop(f"the edition {', '.join(failed)} failed, see above; the old site stands")
    fresh()
    _replace(root, editions, app.builder.templates)


def _stage(root: str | Path) -> Path:
    return Path(root) / "_build" / ".stage"


def _is_fresh(root: Path):
    """Drop what earlier builds read when the machinery changed; return a function that notes its state."""
    state = digest(root, "book/**/*", "_config.yml", "winit/**/*", "chapters/*/_*")
    note = _stage(root) / "machinery"
    if not note.exists() or note.read_text() != state:
        for language in _stage(root).glob("*/doctrees"):
            shutil.rmtree(language.parent)
    note.unlink(missing_ok=True)
    return lambda: note.write_text(state)


def _run(edition: Edition) -> int:
    """Build one edition in a process of its own; its output appears line by line with its name in front."""
    command = [sys.executable, "-m", "winit_book.building.edition", edition.language]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(BOOK), os.environ.get("PYTHONPATH", "")])}
    root = edition.sources[0].parents[2]
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf8"
    ) as process:
        for line in process.stdout:
            print(f"[{edition.language}] {line}", end="", flush=True)
    if process.returncode:  # an incremental build would not repeat the warnings that made it fail
        shutil.rmtree(_stage(root) / edition.language, ignore_errors=True)
    return process.returncode


def _replace(root: Path, editions: list[Edition], templates) -> None:
    """Assemble the site beside the old one and swap them."""
    new, old, site = (root / "_build" / name for name in (".new", ".old", "html"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    for edition in editions:
        source = _stage(root) / edition.language / "html"
        shutil.copytree(source, new / edition.language, ignore=shutil.ignore_patterns(".buildinfo", "objects.inv"))
    shared = new / "shared"
    shared.mkdir()
    shutil.copy(mathjax(), shared)
    for asset in [*(root / "book" / "shared").glob("*"), *card(root)]:
        shutil.copy(asset, shared)
    words = {"editions": editions, "base_url": pages_url(github(root))}
    for template, page in {"root.html": "index.html", "404.html": "404.html"}.items():
        (new / page).write_text(templates.render(template, words), "utf8")
    if words["base_url"]:
        (new / "sitemap.xml").write_text(sitemap(words["base_url"], editions), "utf8")
    (new / ".nojekyll").touch()
    if site.exists():
        site.rename(old)
    new.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def sitemap(base_url: str, editions: list[Edition]) -> str:
    """Every page, with its counterparts in the other languages, for search engines."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for page in editions[0].pages:
        address = {edition.language: f"{base_url}{edition.language}/{page}.html" for edition in editions}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{url}"/>' for language, url in address.items()
        )
        lines += [f"<url><loc>{url}</loc>{others}</url>" for url in address.values()]
    return "\n".join([*lines, "</urlset>", ""])


def mathjax() -> Path:
    """The one file of MathJax that the pages need; it comes with sphinx-mathjax-offline."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    return Path(package.submodule_search_locations[0]) / "static" / "mathjax" / "tex-svg.js"
