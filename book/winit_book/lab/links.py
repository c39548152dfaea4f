"""Links from a chapter to a state of the Init Lab.

They are ordinary links, ``[text](lab.md?preset=he)`` or ``[text](lab.md?depth=20&gain=2#race)``; the build finds those
that the lab would not understand.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ..building.editions import edition_of
from .page import PAGE
from .stories import DEFAULTS, RANGES, STORIES, menus

logger = logging.getLogger(__name__)


class Links(SphinxTransform):
    """Make links of them; MyST would look for a file whose name ends in the state."""

    default_priority = 210

    def apply(self):
        for link in list(self.document.findall(addnodes.pending_xref)):
            page, _, address = link["reftarget"].partition("?")
            if page == f"{PAGE}.md" and address:
                for trouble in troubles(address.partition("#")[0]):
                    logger.warning(f"the lab has no {trouble}: {link['reftarget']}", location=link)
                words = link.children[0].children if link.children else []
                link.replace_self(nodes.reference("", "", *words, refuri=f"{PAGE}.html?{address}", internal=True))


def troubles(state: str) -> list[str]:
    """What of an address the lab would not understand."""
    values = dict(parse_qsl(state, keep_blank_values=True))
    known = {"preset": STORIES, **{name: None for name in DEFAULTS}, **menus()}
    wrong = [name for name in values if name not in known and name != "race"]
    wrong += [f"{name}={values[name]}" for name in values if known.get(name) and values[name] not in known[name]]
    for name, (least, most, _) in RANGES.items():
        if name in values and not least <= float(values[name]) <= most:
            wrong.append(f"{name}={values[name]}")
    return wrong


def setup(app):
    if PAGE in edition_of(app).pages:
        app.add_transform(Links)
