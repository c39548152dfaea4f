"""Search, edition by edition: the sections of all pages as one script, in which book/assets/search-ranking.js looks.

Sphinx's own search knows pages and not sections, has nothing for Korean, and shows the source of a page, formulas and
code included. What is written here is read by nothing but the page `search`, and it needs no server.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from ..appendices.glossary import read_terms
from ..appendices.misconceptions import PAGE as MISCONCEPTIONS
from ..building.editions import edition_of
from ..paths import BOOK, read_yaml
from .folds import fold, summary
from .page import plain_text
from .results import TABLE
from .tasks import exercise

HEADS = (nodes.title, nodes.term, addnodes.desc_signature)
TAG = re.compile("<[^>]*>")
WORD = re.compile(r"\d[\d.e+-]*\d|\w*[^\W\d]\w*")  # of code, where a digit alone says nothing


# What the core of a chapter says is found there first, before what goes deeper and before the list of misconceptions.
DEEPER, LISTED = 0.95, 0.85


@dataclass
class Part:
    """What a hit leads to: a section, a term, an exercise, its solution, a name of the package.

    `prose` is what a hit shows; in `code` stand listings and what cells print, which are only found. `share` weighs it.
    """

    anchor: str
    title: str
    share: float = 1
    prose: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def parts(document: nodes.document) -> list[Part]:
    """The parts of a page in their order, each without those inside it."""
    found: list[Part] = []
    _gather(document, Part("", ""), found)
    return found


def _gather(node, part, found):
    start = _start(node)
    if start:
        part = Part(*start, DEEPER if "deeper" in node["classes"] else part.share)
        found.append(part)
    if isinstance(node, nodes.math_block):
        part.prose.append("…")
    elif isinstance(node, nodes.raw):
        if TABLE.search(node.astext()):
            part.code.append(unescape(TAG.sub(" ", node.astext())))
    elif isinstance(node, nodes.FixedTextElement):
        part.code.append(node.astext())
    elif isinstance(node, nodes.table):
        rows = (" · ".join(map(plain_text, row)) for row in node.findall(nodes.row))
        part.prose.append(" / ".join(rows))
    elif isinstance(node, nodes.TextElement):
        if not isinstance(node, HEADS) and not (isinstance(node, summary) and node.parent["ids"]):
            part.prose.append(plain_text(node))
    else:
        for child in node.children:
            _gather(child, part, found)


def _start(node) -> tuple[str, str] | None:
    """The anchor and the title of a part that begins with the node."""
    if isinstance(node, nodes.section):
        return node["ids"][0], plain_text(next(node.findall(nodes.title)))
    if isinstance(node, nodes.definition_list_item) and node[0]["ids"]:
        other = [child for child in node[0].findall(nodes.inline) if "other" in child["classes"]]  # languages
        return node[0]["ids"][0], plain_text(node[0]).partition(f" {other[0].astext()}" if other else "\n")[0]
    if isinstance(node, addnodes.desc) and node[0]["ids"]:
        return node[0]["ids"][0], node[0]["ids"][0]
    if isinstance(node, fold) and node["ids"]:
        task = f"{_name(node.parent)} " if isinstance(node.parent, exercise) else ""
        return node["ids"][0], task + plain_text(node[0])
    if isinstance(node, (exercise, nodes.container)) and node["ids"]:
        return node["ids"][0], _name(node)
    return None


def _name(box) -> str:
    """What stands out in a box, or begins it."""
    return plain_text(next(box.findall(nodes.strong), None) or next(box.findall(nodes.paragraph), box))


def rows(page: str, document: nodes.document) -> list[list]:
    """The parts of a page as search-ranking.js reads them."""
    found = []
    for part in parts(document):
        prose = " ".join(part.prose)
        code = dict.fromkeys(WORD.findall(" ".join(part.code)))
        share = LISTED if page == MISCONCEPTIONS else part.share
        found.append([page, part.anchor, part.title, prose, " ".join(code), share])
    return found


def names() -> list[list[str]]:
    """Names for the same thing in all languages: the rows of the glossary, joined with those of `book/synonyms.yml`."""
    rows = [{*term.words.values(), *term.also} for term in read_terms()]
    rows += map(set, read_yaml(BOOK / "synonyms.yml"))
    groups: list[set[str]] = []
    for row in rows:
        same = [group for group in groups if group & row]
        groups = [*(group for group in groups if group not in same), row.union(*same)]
    return [sorted(group) for group in groups]


def setup(app):
    app.connect("config-inited", _add_page)
    app.connect("builder-inited", _replace)
    app.connect("html-page-context", _prepare)
    app.connect("build-finished", _write)


def _add_page(app, config):
    config.html_additional_pages = {**config.html_additional_pages, "search": "search.html"}


def _replace(app):
    app.builder.search = False  # no index of Sphinx's own


def _noted(app, page: str) -> Path:
    """Where the rows of a page wait for those of the others."""
    return Path(app.outdir).parent / "search" / f"{page}.json"


def _prepare(app, pagename, templatename, context, doctree):
    """Note the rows of a page that is written; the page of search gets its scripts."""
    if doctree is not None:
        _noted(app, pagename).parent.mkdir(exist_ok=True)
        _noted(app, pagename).write_text(json.dumps(rows(pagename, doctree)), "utf8")
    if pagename == "search":
        for name in ("search-ranking.js", "search.js"):
            app.add_js_file(name, loading_method="defer")


def _write(app, exception):
    """All that the scripts of the page need; search-ranking.js says how it is laid out."""
    if exception is None:
        pages = edition_of(app).pages
        found = [row for page in pages for row in json.loads(_noted(app, page).read_text("utf8"))]
        index = {"pages": {page: plain_text(app.env.titles[page]) for page in pages}, "parts": found, "names": names()}
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / "search-index.js").write_text(f"window.winitIndex = {text};\n", "utf8")
