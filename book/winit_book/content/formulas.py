r"""Formulas stand in the page as MathML when it arrives: no script draws them, a screen reader is told what they say.

MathML is what browsers draw themselves. The letters come from one font (`building/sheet.py`), what is wider than the
page scrolls in a box of its own (`book/styles/formulas.css`). A formula that cannot be converted is a warning, so it
fails the build.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

COUNTS_ITSELF = re.compile(r"\\begin\{(align|equation|gather|multline|flalign|eqnarray|alignat)\}")
ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*\\end\{\1\}", re.DOTALL)
# Chromium stretches a bracket that has an exponent only inside a row of its own
SIZED = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*minsize[^>]*>[^<]*</mo>)")
LONG = 16  # letters of a formula among words that may be wider than a telephone


def setup(app):
    app.add_html_math_renderer("mathml", (_visit_math, None), (_visit_block, None))
    app.connect("config-inited", lambda app, config: setattr(config, "html_math_renderer", "mathml"))


@cache
def mathml(tex: str, block: bool = False) -> str:
    r"""A formula as MathML.

    Raises
    ------
    ValueError
        If `tex` holds a command that is not known, counts its own lines, or breaks a line outside of an environment.

    Examples
    --------
    >>> mathml(r"\text{Var} = 1")
    '<math><mtext>Var</mtext><mo>=</mo><mn>1</mn></math>'
    """
    if counted := COUNTS_ITSELF.search(tex):
        raise ValueError(f"{counted[1]} counts its own lines; write aligned inside $$ … $$ (eq-id)")
    if r"\\" in ENVIRONMENT.sub("", tex):
        raise ValueError(r"a line breaks with \\ only inside of aligned or another environment")
    try:
        made = LatexToMathML(fancy_error=False).convert_with_local_state(tex, displaystyle=block)
    except LatexError as error:
        raise ValueError(str(error)) from None
    return SIZED.sub(r"\1<mrow>\2</mrow>", made)


def letters(made: str) -> str:
    """What MathML writes, in one line."""
    return unescape(re.sub("<[^>]*>", "", made))


def _made(node, tex: str, block: bool) -> str:
    try:
        return mathml(tex.strip(), block)
    except ValueError as error:
        logger.warning(f"the formula {tex.strip()!r} cannot be converted: {error}", location=node)
        return ""


def _visit_math(self, node):
    made = _made(node, node.astext(), False)
    classes = "math long" if len(letters(made)) >= LONG else "math"
    self.body.append(f'<span class="{classes}">{made}</span>')
    raise nodes.SkipNode


def _visit_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(f'<div class="scroll">{_made(node, node.astext(), True)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode
