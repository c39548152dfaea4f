"""Everything that folds is a plain `<details>`: it needs no script, opens by keyboard, and says its state by itself."""

from __future__ import annotations

import re
from html import unescape

from docutils import nodes
from docutils.parsers.rst.directives.admonitions import Admonition
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.locale import admonitionlabels
from sphinx.transforms import SphinxTransform

OPENING = re.compile(r"\s*<details>\s*<summary>(.*?)</summary>\s*", re.DOTALL)
CLOSING = re.compile(r"\s*</details>\s*")


class fold(nodes.General, nodes.Element):
    """A `<details>`; its first child is the summary."""


class summary(nodes.General, nodes.TextElement):
    """What is seen of a fold while it is closed."""


class Dropdown(Admonition):
    """`:::{dropdown} Title`: an admonition that folds."""

    def run(self):
        self.options["class"] = ["dropdown", *self.options.get("class", [])]
        return super().run()


class Details(SphinxTransform):
    """`<details>` in Markdown comes as its two tags with everything between them: make a fold of it."""

    default_priority = 205

    def apply(self):
        for raw in reversed(list(self.document.findall(nodes.raw))):  # the inner ones first
            opening = OPENING.fullmatch(raw.astext())
            siblings = raw.parent.children
            start = siblings.index(raw)
            end = next((i for i in range(start, len(siblings)) if is_closing(siblings[i])), None)
            if opening and end:
                folded = fold(
                    "", summary("", unescape(opening[1].strip())), *siblings[start + 1 : end], classes=["plain"]
                )
                folded.source, folded.line = raw.source, raw.line
                raw.parent[start : end + 1] = [folded]


def is_closing(node) -> bool:
    return isinstance(node, nodes.raw) and CLOSING.fullmatch(node.astext()) is not None


def setup(app):
    app.add_transform(Details)
    app.add_directive("dropdown", Dropdown)
    app.add_node(fold, html=(_visit_fold, _depart_fold))
    app.add_node(summary, html=(_visit_summary, _depart_summary))
    # MyST-NB's own writes paragraphs into the summary, which HTML forbids, and an English label over their text
    app.add_node(HideCodeCellNode, override=True, html=(_visit_hidden_code, _depart_fold))
    app.connect("doctree-resolved", _fold_dropdowns)
    app.connect("doctree-resolved", _fold_sections)


def _fold_dropdowns(app, doctree, docname):
    """An admonition or a solution of the class `dropdown` becomes a fold, its title the summary."""
    for node in list(doctree.findall(nodes.Admonition)):
        if "dropdown" in node["classes"]:
            folded = fold("", ids=node["ids"], classes=["admonition", *node["classes"]])
            body = list(node.children)
            if body and isinstance(body[0], nodes.title):
                folded += summary("", "", *body.pop(0).children)
            else:
                folded += summary("", admonitionlabels[node.tagname])
            folded += body
            node.replace_self(folded)


def _fold_sections(app, doctree, docname):
    """A deeper section folds under its heading, which stays the section's own title for outline and search."""
    for section in doctree.findall(nodes.section):
        if "deeper" in section["classes"]:
            section.insert(0, nodes.raw("", "<details><summary>", format="html"))
            section.insert(2, nodes.raw("", "</summary>", format="html"))
            section += nodes.raw("", "</details>", format="html")


def _visit_fold(self, node):
    self.body.append(self.starttag(node, "details"))


def _depart_fold(self, node):
    self.body.append("</details>\n")


def _visit_summary(self, node):
    self.body.append(self.starttag(node, "summary", "", CLASS="admonition-title"))


def _depart_summary(self, node):
    self.body.append("</summary>\n")


def _visit_hidden_code(self, node):
    show, hide = map(self.encode, (node["prompt_show"], node["prompt_hide"]))
    self.body.append(self.starttag(node, "details", CLASS="hide"))
    self.body.append(f'<summary><span class="collapsed">{show}</span><span class="expanded">{hide}</span></summary>\n')
