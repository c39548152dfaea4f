"""The rule that judges an answer, over plain data; `book/assets/judge.js` is its line-by-line port."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

LANGUAGES = ("ko", "en")  # the order of every pair of words
UNFILLED, RIGHT, WRONG = "…", "✓", "✗"
MOST = sys.float_info.max
HALF = 0.5 * (1 + 1e-9)  # half a unit of the last digit, and a hair for binary fractions

_ROOT = r"(√?)((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_NUMBER = re.compile(rf"([+-]?){_ROOT}(?: */ *{_ROOT})?")


def verdict(exercise: Mapping, answers: Sequence, language: str) -> tuple[str, str]:
    """Judge the answers to the parts of an exercise.

    1. Where all answers are blank, the mark is ``…`` and nothing is said.
    2. There must be one answer for each part, and each must be readable: a finite number (as text: a decimal with an
       optional exponent, ``√`` before it, and one ``/`` between two of them), or one of the part's choices.
    3. A number g agrees with a value v if ``|g - v| ≤ tolerance · max(|v|, 1e-9)``, or if g is v rounded to as many
       significant digits as g has, and these are at least the part's `digits`. Zeros that end an integer are digits.
    4. It is right if each number agrees with the part's right value, or if all agree with one row of `also`.
    5. Otherwise the first mistake is named of which each number agrees (or is right, where that mistake says nothing of
       the part); failing that, the first mistake that agrees with the first number that is wrong.
    6. Failing that, too, the first wrong number is too short (it is the right value, rounded to fewer digits), or has
       the wrong sign, or is a telling factor away from the right value, or is too large or too small. No factor is
       given for a round trial (one significant digit), since dividing by it would give the answer away.
    7. For choices the words are how many are right, and the hint of the first wrong part.

    Parameters
    ----------
    exercise : mapping
        What `Exercise.as_data` returns.
    answers : sequence
        One number, text or None (nothing filled in) for each part.
    language : {"ko", "en"}

    Returns
    -------
    mark, text : str
        ``…``, ``✓`` or ``✗``, and whole sentences in that language.

    Raises
    ------
    ValueError
        A language that no edition has.

    Examples
    --------
    >>> from winit import check
    >>> check.verdict(check.after_relu.as_data(), ["0.07"], "en")
    ('✗', 'This is right to the digits given: give 3 significant digits.')
    """
    parts, words, tongue = exercise["parts"], exercise["words"], LANGUAGES.index(language)

    def wrong(text: Sequence[str], part: int | None = None, **values) -> tuple[str, str]:
        label = "" if part is None or len(parts) == 1 else parts[part]["label"][tongue] + ": "
        sentence = text[tongue]
        for name, value in values.items():
            sentence = sentence.replace(f"{{{name}}}", str(value))
        return WRONG, label + sentence

    if all(answer is None or (isinstance(answer, str) and not answer.strip()) for answer in answers):
        return UNFILLED, ""
    if len(answers) != len(parts):
        return wrong(words["number" if len(parts) == 1 else "count"], count=len(parts))
    choose = exercise["kind"] == "choices"
    given: list[Any] = [choice(a, p["choices"]) if choose else number(a) for a, p in zip(answers, parts)]
    if None in given:
        unread = given.index(None)
        choices = ", ".join(parts[unread]["choices"]) if choose else ""
        return wrong(words["choice" if choose else "number"], unread, choices=choices)
    if choose:
        hits = [value in part["right"] for value, part in zip(given, parts)]
    else:
        hits = [agrees(value, part["right"], part) for value, part in zip(given, parts)]

    def explained(values: Sequence) -> bool:
        return all(hit if v is None else agrees(g, v, p) for g, v, p, hit in zip(given, values, parts, hits))

    if all(hits) or any(explained(row) for row in exercise["also"]):
        return RIGHT, words["right"][tongue]
    first = hits.index(False)
    part, value = parts[first], given[first]
    if choose:
        mark, hint = wrong(part["hint"], first)
        return mark, wrong(words["some"], right=sum(hits), total=len(hits))[1] + " " + hint
    for mistake in exercise["mistakes"]:
        if explained(mistake["values"]):
            return wrong(mistake["words"], first if sum(hits) == len(hits) - 1 else None)
    for mistake in exercise["mistakes"]:
        if mistake["values"][first] is not None and agrees(value, mistake["values"][first], part):
            return wrong(mistake["words"], first)
    right = part["right"]
    if rounded(value, right):
        return wrong(words["digits"], first, digits=part["digits"])
    if value * right < 0:
        return wrong(words["sign"], first)
    if significant(value)[0] > 1:
        for factor, name in exercise["factors"]:
            if agrees(value, factor * right, part):
                return wrong(words["factor"], first, factor=name)
    return wrong(words["large" if value > right else "small"], first)


def number(answer: object) -> float | None:
    """The finite number that an answer is or, as text, says; None where there is none."""
    if isinstance(answer, (int, float)):
        return float(answer) if abs(answer) <= MOST else None
    if not isinstance(answer, str):
        return None
    found = _NUMBER.fullmatch(answer.strip().replace("−", "-"))
    if not found:
        return None
    sign, root, top, root_below, bottom = found.groups()
    above = math.sqrt(float(top)) if root else float(top)
    below = 1.0 if bottom is None else math.sqrt(float(bottom)) if root_below else float(bottom)
    value = above / below if below else math.inf
    return (-value if sign == "-" else value) if math.isfinite(value) else None


def choice(answer: object, choices: Sequence[str]) -> str | None:
    """The choice that an answer names, in whatever case; None where it names none."""
    name = answer.strip().lower() if isinstance(answer, str) else None
    return name if name in choices else None


def agrees(given: float, value: float, part: Mapping) -> bool:
    """Whether a number is a value within the part's tolerance, or rounded to as many digits as the part wants."""
    if abs(given - value) <= part["tolerance"] * max(abs(value), 1e-9):
        return True
    digits, exponent = significant(given)
    return max(digits, exponent + 1) >= part["digits"] and rounded(given, value)


def rounded(given: float, value: float) -> bool:
    """Whether a number is a value rounded to as many significant digits as the number has."""
    digits, exponent = significant(given)
    unit = float(f"1e{significant(value)[1] - max(digits, exponent + 1) + 1}")
    return given != 0 and abs(given - value) <= HALF * unit


def significant(x: float) -> tuple[int, int]:
    """How many digits the shortest decimal of a number has, and the exponent of the first."""
    shortest = Decimal(repr(x)).normalize()
    return len(shortest.as_tuple().digits), shortest.adjusted()
