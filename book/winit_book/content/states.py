"""Links to an explorer in a given state: ``{state}`kernel 5 <02_fan_in_fan_out?fans.kernel=5#fig-connections>` ``.

The build checks that the page has such an explorer, and that its controls have these values. While a chapter is not in
the table of contents, only the words of a link to it appear.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from docutils import nodes
from sphinx.util import logging

from .explorers import explorer

logger = logging.getLogger(__name__)
FORM = re.compile(r"(.+?)\s*<(\w+)\?([^#>]+)#([\w-]+)>", re.DOTALL)


class state(nodes.Inline, nodes.TextElement):
    """A link to an explorer: `page`, `query` and `figure`."""


def role(name, rawtext, text, lineno, inliner, options=None, content=None):
    match = FORM.fullmatch(text)
    if not match:
        return [], [inliner.reporter.error(f"a state is “words <page?explorer.control=value#figure>”, got {text!r}")]
    words, page, query, figure = match.groups()
    return [state("", words, page=page, query=query, figure=figure)], []


def mistake(query: str, controls: dict[str, dict[str, list[str]]]) -> str:
    """What is wrong with a query, given the values of each control of each explorer of the page; or nothing.

    Examples
    --------
    >>> mistake("fans.kernel=4", {"fans": {"kernel": ["1", "3", "5"]}})
    'fans.kernel is one of 1, 3, 5'
    """
    for key, value in parse_qsl(query, strict_parsing=True):
        name, _, control = key.partition(".")
        if control not in controls.get(name, {}):
            return f"no control {key}"
        if value not in controls[name][control]:
            return f"{key} is one of {', '.join(controls[name][control])}"
    return ""


def setup(app):
    app.add_role("state", role)
    app.connect("doctree-resolved", _link, priority=400)


def _link(app, doctree, docname):
    for node in list(doctree.findall(state)):
        page = node["page"]
        if page not in app.env.found_docs:
            node.replace_self(node.children)
            continue
        data = [found["data"] for found in app.env.get_doctree(page).findall(explorer)]
        controls = {
            each["name"]: {name: [str(v) for v in control["values"]] for name, control in each["controls"].items()}
            for each in data
        }
        wrong = mistake(node["query"], controls)
        if wrong:
            logger.warning(f"{page}?{node['query']}: {wrong}", location=docname)
        address = f"{app.builder.get_relative_uri(docname, page)}?{node['query']}#{node['figure']}"
        node.replace_self(nodes.reference("", "", *node.children, refuri=address, internal=True))
