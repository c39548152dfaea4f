"""From an explorer's data to a figure that answers without a kernel: controls, picture, numbers, caption.

The data comes from page_form.py and knows no language; what an edition calls the names in it stands under ``explorer``
in its catalogue. The template writes the figure that stands without a script, and book/assets/explorer.js
makes it move.
"""

from __future__ import annotations

import json
import re

from docutils import nodes
from jinja2 import Environment, FileSystemLoader
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ..building.editions import edition_of
from ..paths import BOOK
from .page import icon
from .page_form import PAGE_BYTES
from .tree import parents

logger = logging.getLogger(__name__)

DATA = re.compile(r'<script type="application/json" class="explorer">(.*)</script>', re.DOTALL)
TEMPLATES = Environment(loader=FileSystemLoader(BOOK / "templates"), autoescape=True, trim_blocks=True)


class explorer(nodes.General, nodes.Element):
    """An explorer: its `data` as page_form.py gave it, and an `alt` text for its pictures."""


class Find(SphinxTransform):
    """Make nodes of what the notebooks put out, before `chapter.Comments` makes figures of them."""

    default_priority = 210

    def apply(self):
        for raw in list(self.document.findall(nodes.raw)):
            match = DATA.fullmatch(raw.astext().strip())
            if match:
                found = explorer("", data=json.loads(match[1]), alt="")
                found.source, found.line = raw.source, raw.line
                raw.replace_self(found)


def setup(app):
    app.add_transform(Find)
    app.add_node(explorer, html=(_visit, _depart))
    app.connect("doctree-read", _mark_figures)
    app.connect("html-page-context", _add_assets)


def _mark_figures(app, doctree):
    size, found = 0, None
    for found in doctree.findall(explorer):
        figure = next(parent for parent in parents(found) if isinstance(parent, (nodes.figure, nodes.document)))
        figure["classes"].append("explorer")
        size += len(json.dumps(found["data"]))
    if size > PAGE_BYTES:
        logger.warning(f"the explorers of the page take {size} bytes, more than {PAGE_BYTES}", location=found)


def _add_assets(app, pagename, templatename, context, doctree):
    if doctree and any(doctree.findall(explorer)):
        app.add_js_file("explorer.js", loading_method="defer")
        app.add_css_file("explorer.css")
        context["favicon_url"] = icon()


def _visit(self, node):
    data, words = node["data"], edition_of(self.builder.app).catalogue["explorer"]
    for word in data["words"]:
        if word not in words:
            where = f"“explorer” in book/catalogue/{self.config.language}.yml"
            logger.warning(f"the explorer {data['name']!r} says {word!r}, which is not under {where}", location=node)
    data |= {"words": {word: str(words.get(word, word)) for word in data["words"]}, "alt": node["alt"]}

    index = 0
    for start, control in zip(data["start"], data["controls"].values()):
        index = index * len(control["values"]) + start
    frame, numbers = data["states"][index]
    html = TEMPLATES.get_template("explorer.html").render(
        data,
        id=node.parent["ids"][0],
        frame=data["frames"][frame],
        numbers=numbers,
        say=lambda text: data["words"].get(text, text),
        json=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )
    self.body.append(html)


def _depart(self, node):
    pass
