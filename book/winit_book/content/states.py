"""Links to an explorer in a given state: ``{state}`kernel 5 <02_fan_in_fan_out?fans.kernel=5#fig-connections>` ``.

The build checks that the page has such an explorer, and that its controls have these values. While a chapter is not in
the table of contents, only the words of a link to it appear.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from docutils import nodes
from sphinx.util import logging

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


def mistake(query: str, controls: dict[str, dict[str, dict]]) -> str:
    """What is wrong with a query, given the controls of each explorer of the page, as in its data; or nothing.

    Examples
    --------
    >>> mistake("scale.std=4", {"scale": {"std": {"values": ["1", "3", "5"], "scale": True}}})
    'scale.std is one of 1, 3, 5'
    >>> mistake("fans.kernel=9", {"fans": {"kernel": {"first": 1, "last": 5, "whole": True, "log": False}}})
    'fans.kernel is a whole number from 1 to 5'
    """
    try:
        settings = parse_qsl(query, strict_parsing=True)
    except ValueError:
        return "a state is control=value, several with & between them"
    for key, value in settings:
        name, _, control = key.partition(".")
        if control not in controls.get(name, {}):
            return f"no control {key}"
        offered = controls[name][control]
        if "values" in offered:
            if value not in offered["values"]:
                return f"{key} is one of {', '.join(offered['values'])}"
        elif not _is_within(value, offered):
            kind = "whole number" if offered["whole"] else "number"
            return f"{key} is a {kind} from {offered['first']} to {offered['last']}"
    return ""


def _is_within(value, slider):
    number = re.fullmatch(r"\d+" if slider["whole"] else r"-?\d+(\.\d+)?", value)
    return bool(number) and slider["first"] <= float(value) <= slider["last"]


def controls(data: list[dict]) -> dict[str, dict[str, dict]]:
    """The controls of each explorer, given their data."""
    return {each["name"]: each["controls"] for each in data}


def setup(app):
    app.add_role("state", role)
    app.connect("doctree-resolved", _link, priority=400)


def _link(app, doctree, docname):
    for node in list(doctree.findall(state)):
        page = node["page"]
        if page not in app.env.found_docs:
            node.replace_self(node.children)
            continue
        wrong = mistake(node["query"], app.env.told[page].controls)
        if wrong:
            logger.warning(f"{page}?{node['query']}: {wrong}", location=docname)
        address = f"{app.builder.get_relative_uri(docname, page)}?{node['query']}#{node['figure']}"
        node.replace_self(nodes.reference("", "", *node.children, refuri=address, internal=True))
