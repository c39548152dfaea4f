r"""A short text with formulas, set in its own font without a renderer: labels of figures, words of tooltips.

Labels hold short formulas, ``layer $\ell$``, ``RMS$[\partial L/\partial W_\ell]$``, ``$10^{-3}$``: letters are slanted,
indices and exponents are smaller and lower or higher. A fraction is written with a slash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from matplotlib._mathtext_data import tex2uni

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}_^]|\s+|.")
UPRIGHT = ("mathdefault", "mathrm", "mathregular", "text", "mathbb", "operatorname")
SPACES = {",": "\u2009", ";": "\u2005", ":": "\u2005", " ": " ", "quad": "\u2003", "!": ""}
SCRIPT = {"L": "\u2112"}
ACCENTS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303"}
PLAIN = {"-": "\u2212", "'": "\u2032", "*": "\u2217"}
RELATION = set("=<>≤≥≈≪≫∼→∝±×+−")
SMALL, DOWN, UP = 0.72, 0.22, -0.38  # of the size around it


@dataclass(frozen=True)
class Style:
    """How a piece of a formula stands: slanted or not, its size, and how far below the line, in units of the label."""

    slanted: bool = False
    size: float = 1.0
    below: float = 0.0

    def shifted(self, by: float) -> Style:
        return replace(self, size=self.size * SMALL, below=self.below + by * self.size)


def label(text: str, size: float) -> str:
    """The content of a `<text>` of that font size.

    Raises
    ------
    ValueError
        A command of TeX that the labels do not know.

    Examples
    --------
    >>> label("layer $n_1$", 10)
    'layer <tspan font-style="italic">n</tspan><tspan font-size="7.2" dy="2.2">1</tspan>'
    """
    written, line = [], 0.0
    for style, letters in pieces(text):
        attributes = ' font-style="italic"' if style.slanted else ""
        attributes += f' font-size="{style.size * size:.3g}"' if style.size != 1 else ""
        attributes += f' dy="{(style.below - line) * size:.3g}"' if style.below != line else ""
        line = style.below
        written.append(f"<tspan{attributes}>{escape(letters)}</tspan>" if attributes else escape(letters))
    return "".join(written)


def inline(text: str) -> str:
    """The same for a paragraph of HTML.

    Examples
    --------
    >>> inline("the mean of $x^2$")
    'the mean of <var>x</var><sup>2</sup>'
    """
    written = []
    for style, letters in pieces(text):
        found = f"<var>{escape(letters)}</var>" if style.slanted else escape(letters)
        tag = "sub" if style.below > 0 else "sup"
        written.append(f"<{tag}>{found}</{tag}>" if style.below else found)
    return "".join(written)


def pieces(text: str) -> list[tuple[Style, str]]:
    """The text in pieces of one style, formulas set."""
    found: list[tuple[Style, str]] = []
    for number, part in enumerate(text.split("$")):
        for style, letters in [(Style(), part)] if number % 2 == 0 else _Formula(part).pieces():
            if found and found[-1][0] == style:
                found[-1] = (style, found[-1][1] + letters)
            elif letters:
                found.append((style, letters))
    return found


class _Formula:
    """A reader of one formula."""

    def __init__(self, tex: str):
        self.tex, self.tokens = tex, TOKEN.findall(tex)

    def pieces(self, style: Style | None = None) -> list[tuple[Style, str]]:
        """Up to the closing brace or the end."""
        style, found = style or Style(slanted=True), []
        while self.tokens and self.tokens[0] != "}":
            token = self.tokens.pop(0)
            if token in "_^":
                found += self.argument(style.shifted(DOWN if token == "_" else UP))
            else:
                self.tokens.insert(0, token)
                found += self.atom(style, found)
        return found

    def atom(self, style: Style, before=()) -> list[tuple[Style, str]]:
        """One letter, one command with what belongs to it, or a group."""
        token = self.tokens.pop(0) if self.tokens else ""
        upright = replace(style, slanted=False)
        if token == "{":
            found = self.pieces(style)
            self.tokens[:1] = []
            return found
        if token.isspace() or not token:
            return [(upright, " ")] if not style.slanted and token else []
        if token.startswith("\\"):
            return self.command(token[1:], style)
        letter = PLAIN.get(token, token)
        if style.slanted and letter in RELATION and before:
            return [(upright, f"\u2009{letter}\u2009")]
        slanted = style.slanted and letter.isalpha() and letter != "ℓ"
        return [(style if slanted else upright, letter + ("\u2009" if letter == "," and style.slanted else ""))]

    def argument(self, style: Style) -> list[tuple[Style, str]]:
        """What belongs to a command: the next atom, whatever space lies before it."""
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        return self.atom(style)

    def command(self, name: str, style: Style) -> list[tuple[Style, str]]:
        upright = replace(style, slanted=False)
        if name in UPRIGHT:
            return self.argument(upright)
        if name in SPACES:
            return [(upright, SPACES[name])]
        if name == "mathcal":
            return [(upright, SCRIPT[letters]) for _, letters in self.argument(style)]
        if name in ("left", "right"):
            return []
        if name == "frac":
            return [*self.argument(style), (upright, "/"), *self.argument(style)]
        if name == "sqrt":
            inside = self.argument(style)
            single = sum(len(letters) for _, letters in inside) == 1
            return [(upright, "√"), *inside] if single else [(upright, "√("), *inside, (upright, ")")]
        if name in ACCENTS:
            return [(each, letters + ACCENTS[name]) for each, letters in self.argument(style)]
        if name in "{}$%&#_":
            return [(upright, name)]
        if name not in tex2uni:
            raise ValueError(f"\\{name}, which labels do not know, in ${self.tex}$")
        letter = chr(tex2uni[name])
        if letter in RELATION:
            return [(upright, f"\u2009{letter}\u2009")]
        return [(style if "α" <= letter <= "ω" else upright, letter)]
