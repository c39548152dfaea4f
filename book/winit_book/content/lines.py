"""What a line must not break apart: a formula, short code or a bracket, and the letters that touch it.

To a browser a formula is a picture, after which it may always break, and Hangul may follow a closing bracket on the
next line: “$x$ / 의”, “$x$ / .” and “(fan-in) / 은” would begin lines with a particle or a full stop. “4e- / 05” is one
number, “10– / 25” one range, and “fan- / in” one word.
"""

from __future__ import annotations

import re

from docutils import nodes

OPENING = re.compile(r"[(\[“‘「『<]+$")
TOUCHING = re.compile(r"^[^\s—/]+")
WHOLE = re.compile(r"((?<=\w)[)\]”’」』]+[가-힣]+|\b[A-Za-z]{1,4}-[A-Za-z]{1,4}\b|\d[\d.]*e-\d+|\d+–\d+)")
LONGEST_CODE = 28  # characters; longer code may break, or it would not fit on a telephone


def setup(app):
    app.connect("doctree-resolved", _glue)


def _glue(app, doctree, docname):
    unbreakable = (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.math_block, nodes.raw)
    for parent in list(doctree.findall(nodes.TextElement)):
        if not isinstance(parent, unbreakable):
            children = _glue_pictures(_glue_words(parent.children))
            parent.clear()
            parent += children


def _glue_words(children):
    """The children with a closing bracket and its particle in one piece, short hyphened words too."""
    glued = []
    for child in children:
        if isinstance(child, nodes.Text):
            for i, part in enumerate(WHOLE.split(child)):
                glued.append(_together(nodes.Text(part)) if i % 2 else nodes.Text(part))
        else:
            glued.append(child)
    return glued


def _glue_pictures(children):
    """The children with every formula and short code in one piece with what touches it."""
    glued = []
    children = list(children)
    for index, child in enumerate(children):
        short = isinstance(child, nodes.literal) and len(child.astext()) <= LONGEST_CODE
        if not (short or isinstance(child, nodes.math)):
            glued.append(child)
            continue
        piece = _together()
        if glued and isinstance(glued[-1], nodes.Text) and (opening := OPENING.search(glued[-1])):
            glued[-1] = nodes.Text(glued[-1][: opening.start()])
            piece += nodes.Text(opening[0])
        piece += child
        after = children[index + 1] if index + 1 < len(children) else None
        if isinstance(after, nodes.Text) and (touching := TOUCHING.match(after)):
            children[index + 1] = nodes.Text(after[touching.end() :])
            piece += nodes.Text(touching[0])
        glued.append(piece)
    return glued


def _together(*children):
    return nodes.inline("", "", *children, classes=["together"])
