"""An exercise as a record: its parts, what is right, which mistakes are known, and how an answer is read."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from .line import say
from .rule import LANGUAGES, UNFILLED, WRONG, verdict

Words = tuple[str, str]  # Korean, English
Values = tuple[float | None, ...]  # one for each part; None says nothing of it

GENERAL: dict[str, Words] = {
    "right": ("맞습니다.", "Right."),
    "count": ("답은 모두 {count}개여야 합니다.", "The answer has {count} parts."),
    "number": ("유한한 수를 쓰세요. 예: 0.3, 1e-3, 3/4, √2.", "Give a finite number, such as 0.3, 1e-3, 3/4 or √2."),
    "choice": ("다음 가운데 하나를 고르세요: {choices}.", "Choose one of {choices}."),
    "some": ("{total}개 가운데 {right}개가 맞습니다.", "{right} of {total} are right."),
    "digits": (
        "쓴 자리까지는 맞습니다. 유효숫자 {digits}자리로 쓰세요.",
        "This is right to the digits given: give {digits} significant digits.",
    ),
    "sign": ("부호가 반대입니다.", "The sign is wrong."),
    "factor": ("정답의 {factor}배입니다.", "This is {factor} times the right value."),
    "large": ("정답보다 큽니다.", "This is too large."),
    "small": ("정답보다 작습니다.", "This is too small."),
}
SQUARES = {"2": 4, "√2": 2, "4": 16, "3": 9, "√3": 3, "10": 100}
FACTORS = [[n ** (s / 2), ("1/" if s < 0 else "") + name] for name, n in SQUARES.items() for s in (1, -1)]

VARIANCE: Words = ("분산입니다. 제곱근을 취하세요.", "That is the variance: take its square root.")
FAN_OUT: Words = ("순전파에는 팬아웃이 아니라 팬인을 씁니다.", "That uses fan_out, but the forward pass wants fan_in.")
NO_FIELD: Words = ("수용 영역의 크기를 곱하지 않았습니다.", "The receptive field is missing.")
TRANSPOSED: Words = ("전치되었습니다.", "It is transposed.")


class Fault(Exception):
    """What is off with an answer that holds nothing to judge; its one argument is `Words`."""


@dataclass(frozen=True)
class Part:
    """One value that the reader gives: a number, or one of several choices.

    Parameters
    ----------
    label : pair
        What the value is called, in Korean and in English.
    right : float or tuple of str
        The right number (never 0), or all choices that are right.
    digits : int
        A number rounded to so many significant digits is right.
    tolerance : float
        So is one with this relative error: two digits and a half tell a rounded answer from a neighbouring mistake.
    choices : tuple of str
        In lower case; empty for a number.
    hint : pair
        What to say of a wrong choice.

    Examples
    --------
    >>> Part(("답", "answer"), 0.5).right
    0.5
    """

    label: Words
    right: float | tuple[str, ...]
    digits: int = 3
    tolerance: float = 0.005
    choices: tuple[str, ...] = ()
    hint: Words = ("", "")

    def as_data(self) -> dict:
        """The part in plain lists, numbers and strings.

        Returns
        -------
        dict
            ``label`` and ``right``, and ``digits`` and ``tolerance`` of a number or ``choices`` and ``hint``.

        Examples
        --------
        >>> Part(("답", "answer"), 0.5).as_data()
        {'label': ['답', 'answer'], 'right': 0.5, 'digits': 3, 'tolerance': 0.005}
        """
        judged: dict[str, Any]
        if isinstance(self.right, tuple):
            judged = {"right": list(self.right), "choices": list(self.choices), "hint": list(self.hint)}
        else:
            judged = {"right": float(self.right), "digits": self.digits, "tolerance": self.tolerance}
        return {"label": list(self.label), **judged}


@dataclass(frozen=True)
class Exercise:
    """An exercise; called with an answer it prints one line, returns nothing and raises nothing.

    Parameters
    ----------
    task : str
        What is asked, in one line.
    parts : tuple of Part
        What the reader gives.
    mistakes : tuple of (Values, Words)
        Known mistakes, in the order in which they are tried.
    also : tuple of Values
        Other answers that are right.
    kind : {"numbers", "choices", "function"}
        A function's parts are its values at the inputs that `given` shows.
    given : tuple of str
        The inputs of each call, as text.
    read : callable
        From the reader's answer (not None) to one answer for each part; it may raise anything.

    Examples
    --------
    >>> from winit import check
    >>> check.thaw.judge("1e2")
    ('✓', ('맞습니다.', 'Right.'))
    """

    task: str
    parts: tuple[Part, ...]
    mistakes: tuple[tuple[Values, Words], ...] = ()
    also: tuple[Values, ...] = ()
    kind: str = "numbers"
    given: tuple[str, ...] = ()
    read: Callable[[Any], Sequence] | None = field(default=None, repr=False)

    def __call__(self, answer: object) -> None:
        """Print the mark, and the words in the language of the edition.

        Parameters
        ----------
        answer : object
            A number, text, a sequence of them or a function, as the exercise asks; None where nothing is filled in.

        Raises
        ------
        KeyboardInterrupt
            Nothing else, whatever the answer.

        Examples
        --------
        >>> from winit import check
        >>> check.thaw(None)
        …
        """
        say(*self.judge(answer))

    def judge(self, answer: object) -> tuple[str, Words]:
        """The mark, and the words in both languages.

        Parameters
        ----------
        answer : object
            As for a call.

        Returns
        -------
        mark : str
            ``…``, ``✓`` or ``✗``.
        words : pair of str
            Korean, English.

        Raises
        ------
        KeyboardInterrupt
            Nothing else, whatever the answer.

        Examples
        --------
        >>> from winit import check
        >>> check.thaw.judge(100)
        ('✓', ('맞습니다.', 'Right.'))
        """
        if answer is None:
            return UNFILLED, ("", "")
        try:
            answers = self.read(answer) if self.read else flat(answer, len(self.parts) + 1)
        except KeyboardInterrupt:
            raise
        except Fault as fault:
            return WRONG, fault.args[0]
        except BaseException:  # of the reader's objects, which may do anything when they are read
            answers = [math.nan] * (len(self.parts) + 1)
        marks, words = zip(*(verdict(self.as_data(), answers, language) for language in LANGUAGES))
        return marks[0], words

    def as_data(self) -> dict:
        """The record in plain lists, numbers and strings, for `verdict` and for a page.

        Returns
        -------
        dict
            ``kind``; ``parts`` (``label``, ``right``, and ``digits`` and ``tolerance`` or ``choices`` and ``hint``);
            ``also``, rows of values; ``mistakes`` (``values``, ``words``); ``given``; ``words``, the general messages;
            ``factors``, telling factors and their names. Labels, hints and messages are pairs, Korean and English.

        Examples
        --------
        >>> from winit import check
        >>> check.thaw.as_data()["parts"][0]["right"]
        100.0
        """
        return {
            "kind": self.kind,
            "parts": [part.as_data() for part in self.parts],
            "also": [_floats(values) for values in self.also],
            "mistakes": [{"values": _floats(values), "words": list(words)} for values, words in self.mistakes],
            "given": list(self.given),
            "words": {name: list(words) for name, words in GENERAL.items()},
            "factors": FACTORS,
        }


def numbers(task: str, *parts: tuple, mistakes: Mapping[Values, Words] | None = None, digits: int = 3) -> Exercise:
    """An exercise that asks for numbers: each part is a label, what is right, and the mistakes known for it alone."""
    known = list((mistakes or {}).items())
    for place, (_, _, *own) in enumerate(parts):
        for value, words in own[0].items() if own else ():
            known.append((tuple(value if i == place else None for i in range(len(parts))), words))
    labels = [(label, label) if isinstance(label, str) else label for label, *_ in parts]
    return Exercise(task, tuple(Part(label, part[1], digits) for label, part in zip(labels, parts)), tuple(known))


def number(task: str, right: float, mistakes: Mapping[float, Words]) -> Exercise:
    """An exercise that asks for one number."""
    return numbers(task, ("answer", right, mistakes))


def flat(answer: Any, most: int, depth: int = 4) -> list:
    """The first numbers and strings in an answer; whatever is neither becomes nan, which the rule refuses."""
    if isinstance(answer, str):
        return [answer]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return [float(answer)]
    except (TypeError, ValueError, OverflowError, Warning):
        pass
    if not depth or not isinstance(answer, Iterable) or isinstance(answer, (Mapping, bytes, set, frozenset)):
        return [math.nan]
    items = (([None] if item is None else flat(item, most, depth - 1)) for item in answer)
    return list(islice((number for several in items for number in several), most))


def _floats(values: Values) -> list[float | None]:
    return [None if value is None else float(value) for value in values]
