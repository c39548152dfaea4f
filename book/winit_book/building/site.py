"""The site: run the notebooks once, build every edition in a process of its own, then replace the old site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from sqlalchemy.exc import SQLAlchemyError

from ..content.templates import TEMPLATES
from ..paths import BOOK
from ..supply import notices
from . import made, sheet
from .alone import heirs, wait_for_others
from .card import card
from .editions import Edition, read_editions, stop
from .execution import fill_cache
from .in_step import check_code
from .remote import BRANCH, github, launched, pages_url
from .sound import require_sound
from .sources import check_sources
from .warned import Warned

# of a staged edition, what is of no use to the site: notes of the build, fonts, scripts and pictures of the themes
LEFT_BEHIND = shutil.ignore_patterns(
    ".buildinfo", "objects.inv", "vendor", "scripts", "theme.css", "images", "locales", "*.map", "*macros.html"
)
BUILT_WITH_WARNINGS = 1  # the exit code of an edition that was built to its end


def prepare(app, config) -> None:
    """Make a plain `jupyter-book build .` a build of the root page alone, away from the site that stands."""
    root = Path(app.srcdir)
    wait_for_others(root)
    app.outdir = type(app.outdir)(_stage(root) / "root")
    words = {"catalogue": read_editions(root)[0].catalogue}
    app.connect("html-page-context", lambda app, page, template, context, doctree: context.update(words))
    toc = _stage(root) / "root-toc.yml"
    toc.parent.mkdir(parents=True, exist_ok=True)
    toc.write_text(yaml.safe_dump({"format": "jb-book", "root": "chapters/index"}), "utf8")
    config.external_toc_path = str(toc)
    config.include_patterns = ["chapters/index.md"]


def build(app, exception) -> None:
    """After it, build the site."""
    if exception:
        return
    if app._warncount:
        raise stop("the root page has warnings, see above; the old site stands")
    make(Path(app.srcdir))


def make(root: Path) -> None:
    """Build the editions and put the new site in place of the old one."""
    wait_for_others(root)
    take_back(root)
    start, sources = time.perf_counter(), made.sources_of_site(root)
    editions = read_editions(root)  # fails before anything is built, and so do the next three lines
    check_code(editions)
    check_sources(root, editions)
    require_sound(editions)
    if github(root) and not launched(root):
        print(f"no branch {BRANCH!r} here: pages get no buttons for Binder and Colab (make launch, or fetch it)")
    try:
        fill_cache(root, editions[0].notebooks)
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            failed = {edition.language: told for edition, told in zip(editions, pool.map(_run, editions)) if told}
        if failed:
            reasons = "\n".join(reason for told in failed.values() for reason in told)
            raise SystemExit(f"\n{reasons}" + str(stop(f"the edition {', '.join(failed)} failed; the old site stands")))
        _replace(root, editions)
        made.remember(root / "_build" / "html", sources)
    except (OSError, SQLAlchemyError) as error:  # a full disk, for one
        shutil.rmtree(root / "_build" / ".new", ignore_errors=True)
        first = error.args[0][0][2] if isinstance(error, shutil.Error) else error  # of a tree, shutil lists them all
        raise stop(f"the build broke off: {str(first).splitlines()[0]}; the old site stands") from None
    print(f"the site is in _build/html, made in {time.perf_counter() - start:.0f} s")


def _stage(root: Path) -> Path:
    return root / "_build" / ".stage"


def _run(edition: Edition) -> list[str]:
    """Build one edition in a process of its own; its output appears line by line with its name in front.

    Returns
    -------
    list of str
        Why it failed, a line each: its warnings, or the last words of a process that broke off. Empty if it did not.
    """
    root = edition.sources[0].parents[2]
    stage = _stage(root) / edition.language
    html, sources = stage / "html", made.sources_of_edition(root, edition.language)
    if made.stands(html, sources):
        return []
    before = made.remembered(html)
    if before.get("read") != sources["read"]:  # also where a build was broken off
        shutil.rmtree(stage, ignore_errors=True)
    elif before["written"] != sources["written"] or before["files"] != made.digest(html, "**/*"):
        shutil.rmtree(html)  # what was read is as good as it was
    for page in html.glob("*.html"):
        page.touch()  # it is up to date, whatever Sphinx would conclude from the date of its source
    made.forget(html)

    command = [sys.executable, "-m", "winit_book.building.edition", edition.language]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(BOOK), os.environ.get("PYTHONPATH", "")]),
        "PYTHONIOENCODING": "utf8",  # at both ends of the pipe, whatever the locale says
    }
    warnings, last = [], ""
    with subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
        errors="replace",
        **heirs(),
    ) as process:
        for line in process.stdout:
            warning = Warned.read(line, root)
            warnings += [warning] if warning else []
            last = line.strip() or last
            print(f"[{edition.language}] {warning or line.rstrip()}", flush=True)
    if not process.returncode:
        made.remember(html, sources)
        return []
    if process.returncode == BUILT_WITH_WARNINGS and warnings and all(warning.page for warning in warnings):
        # An incremental build would not repeat what it said of a page it has read. So these pages are read again; the
        # others are as good as they were.
        for warning in warnings:
            (stage / "doctrees" / warning.page).with_suffix(".doctree").unlink(missing_ok=True)
        made.remember(html, sources | {"pages": "some with warnings"})
    else:  # it broke off, or nobody knows which page would have to be read again
        shutil.rmtree(stage, ignore_errors=True)
    return [str(warning) for warning in dict.fromkeys(warnings)] or [f"{edition.language}: {last}"]


def take_back(root: Path) -> None:
    """The old site, where a build was killed just when it had put it aside."""
    old, site = (root / "_build" / name for name in (".old", "html"))
    if old.exists() and not site.exists():
        old.rename(site)


def _replace(root: Path, editions: list[Edition]) -> None:
    """Assemble the site beside the old one and swap them."""
    new, old, site = (root / "_build" / name for name in (".new", ".old", "html"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    for edition in editions:
        source = _stage(root) / edition.language / "html"
        shutil.copytree(source, new / edition.language, ignore=LEFT_BEHIND)
    shared = new / "shared"
    shared.mkdir()
    for asset in [*(root / "book" / "shared").glob("*"), *card(root)]:
        shutil.copy(asset, shared)
    (shared / "licences.txt").write_text(notices(), "utf8")
    sheet.write(new, [edition.language for edition in editions])
    templates = TEMPLATES.overlay(trim_blocks=False)
    words = {"editions": editions, "base_url": pages_url(github(root))}
    for template, page in {"root.html": "index.html", "404.html": "404.html"}.items():
        (new / page).write_text(templates.get_template(template).render(words), "utf8")
    if words["base_url"]:
        (new / "sitemap.xml").write_text(sitemap(words["base_url"], editions), "utf8")
    (new / ".nojekyll").touch()
    if site.exists():
        site.rename(old)
    try:
        new.rename(site)
    except OSError:
        take_back(root)
        raise
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
