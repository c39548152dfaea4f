"""What the checks share: judging an answer, naming the mistake behind it, saying so in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy

import numpy as np

Says = tuple[str, str]  # Korean, English

RIGHT: Says = ("맞습니다", "right")
NOT_YET: Says = ("아직입니다. answer를 채우세요", "not yet: fill in answer")
VARIANCE: Says = ("분산입니다. 제곱근을 취하세요", "that is the variance: take the square root")
FAN_OUT: Says = ("팬아웃을 썼습니다. 순전파에는 팬인입니다", "that uses fan_out: the forward pass wants fan_in")
NO_FIELD: Says = ("수용 영역의 크기를 곱하지 않았습니다", "the receptive field is missing")
TRANSPOSED: Says = ("전치되었습니다", "it is transposed")
TOLERANCE = 0.005  # two digits and a half: a rounded answer passes, a neighbouring mistake does not


def judge(answer, right, mistakes: Mapping[object, Says]) -> None:
    if answer is None:
        say("…", NOT_YET)
    elif matches(answer, right):
        say("✓", RIGHT)
    else:
        wrong(answer, right, mistakes)


def judge_each(answer, *parts: tuple[Says, float, Mapping[float, Says]]) -> None:
    """Judge several numbers, each a part with its name, its right value and the mistakes known for it."""
    if answer is None:
        return say("…", NOT_YET)
    given = numbers(answer)
    if given is None or given.shape != (len(parts),):
        return wrong(answer, [right for _, right, _ in parts], {})
    for number, (name, right, mistakes) in zip(given, parts):
        if not matches(number, right):
            return wrong(number, right, mistakes, *name)
    say("✓", RIGHT)


def _off(got: np.ndarray) -> Says:
    return "값이 다릅니다", "the values are off"


def judge_array(
    answer: Callable | None,
    arguments: Mapping[str, object],
    right: np.ndarray,
    mistakes: Sequence[tuple[np.ndarray, Says]],
    otherwise: Callable[[np.ndarray], Says] = _off,
) -> None:
    """Judge the array that the reader's function returns for these arguments."""
    if answer is None:
        return say("…", NOT_YET)
    try:
        got = np.asarray(answer(*deepcopy(list(arguments.values()))), float)
    except Exception as error:
        return say("✗", raised(f"answer({', '.join(arguments)})", error))
    fault = array_fault(got, right, mistakes, otherwise)
    say("✗", fault) if fault else say("✓", RIGHT)


def array_fault(got: np.ndarray, right: np.ndarray, mistakes, otherwise=_off) -> Says | None:
    """The mistake behind an array, or else its shape, or else what `otherwise` says of it; None where it is right."""
    for candidate, words in [(right, None), *mistakes]:
        if got.shape == candidate.shape and np.allclose(got, candidate):
            return words
    if got.shape != right.shape:
        return (
            f"모양이 {got.shape}입니다. {right.shape}이어야 합니다",
            f"the shape is {got.shape}, not {right.shape}",
        )
    return otherwise(got)


def is_function(answer) -> bool:
    """Whether the answer is a function; where it is not, say so."""
    if answer is None:
        say("…", NOT_YET)
    elif not callable(answer):
        say("✗", ("함수를 answer에 넣으세요", f"answer must be a function, got {answer!r}"))
    return callable(answer)


def wrong(answer, right, mistakes: Mapping[object, Says], korean: str = "answer", english: str | None = None) -> None:
    """Name the mistake that leads to this answer, or else how far off it is."""
    english = english or korean
    given, wanted = numbers(answer), numbers(right)
    if given is None or given.shape != wanted.shape:
        many = wanted.size
        return say(
            "✗", (f"{korean}: 수 {many}개가 필요합니다", f"{english}: expected {many} number(s), got {answer!r}")
        )
    for mistake, (word, english_word) in mistakes.items():
        if matches(answer, mistake):
            return say("✗", (f"{korean}: {word}", f"{english}: {english_word}"))
    off = np.flatnonzero(~np.isclose(given, wanted, rtol=TOLERANCE))[0]
    ratio = f"{given[off] / wanted[off]:.3g}"
    if wanted.size > 1:
        korean, english = f"{korean}의 {off + 1}번째 수", f"{english}, number {off + 1}"
    return say("✗", (f"{korean}: 정답의 {ratio}배입니다", f"{english}: {ratio} times the right one"))


def matches(answer, right) -> bool:
    given, wanted = numbers(answer), numbers(right)
    return given is not None and given.shape == wanted.shape and np.allclose(given, wanted, rtol=TOLERANCE, atol=0)


def numbers(answer) -> np.ndarray | None:
    """The numbers of an answer, (n,), or None where it holds none."""
    try:
        given = np.atleast_1d(np.asarray(answer, float))
    except (TypeError, ValueError):
        return None
    return given if given.ndim == 1 and np.isfinite(given).all() else None


def say(mark: str, words: Says) -> None:
    print(f"{mark} {words[0]} / {words[1]}")


def raised(call: str, error: Exception) -> Says:
    return tuple(f"{call}{word} {type(error).__name__}: {error}" for word in ("에서 오류", " raised"))
