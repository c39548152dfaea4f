"""A phrase that moves a figure: ``[raise it to 1](#fig-scale?std=1)`` sets the explorer of that figure where it stands.

The build checks the controls and values as it does for links to a state (states.py); the address of such a link is one,
so that it works from a new tab, and book/assets/explorer.js sets the figure without leaving the place.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from .explorers import explorer
from .states import controls, mistake

logger = logging.getLogger(__name__)


class Moves(SphinxTransform):
    """Runs after `chapter.Comments`, which names the figures, and before MyST looks for the targets of links."""

    default_priority = 230

    def apply(self):
        for link in list(self.document.findall(nodes.reference)):
            figure, asked, settings = link.get("refuri", "").removeprefix("#").partition("?")
            if link.get("id_link") and asked:
                self.point(link, figure, settings)

    def point(self, link, name, settings):
        figure = self.document.ids.get(name)
        data = [found["data"] for found in figure.findall(explorer)] if figure is not None else []
        query = "&".join(f"{each['name']}.{setting}" for each in data[:1] for setting in settings.split("&"))
        wrong = mistake(query, controls(data)) if data else "no explorer stands in that figure"
        if wrong:
            logger.warning(f"#{name}?{settings}: {wrong}", location=link)
        address = {"refuri": f"?{query}#{name}", "internal": True, "classes": ["move"]}
        link.replace_self(nodes.reference("", "", *link.children, **address))


def setup(app):
    app.add_transform(Moves)
