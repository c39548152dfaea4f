"""The tables of `winit.Results` on a page: their words in its language, and a box in which they scroll."""

from __future__ import annotations

import re
from html import escape, unescape

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ..building.editions import Edition, edition_of
from .words import translate

logger = logging.getLogger(__name__)

TABLE = re.compile(r'<table class="results">.*</table>', re.DOTALL)
CELL = re.compile(r"(<t[hd][^>]*>)([^<]*)(?=</t[hd]>)")


class Results(SphinxTransform):
    default_priority = 210

    def apply(self):
        edition = edition_of(self.app)
        for raw in self.document.findall(nodes.raw):
            if TABLE.fullmatch(raw.astext().strip()):
                try:
                    table = in_edition(raw.astext().strip(), edition)
                except LookupError as missing:
                    message = (
                        f"a table's cell without a translation: {missing.args[0]!r} (“words” in {edition.language}.yml)"
                    )
                    logger.warning(message, location=raw)
                    continue
                raw.clear()
                raw += nodes.Text(f'<div class="pst-scrollable-table-container">{table}</div>\n')


def in_edition(table: str, edition: Edition) -> str:
    """The table with the words of its cells translated; LookupError names a phrase that has no translation."""
    return CELL.sub(lambda cell: cell[1] + escape(translate(unescape(cell[2]), edition)), table)


def setup(app):
    app.add_transform(Results)
