"""What the checks share: judging an answer, naming the mistake behind it, saying so in one line."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Says = tuple[str, str]  # Korean, English

RIGHT: Says = ("맞습니다", "right")
NOT_YET: Says = ("아직입니다. answer를 채우세요", "not yet: fill in answer")
TOLERANCE = 0.005  # two digits and a half: a rounded answer passes, a neighbouring mistake does not


def judge(answer, right, mistakes: Mapping[object, Says]) -> None:
    if answer is None:
        say("…", NOT_YET)
    elif matches(answer, right):
        say("✓", RIGHT)
    else:
        wrong(answer, right, mistakes)


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
