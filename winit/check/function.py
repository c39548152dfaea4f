"""An exercise that asks for a function: the page asks for its values at fixed inputs, Python calls it there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from functools import partial
from itertools import dropwhile, islice

import numpy as np

from .record import Exercise, Fault, Part, Values, Words

NO_FUNCTION: Words = ("answer에 함수를 넣으세요.", "Make answer a function.")


def function(
    task: str,
    outputs: Sequence[str],
    solution: Callable,
    inputs: Sequence[Mapping[str, object]],
    mistakes: Sequence[tuple[Callable | Mapping[str, object] | Values, Words]],
    *,
    also: Sequence[Callable | Mapping[str, object]] = (),
    read: Callable | None = None,
) -> Exercise:
    """The record of such an exercise, its numbers computed by the functions that are right and wrong.

    Parameters
    ----------
    outputs : sequence of str
        A name for each thing that the function returns; each of their entries is a part.
    solution : callable
        A right function.
    inputs : sequence of mapping
        The arguments of each call, copied each time; lists become arrays. A page does not show ``rng``.
    mistakes : sequence of (callable, mapping or Values, Words)
        Wrong functions (a mapping: keywords for `solution`), or rows of values. A function that returns other shapes is
        recognized by them, in Python only.
    also : sequence of callable or mapping
        Other functions that are right.
    read : callable
        ``(returned, *arguments) -> what solution returns``, where the reader's function returns something else.
    """

    def values(f: Callable, read: Callable | None = None) -> tuple[list[float], list[tuple[int, ...]]]:
        found = []
        for given in calls:
            returned = f(*deepcopy(given))
            found += arrays(read(returned, *given) if read else returned, outputs)
        return [x for array in found for x in array.ravel().tolist()], [array.shape for array in found]

    def variant(of: Callable | Mapping[str, object]) -> Callable:
        return of if callable(of) else partial(solution, **of)

    calls = [[np.array(x, float) if isinstance(x, list) else x for x in given.values()] for given in inputs]
    texts = [", ".join(f"{name} = {x}" for name, x in given.items() if name != "rng") for given in inputs]
    right, wanted = values(solution)
    known, misshapen = [], []
    for mistake, words in mistakes:
        entries, shapes = (mistake, wanted) if isinstance(mistake, tuple) else values(variant(mistake))
        known.append((tuple(entries), words)) if shapes == wanted else misshapen.append((shapes, words))

    def called(answer: object) -> list[float]:
        if not callable(answer):
            raise Fault(NO_FUNCTION)
        try:
            got, shapes = values(answer, read)
        except (Fault, KeyboardInterrupt):
            raise
        except BaseException as error:  # of the reader's function
            call, what = f"answer({', '.join(inputs[0])})", f"{type(error).__name__}: {cut(error)}"
            raise Fault((f"{call}에서 오류가 났습니다. {what}", f"{call} raised {what}")) from None
        for name, shape, right in zip([*outputs] * len(inputs), shapes, wanted):
            if core(shape) != core(right):
                words = [words for other, words in misshapen if other == shapes]
                raise Fault(words[0] if words else off_shape(name, shape, right))
        return got

    labels = [
        f"{name}{list(index) if index else ''}{f', {texts[i // len(outputs)]}' if len(inputs) > 1 else ''}"
        for i, (name, shape) in enumerate(zip([*outputs] * len(inputs), wanted))
        for index in np.ndindex(shape)
    ]
    parts = tuple(Part((label, label), value) for label, value in zip(labels, right, strict=True))
    others = tuple(tuple(values(variant(other))[0]) for other in also)
    return Exercise(task, parts, tuple(known), others, "function", tuple(texts), called)


def arrays(returned: object, outputs: Sequence[str]) -> list[np.ndarray]:
    """What a function returned, as an array of floats for each output."""
    several = [returned]
    if len(outputs) > 1:
        several = list(islice(returned, len(outputs) + 1)) if isinstance(returned, Iterable) else []
    if len(several) != len(outputs):
        names = f"({', '.join(outputs)})"
        raise Fault((f"{names}의 꼴로 돌려주세요.", f"Return {names}."))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [np.asarray(part, float) for part in several]


def core(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without leading axes of length 1, which broadcasting adds and takes away."""
    return tuple(dropwhile(lambda n: n == 1, shape))


def off_shape(name: str, shape: tuple[int, ...], right: tuple[int, ...]) -> Words:
    return f"{name}: 모양이 {right}이어야 하는데 {shape}입니다.", f"{name}: The shape is {shape}, not {right}."


def cut(value: object, width: int = 100) -> str:
    """One line of what a value says of itself, no longer than `width`."""
    try:
        text = " ".join(str(value).split())
    except KeyboardInterrupt:
        raise
    except BaseException:  # of the value's own __str__
        return ""
    return text if len(text) <= width else text[: width - 1] + "…"
