"""What every page of an edition says about itself: language switch, alternates, description, picture."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from urllib.parse import quote

from docutils import nodes

from ..building.editions import all_editions, edition_of
from ..building.remote import github, pages_url
from ..paths import BOOK

LONGEST_DESCRIPTION = 300
EMPTY_HEADER = re.compile(r'<th class="[^"]*"><p></p></th>')  # the corner of a table with names on two sides
SYMBOLS = dict(
    zip(
        """alpha beta gamma delta varepsilon eta lambda mu xi pi sigma varphi chi omega Delta Phi ell
        partial nabla sum int pm approx sim propto infty ne le ge gg to leftarrow odot top mid""".split(),
        "α β γ δ ε η λ μ ξ π σ φ χ ω Δ Φ ℓ ∂ ∇ ∑ ∫ ± ≈ ∼ ∝ ∞ ≠ ≤ ≥ ≫ → ← ⊙ ⊤ |".split(),
    )
)
FORMULA = [  # in this order
    (r"\\(?:text|mathrm|operatorname|mathbb|mathbf|mathcal|mathsf)\s*\{([^{}]*)\}", r"\1"),
    (r"\\hat\s*\{?(\w)\}?", "\\1\N{COMBINING CIRCUMFLEX ACCENT}"),
    (r"\\tilde\s*\{?(\w)\}?", "\\1\N{COMBINING TILDE}"),
    (r"\\(?:left|right|big)(?![A-Za-z])\s*", ""),
    (r"\\[td]?frac\s*(\d)(\d)", r"\1/\2"),
    (r"\\[td]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2"),
    (r"\\sqrt\s*(?:\{([^{}]*)\}|(\w))", r"√\1\2"),
    (r"\\(?:cdot|times)\b", "·"),
    (r"\\dots\b|\\cdots\b", "…"),
    (r"\\[lr]?Vert\b", "‖"),
    (r"\\[lr]vert\b", "|"),
    (rf"\\({'|'.join(SYMBOLS)})(?![A-Za-z])", lambda match: SYMBOLS[match[1]]),
    (r"\\[,;:!]", " "),
    (r"\^\{?2\}?(?!\d)", "²"),
    (r"[{}\\]", ""),
]


def setup(app):
    app.add_js_file("winit.js", loading_method="defer")
    base_url = pages_url(github(Path(app.srcdir).parents[1]))
    app.connect("html-page-context", partial(_describe, base_url))


def icon() -> str:
    """The icon as an address that holds it: Chromium asks for an icon again whenever the address of a page changes."""
    return f"data:image/svg+xml,{quote((BOOK / 'assets' / 'favicon.svg').read_text('utf8'))}"


def _describe(base_url, app, pagename, templatename, context, doctree):
    edition = edition_of(app)
    page = f"{pagename}.html"
    up = "../" * (pagename.count("/") + 1)
    in_all = pagename in edition.pages or pagename == "search"
    context["edition"] = edition
    context["catalogue"] = edition.catalogue
    context["site_root"] = up
    context["base_url"] = base_url
    context["alternates"] = [
        {
            "language": other.language,
            "name": other.catalogue["name"],
            "locale": other.catalogue["locale"],
            "href": f"{up}{other.language}/{page if in_all else 'index.html'}",
            "url": f"{base_url}{other.language}/{page}",
            "current": other is edition,
        }
        for other in all_editions(app)
    ]
    context["body"] = EMPTY_HEADER.sub("<td></td>", context.get("body", ""))
    context["description"] = first_paragraph(doctree) or edition.catalogue["description"]


def first_paragraph(doctree) -> str:
    """What a page is about: its first paragraph as plain text, formulas in letters."""
    paragraph = next(doctree.findall(nodes.paragraph), None) if doctree is not None else None
    if paragraph is None:
        return ""
    text = plain_text(paragraph)
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"


def plain_text(node) -> str:
    """The text of a node in one line, formulas in letters."""
    leaves = node.findall(lambda leaf: isinstance(leaf, (nodes.Text, nodes.math)))
    text = "".join(
        plain_formula(leaf.astext()) if isinstance(leaf, nodes.math) else leaf.astext()
        for leaf in leaves
        if not isinstance(leaf.parent, (nodes.math, nodes.raw))
    )
    return " ".join(text.split())


def plain_formula(tex: str) -> str:
    r"""A short formula as one would type it: ``\text{Var}[W] = 1/n_\text{in}`` is ``Var[W] = 1/n_in``.

    Examples
    --------
    >>> plain_formula(r"\operatorname{Var}[W] = \frac{2}{n_\text{in}}, \sqrt{n}")
    'Var[W] = 2/n_in, √n'
    """
    for pattern, plain in FORMULA:
        tex = re.sub(pattern, plain, tex)
    return tex
