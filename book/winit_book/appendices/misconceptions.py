"""The page of misconceptions: what one may believe, why, and what is true, from the rows of `book/misconceptions.yml`.

`:::{misconceptions} xavier` writes the rows of that group, each as a section with a name of its own,
`misconceptions.html#variance-one`; without a group it writes the field that filters them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from ..building.editions import edition_of
from ..paths import BOOK, read_yaml

PAGE = "misconceptions"
KINDS = ("wrong", "part", "wide")
TEXTS = ("belief", "why", "truth")


@dataclass(frozen=True)
class Misconception:
    """One row; the head of `book/misconceptions.yml` says what its fields hold, `words` its texts by language."""

    group: str
    id: str
    kind: str
    cell: str
    values: list[str]
    words: dict[str, dict[str, str]]

    @property
    def chapter(self) -> str:
        return self.cell.partition("#")[0]

    @property
    def section(self) -> str:
        return self.cell.partition("#")[2]


@cache
def read_misconceptions() -> list[Misconception]:
    """All of them, group by group, in the order of the page."""
    groups = read_yaml(BOOK / "misconceptions.yml")
    fields = ("id", "kind", "cell", "values")
    return [
        Misconception(group, *(row.pop(name) for name in fields), words=row)
        for group, rows in groups.items()
        for row in rows
    ]


class misconception_filter(nodes.General, nodes.Element):
    """The field; only a script can use it, so only a script shows it."""


class Misconceptions(Directive):
    """`:::{misconceptions} xavier`: the rows of a group; without a group the field that filters all."""

    optional_arguments = 1

    def run(self):
        if not self.arguments:
            return [misconception_filter()]
        rows = [row for row in read_misconceptions() if row.group == self.arguments[0]]
        if not rows:
            raise self.error(f"book/misconceptions.yml has no group {self.arguments[0]!r}")
        return [node for row in rows for node in (nodes.comment("", f"<!-- section: {row.id} -->"), self.section(row))]

    def section(self, row: Misconception) -> nodes.section:
        """A belief as a heading, with its name in a comment before it, as in a chapter."""
        edition = edition_of(self.state.document.settings.env.app)
        labels, (belief, why, truth) = edition.catalogue[PAGE], row.words[edition.language].values()
        shown = f"{labels['shown']} {row.chapter[:2]}: []({row.chapter}.ipynb#{row.section})"
        lines = ["{.why}", why, "", truth, "", "{.shown}", f"[{labels[row.kind]}]{{.{row.kind}}} {shown}"]
        section = nodes.section("", nodes.title("", belief), classes=["misconception"])
        self.state.nested_parse(StringList(lines, f"{PAGE}.yml"), self.content_offset, section)
        return section


def setup(app):
    app.add_directive("misconceptions", Misconceptions)
    app.add_node(misconception_filter, html=(_visit_filter, lambda self, node: None))
    app.connect("html-page-context", _add_script)


def _visit_filter(self, node):
    labels = edition_of(self.builder.app).catalogue[PAGE]
    self.body.append(
        f'<p class="misconception-filter" hidden><label>{self.encode(labels["filter"])} <input type="search"></label> '
        f'<output aria-live="polite" data-text="{self.attval(labels["count"])}"></output></p>\n'
    )


def _add_script(app, pagename, templatename, context, doctree):
    if pagename == PAGE:
        app.add_js_file("misconceptions.js", loading_method="defer")
