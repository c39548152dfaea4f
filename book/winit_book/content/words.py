"""Words that code writes, in the language of the page: labels of figures and cells of results.

Code is the same in every edition, so what it draws or prints is short English; symbols, numbers and names stay. An
edition translates the rest under ``words`` in its catalogue, a phrase at a time, `layer: 층`. Where the order
changes it says the whole label, with braces for its symbols and numbers: ``std {} = {}``.
"""

from __future__ import annotations

import re

from winit import ACTIVATIONS, INITIALIZERS

from ..building.editions import REFERENCE, Edition

# A formula, a number, a name with a digit in it
SYMBOL = re.compile(r"\$[^$]*\$|\d[\d.,]*(?:e[+-]?\d+)?\b|\w*[_\d⁰¹²³⁴-⁹₀-₉]\w*")
NUMBERS = ("nan", "inf")
PHRASE = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]{2,})*")


def translate(text: str, edition: Edition) -> str:
    """The text in the language of the edition.

    Raises
    ------
    LookupError
        With the first phrase that the catalogue lacks.
    """
    if edition.language == REFERENCE:
        return text
    words, symbols = edition.catalogue.get("words") or {}, SYMBOL.findall(text)
    pattern = SYMBOL.sub("{}", text)
    if pattern in words:
        return words[pattern].format(*symbols)
    names = {*INITIALIZERS, *ACTIVATIONS, *str(words.get("same", "")).split(), *NUMBERS}

    def phrase(match: re.Match) -> str:
        if match[0] in words:
            return words[match[0]]
        if set(re.split("[ '’-]", match[0])) <= names:
            return match[0]
        raise LookupError(match[0])

    between = [PHRASE.sub(phrase, part) for part in SYMBOL.split(text)]
    return "".join(part for pair in zip(between, [*symbols, ""], strict=True) for part in pair)
