"""One line on the screen: in which language, and what stands for a symbol that the screen cannot show."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

from .rule import LANGUAGES, RIGHT

STAND_INS = {
    "✓": "OK", "✗": "X", "…": "...", "×": "x", "·": "*", "−": "-", "√": "sqrt ", "Σ": "sum ", "½": "1/2", "¼": "1/4",
    "²": "^2", "³": "^3", "₁": "_1", "₂": "_2", "₃": "_3", "₀": "_0", "ᵀ": "^T", "∂": "d", "Δ": "d",
    "σ": "sigma", "δ": "delta", "χ": "chi", "γ": "gamma", "β": "beta", "ε": "eps", "λ": "lambda", "ξ": "xi", "π": "pi",
    "η": "eta", "ℓ": "l", "→": "->", "≠": "!=", "≤": "<=", "\u0302": "^", "ŷ": "y^", "‖": "|",
}  # fmt: skip


def say(mark: str, words: tuple[str, str]) -> None:
    """Print a mark and the words of this edition.

    A right answer prints its mark alone: both editions share one stored output of a worked solution.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    language = edition()
    said = list(dict.fromkeys(text for text, name in zip(words, LANGUAGES) if language in (name, None)))
    if not fits("가", encoding):
        said = [words[1]]  # a screen without Hangul gets English, not question marks
    print(plain(mark if mark == RIGHT else f"{mark} {' / '.join(said)}".rstrip(), encoding))


def edition() -> str | None:
    """The language that WINIT_LANG names, or else the folder chapters/<language> that Python works in or below."""
    named = os.environ.get("WINIT_LANG")
    if named in LANGUAGES:
        return named
    try:
        folders = Path.cwd().parts
    except OSError:  # the folder is gone
        return None
    inside = [name for above, name in pairwise(folders) if above == "chapters" and name in LANGUAGES]
    return inside[-1] if inside else None


def plain(text: str, encoding: str) -> str:
    """The text with stand-ins for what the encoding lacks."""
    return "".join(c if fits(c, encoding) else STAND_INS.get(c, "?") for c in text)


def fits(text: str, encoding: str) -> bool:
    try:
        return bool(text.encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return text.isascii()
