"""The exercise checks: one line each, in Korean and English, that says *what* is off.

A check prints; it returns nothing and never raises on a wrong answer, so that a chapter runs unfilled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

Says = tuple[str, str]  # Korean, English

RIGHT: Says = ("맞습니다", "right")
ADD: Says = ("뺄셈에서도 분산은 더합니다", "variances add, even in a difference")
NOT_YET: Says = ("아직입니다. answer를 채우세요", "not yet: fill in answer")


def before_you_start(answer: tuple[float, ...] | None) -> None:
    """Chapter 00: the five numbers of the test."""
    if answer is None:
        return _say("…", NOT_YET)
    right = (11, 5, 0.3 / math.sqrt(3), 0.25, 1)
    mistakes = (
        dict.fromkeys((1, 5), ("2를 제곱하고, 뺄 때에도 분산은 더합니다", "square the 2, and add even in a difference"))
        | {7: ("2를 제곱하세요", "square the 2"), -1: ADD},
        {0.5: ("x의 평균이 0이 아닙니다. E[x²]을 쓰세요", "the mean of x is not 0: use E[x²]")},
        {0.03: ("분산입니다. 제곱근을 취하세요", "that is the variance: take the square root")}
        | {0.3 / math.sqrt(12): ("구간의 길이는 0.6입니다", "the interval is 0.6 long")},
        {
            0.5: ("σ(0)입니다. 미분값을 구하세요", "that is σ(0): take the derivative"),
            1: ("tanh입니다", "that is tanh"),
        },
        {-1: ("행과 열이 바뀌었습니다", "row and column are swapped")},
    )
    numbers = _numbers(answer)
    if numbers is None or numbers.shape != (5,):
        return _wrong(answer, right, {})
    for question, (number, wanted, known) in enumerate(zip(numbers, right, mistakes), 1):
        if not _matches(number, wanted):
            return _wrong(number, wanted, known, f"{question}번 문제", f"question {question}")
    return _say("✓", RIGHT)


def backward(answer: Callable | None) -> None:
    """Chapter 00: ``(x, W, dL/dh) -> (dL/dW, dL/dx)`` for ``h = tanh(x @ W)``."""
    if answer is None:
        return _say("…", NOT_YET)
    rng = np.random.default_rng(0)
    x, W, d = rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
    slope = 1 - np.tanh(x @ W) ** 2
    delta = d * slope
    right = x.T @ delta, delta @ W.T
    try:
        got = [np.asarray(part, float) for part in answer(x, W, d)]
    except Exception as error:
        return _say("✗", _raised("answer(x, W, d)", error))
    if len(got) != 2:
        return _say("✗", ("배열 두 개를 돌려주세요", f"return two arrays, got {len(got)}"))
    mistakes = {
        "dL/dW": [
            (x.T @ d, ("f'(z)를 곱하지 않았습니다", "the factor f'(z) is missing")),
            (delta.T @ x, ("전치되었습니다. 행 벡터에서는 xᵀδ입니다", "it is transposed: in rows it is xᵀδ")),
            (right[0] / len(x), ("표본 수로 나누지 마세요", "do not divide by the number of samples")),
        ],
        "dL/dx": [
            (d @ W.T, ("f'(z)를 곱하지 않았습니다", "the factor f'(z) is missing")),
            ((delta @ W.T).T, ("전치되었습니다", "it is transposed")),
        ],
    }
    if all(part.shape == wanted.shape and np.allclose(part, wanted) for part, wanted in zip(got, right[::-1])):
        return _say("✗", ("돌려주는 순서가 바뀌었습니다", "the two are in the wrong order"))
    for part, wanted, (name, known) in zip(got, right, mistakes.items()):
        if part.shape == wanted.shape and np.allclose(part, wanted):
            continue
        for mistake, words in known:
            if part.shape == mistake.shape and np.allclose(part, mistake):
                return _say("✗", tuple(f"{name}: {word}" for word in words))
        if part.shape != wanted.shape:
            words = (
                f"모양이 {part.shape}입니다. {wanted.shape}이어야 합니다",
                f"the shape is {part.shape}, not {wanted.shape}",
            )
            return _say("✗", tuple(f"{name}: {word}" for word in words))
        return _say("✗", (f"{name}: 값이 다릅니다", f"{name}: the values are off"))
    return _say("✓", RIGHT)


def _raised(call: str, error: Exception) -> Says:
    return tuple(f"{call}{word} {type(error).__name__}: {error}" for word in ("에서 오류", " raised"))


def fans_of(answer: Callable | None) -> None:
    """Chapter 02: a function from the shape of a kernel, ``(*spatial, in, out)``, to its two fans."""
    if answer is None:
        return _say("…", NOT_YET)
    if not callable(answer):
        return _say("✗", ("함수를 answer에 넣으세요", f"answer must be a function, got {answer!r}"))
    shapes = {(5, 5, 3, 10): (75, 250), (3, 16, 32): (48, 96), (784, 100): (784, 100)}
    for shape, right in shapes.items():
        try:
            got = answer(shape)
        except Exception as error:
            return _say("✗", _raised(f"answer({shape})", error))
        n_in, n_out = shape[-2:]
        swapped_axes = tuple(n * math.prod(shape[2:]) for n in (shape[1], shape[0]))
        mistakes = {
            (right[1], right[0]): ("팬인과 팬아웃이 뒤바뀌었습니다", "fan_in and fan_out are swapped"),
            (72, right[1]): ("5·5·3은 72가 아니라 75입니다", "5·5·3 is 75, not 72"),
            (n_in, n_out): ("수용 영역의 크기를 곱하지 않았습니다", "the receptive field is missing"),
            swapped_axes: ("축을 PyTorch의 순서로 읽었습니다", "the axes are read in PyTorch's order"),
        }
        if not _matches(got, right):
            return _wrong(got, right, mistakes, f"answer({shape})")
    return _say("✓", RIGHT)


def grouped(answer: tuple[int, int] | None) -> None:
    """Chapter 02: the true fans of a 5×5 convolution, 16 channels in and 32 out, in 4 groups."""
    mistakes = {
        (100, 800): (
            "프레임워크가 읽는 값입니다. 입력은 자기 묶음에만 들어갑니다",
            "what frameworks read: an input feeds its own group only",
        ),
        (400, 800): ("묶음을 나누지 않은 값입니다", "that is without groups"),
        (400, 200): (
            "팬아웃만 나누었습니다. 유닛도 자기 묶음만 더합니다",
            "only fan_out is divided: a unit, too, sums its own group",
        ),
        (200, 100): ("팬인과 팬아웃이 뒤바뀌었습니다", "fan_in and fan_out are swapped"),
        (4, 8): ("수용 영역의 크기를 곱하지 않았습니다", "the receptive field is missing"),
    }
    _judge(answer, (100, 200), mistakes)


def after_relu(answer: float | None) -> None:
    """Chapter 02: the weights' standard deviation that keeps E[z²] = 1 behind 400 rectified standard normals."""
    right = math.sqrt(2 / 400)
    variance = 0.5 - 1 / (2 * math.pi)  # Var[relu(g)]
    mistakes = {
        right**2: ("분산입니다. 제곱근을 취하세요", "that is the variance: take the square root"),
        math.sqrt(1 / 400): ("입력의 2차 모멘트가 1이 아닙니다", "the second moment of the input is not 1"),
        math.sqrt(1 / (400 * variance)): ("Var[x]가 아니라 E[x²]을 쓰세요", "use E[x²], not Var[x]"),
        math.sqrt(2 / 100): (
            "팬아웃을 썼습니다. 순전파에는 팬인입니다",
            "that uses fan_out: the forward pass wants fan_in",
        ),
    }
    _judge(answer, right, mistakes)


def _judge(answer, right, mistakes: Mapping[object, Says]) -> None:
    if answer is None:
        _say("…", NOT_YET)
    elif _matches(answer, right):
        _say("✓", RIGHT)
    else:
        _wrong(answer, right, mistakes)


def _wrong(answer, right, mistakes: Mapping[object, Says], korean: str = "answer", english: str | None = None) -> None:
    """Name the mistake that leads to this answer, or else how far off it is."""
    english = english or korean
    numbers, wanted = _numbers(answer), _numbers(right)
    if numbers is None or numbers.shape != wanted.shape:
        many = wanted.size
        return _say(
            "✗", (f"{korean}: 수 {many}개가 필요합니다", f"{english}: expected {many} number(s), got {answer!r}")
        )
    for mistake, (word, english_word) in mistakes.items():
        if _matches(answer, mistake):
            return _say("✗", (f"{korean}: {word}", f"{english}: {english_word}"))
    off = np.flatnonzero(~np.isclose(numbers, wanted, rtol=TOLERANCE))[0]
    ratio = f"{numbers[off] / wanted[off]:.3g}"
    if wanted.size > 1:
        korean, english = f"{korean}의 {off + 1}번째 수", f"{english}, number {off + 1}"
    return _say("✗", (f"{korean}: 정답의 {ratio}배입니다", f"{english}: {ratio} times the right one"))


TOLERANCE = 0.005  # two digits and a half: a rounded answer passes, a neighbouring mistake does not


def _matches(answer, right) -> bool:
    numbers, wanted = _numbers(answer), _numbers(right)
    return (
        numbers is not None and numbers.shape == wanted.shape and np.allclose(numbers, wanted, rtol=TOLERANCE, atol=0)
    )


def _numbers(answer) -> np.ndarray | None:
    try:
        numbers = np.atleast_1d(np.asarray(answer, float))
    except (TypeError, ValueError):
        return None
    return numbers if numbers.ndim == 1 and np.isfinite(numbers).all() else None


def _say(mark: str, words: Says) -> None:
    print(f"{mark} {words[0]} / {words[1]}")
