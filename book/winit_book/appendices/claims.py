"""The page of claims: what popular notes say and what is true, from the rows of `book/claims.yml`.

`:::{claims} B` lists the claims whose ids begin with B, each under an anchor of its own, `claims.html#b1`; a chapter
that names a claim, “(B1)”, links there by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..building.editions import edition_of
from ..content.tree import inside
from ..paths import BOOK

PAGE = "claims"
KINDS = ("wrong", "misleading", "overstated", "slip")
NAME = re.compile(r"\b([A-G][1-9]\d?)\b")
OWN_SECTION = re.compile(r"\]\(#")


@dataclass(frozen=True)
class Claim:
    """One row; the head of `book/claims.yml` says what its fields hold, `words` its texts by language."""

    id: str
    kind: str
    notes: tuple[str, ...]
    chapter: str
    section: str
    values: tuple[str, ...]
    words: dict[str, dict[str, str]]

    @property
    def anchor(self) -> str:
        return self.id.lower()


def read_claims() -> tuple[list[Claim], dict[str, dict[str, str]]]:
    """The claims in their order, and the notes that make them: key → language → description."""
    data = yaml.safe_load((BOOK / "claims.yml").read_text("utf8"))
    fields = ("id", "kind", "chapter", "section")
    claims = [
        Claim(
            **{name: row.pop(name) for name in fields},
            notes=tuple(row.pop("notes")),
            values=tuple(row.pop("values")),
            words=row,
        )
        for row in data["claims"]
    ]
    return claims, data["notes"]


class claim_filter(nodes.General, nodes.Element):
    """The choice of a chapter; only a script can use it, so only a script shows it."""


class Claims(Directive):
    """`:::{claims} B`: the claims B1, B2, …; without a letter the filter."""

    optional_arguments = 1

    def run(self):
        if not self.arguments:
            return [claim_filter()]
        claims, notes = read_claims()
        return [self.one(claim, notes) for claim in claims if claim.id.startswith(self.arguments[0])]

    def one(self, claim: Claim, notes) -> nodes.container:
        edition = edition_of(self.state.document.settings.env.app)
        words, own = edition.catalogue["claims"], claim.words[edition.language]
        source = f"{claim.chapter}.ipynb"
        said_by = ", ".join(notes[note][edition.language] for note in claim.notes)
        box = nodes.container(ids=[claim.anchor], classes=["claim", f"in-{claim.chapter}"])
        kind = nodes.inline("", words[claim.kind], classes=["kind", claim.kind])
        box += nodes.paragraph("", "", nodes.strong("", claim.id), nodes.Text(" "), kind, classes=["claim-name"])
        lines = [
            own["says"],
            f"*{said_by}*",
            OWN_SECTION.sub(f"]({source}#", own["truth"]),
            f"{words['shown']} {claim.chapter[:2]}: []({source}#{claim.section})",
        ]
        for name, line in zip(("says", "by", "truth", "shown"), lines):
            part = nodes.container(classes=[name])
            self.state.nested_parse(StringList([line], "claims.yml"), self.content_offset, part)
            box += part
        return box


class LinkClaims(SphinxPostTransform):
    """In a chapter the name of a claim leads to its row."""

    default_priority = 4  # before links are resolved

    def run(self, **options):
        if not self.env.docname[0].isdigit() or PAGE not in self.env.found_docs:
            return
        anchors = {claim.id: claim.anchor for claim in read_claims()[0]}
        address = self.app.builder.get_relative_uri(self.env.docname, PAGE)
        closed = (nodes.title, nodes.reference, nodes.literal, nodes.raw, nodes.math, nodes.math_block)
        closed += (nodes.FixedTextElement, addnodes.pending_xref, nodes.emphasis)
        for text in list(self.document.findall(nodes.Text)):
            if not NAME.search(text) or inside(text, closed):
                continue
            pieces = [
                nodes.reference("", piece, refuri=f"{address}#{anchors[piece]}", internal=True)
                if i % 2 and piece in anchors
                else nodes.Text(piece)
                for i, piece in enumerate(NAME.split(text))
            ]
            text.parent.replace(text, [piece for piece in pieces if piece.astext()])


def setup(app):
    app.add_directive("claims", Claims)
    app.add_node(claim_filter, html=(_visit_filter, lambda self, node: None))
    app.add_post_transform(LinkClaims)
    app.connect("env-updated", lambda app, env: [PAGE] if PAGE in env.found_docs else [])  # it names chapters' headings
    app.connect("html-page-context", _add_script)


def _visit_filter(self, node):
    words, titles = edition_of(self.builder.app).catalogue["claims"], self.builder.env.titles
    chapters = sorted({claim.chapter for claim in read_claims()[0]} & titles.keys())
    options = [("", words["all"]), *((f"in-{chapter}", titles[chapter].astext()) for chapter in chapters)]
    choices = "".join(f'<option value="{value}">{self.encode(title)}</option>' for value, title in options)
    label = self.encode(words["filter"])
    self.body.append(f'<p class="claim-filter" hidden><label>{label} <select>{choices}</select></label></p>\n')


def _add_script(app, pagename, templatename, context, doctree):
    if pagename == PAGE:
        app.add_js_file("claims.js", loading_method="defer")
