"""Initializers: callable frozen records, one row each in `INITIALIZERS`.

``init(shape, rng=rng)`` is a sample, ``init.std(shape)`` the theory. Shapes are in ``"in_out"`` order:
``(fan_in, fan_out)`` or ``(*spatial, in, out)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Literal, Protocol

import numpy as np

from . import arguments
from .arguments import Table
from .connectivity import check_shape, fans

FANS = ("in", "out", "avg")
DISTRIBUTIONS = ("normal", "uniform", "truncated_normal")

# A standard normal cut at ±c keeps the variance 1 - 2cφ(c) / (2Φ(c) - 1)
CUT = 2.0
CUT_STD = math.sqrt(1 - 2 * CUT * math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi) / math.erf(CUT / math.sqrt(2)))


class Initializer(Protocol):
    """What every row of `INITIALIZERS` can do; any object that does it will serve."""

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype=np.float64) -> np.ndarray:
        """A draw of the given shape and floating dtype."""

    def std(self, shape: Sequence[int]) -> float:
        """Root of the expected mean square of the weights about their mean."""


@dataclass(frozen=True)
class VarianceScaling:
    """Independent weights of mean 0 and variance ``scale / fan``.

    Parameters
    ----------
    scale : float
        Variance times fan: 1 for LeCun and Glorot, 2 for He.
    fan : {"in", "out", "avg"}
        Fan-in, fan-out or their mean.
    distribution : {"normal", "uniform", "truncated_normal"}
        The truncated normal is cut at twice the standard deviation σ' it has before the cut, and σ' is
        enlarged so that the variance after the cut is the promised one. Float32 and float64 are drawn as
        such. Weights are drawn in C order; those of the truncated normal that fall outside are
        drawn again, together and in the same order, until none is left.

    Raises
    ------
    ValueError
        A scale that is negative or no finite number, an unknown fan or distribution; when called, a
        shape of rank below 2.

    References
    ----------
    LeCun et al. (1998), section 4.6; Glorot and Bengio (2010), eq. 12 and 16; He et al. (2015), eq. 10 and 14.
    """

    scale: float = 1.0
    fan: Literal["in", "out", "avg"] = "in"
    distribution: Literal["normal", "uniform", "truncated_normal"] = "normal"

    def __post_init__(self):
        vars(self).update(scale=arguments.number("scale", self.scale, least=0))
        arguments.choice("fan", self.fan, FANS)
        arguments.choice("distribution", self.distribution, DISTRIBUTIONS)

    def std(self, shape: Sequence[int]) -> float:
        """Standard deviation of a weight: ``sqrt(scale / fan)``."""
        fan_in, fan_out = fans(shape)
        fan = {"in": fan_in, "out": fan_out, "avg": (fan_in + fan_out) / 2}[self.fan]
        return math.sqrt(self.scale / fan)

    def bound(self, shape: Sequence[int]) -> float | None:
        """Largest possible weight: √3σ (uniform), 2σ' = 2.27σ (truncated normal), None (normal)."""
        std = self.std(shape)
        if self.distribution == "normal":
            return None
        return std * (math.sqrt(3) if self.distribution == "uniform" else CUT / CUT_STD)

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype=np.float64) -> np.ndarray:
        """Weights of the given shape."""
        std = self.std(shape)
        if self.distribution == "uniform":
            weights = _draw(rng.random, shape, dtype)
            weights -= 0.5
            weights *= 2 * self.bound(shape)
        elif self.distribution == "truncated_normal":
            weights = _draw(rng.standard_normal, shape, dtype)
            flat = weights.reshape(-1)
            outside = np.flatnonzero(np.abs(flat) > CUT)
            while outside.size:
                flat[outside] = _draw(rng.standard_normal, outside.size, dtype)
                outside = outside[np.abs(flat[outside]) > CUT]
            weights *= std / CUT_STD
        else:
            weights = _draw(rng.standard_normal, shape, dtype)
            weights *= std
        return weights.astype(dtype, copy=False)


@dataclass(frozen=True)
class Normal:
    """Independent normal weights of mean 0 and the same standard deviation in every layer.

    Parameters
    ----------
    sigma : float
        Standard deviation, whatever the fans.

    Raises
    ------
    ValueError
        A standard deviation that is negative or no finite number; when called, a bad shape.
    """

    sigma: float = 1.0

    def __post_init__(self):
        vars(self).update(sigma=arguments.number("sigma", self.sigma, least=0))

    def std(self, shape: Sequence[int]) -> float:
        """Standard deviation of a weight."""
        check_shape(shape)
        return self.sigma

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype=np.float64) -> np.ndarray:
        """Weights of the given shape, drawn in C order."""
        weights = _draw(rng.standard_normal, check_shape(shape), dtype)
        weights *= self.sigma
        return weights.astype(dtype, copy=False)


@dataclass(frozen=True)
class Constant:
    """Every weight the same; nothing is drawn.

    Parameters
    ----------
    value : float
        The weight.

    Raises
    ------
    ValueError
        A value that is no finite number; when called, a bad shape.
    """

    value: float = 0.0

    def __post_init__(self):
        vars(self).update(value=arguments.number("value", self.value))

    def std(self, shape: Sequence[int]) -> float:
        """Always 0."""
        check_shape(shape)
        return 0.0

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype=np.float64) -> np.ndarray:
        """Weights of the given shape; `rng` is left as it is."""
        return np.full(check_shape(shape), self.value, _floating_dtype(dtype))


@dataclass(frozen=True)
class Orthogonal:
    """A random matrix with orthonormal rows or columns, whichever are fewer, times `gain`.

    All axes but the last are flattened into the rows, so a kernel is ``(prod(spatial) * in, out)``.
    The law is Haar's: Q of the QR decomposition of a tall normal matrix, drawn in C order, with the
    signs that make the diagonal of R positive.

    Parameters
    ----------
    gain : float
        Factor on the orthonormal matrix.

    Raises
    ------
    ValueError
        A gain that is negative or no finite number; when called, a shape of rank below 2.

    References
    ----------
    Saxe et al. (2014); Mezzadri (2007) for the signs.
    """

    gain: float = 1.0

    def __post_init__(self):
        vars(self).update(gain=arguments.number("gain", self.gain, least=0))

    def std(self, shape: Sequence[int]) -> float:
        """Standard deviation of a weight: ``gain / sqrt(max(rows, columns))``."""
        return self.gain / math.sqrt(max(self._matrix(shape)))

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype=np.float64) -> np.ndarray:
        """Weights of the given shape."""
        from scipy.linalg import qr  # unlike NumPy's it computes float32 in float32

        rows, columns = self._matrix(shape)
        normal = _draw(rng.standard_normal, (max(rows, columns), min(rows, columns)), dtype)
        q, r = qr(normal, mode="economic", overwrite_a=True, check_finite=False)
        q *= np.copysign(self.gain, np.diag(r)).astype(q.dtype)
        matrix = q if rows >= columns else q.T
        return np.ascontiguousarray(matrix, dtype).reshape(shape)

    @staticmethod
    def _matrix(shape):
        sizes = check_shape(shape, rank=2)
        return math.prod(sizes[:-1]), sizes[-1]


def _draw(sampler: Callable, shape, dtype) -> np.ndarray:
    """A standard draw in `dtype` where the generator can, otherwise in float64."""
    dtype = _floating_dtype(dtype)
    return sampler(shape, dtype=dtype if dtype in (np.float32, np.float64) else np.float64)


def _floating_dtype(dtype) -> np.dtype:
    if (dtype := np.dtype(dtype)).kind != "f":
        raise ValueError(f"dtype must be a floating dtype, got {dtype}")
    return dtype


INITIALIZERS: Table[Initializer] = Table(
    "initializer",
    {
        "zeros": Constant(0.0),
        "standard_normal": Normal(1.0),
        "small_normal": Normal(0.01),
        "lecun_normal": VarianceScaling(1.0, "in", "normal"),
        "lecun_uniform": VarianceScaling(1.0, "in", "uniform"),
        "lecun_truncated": VarianceScaling(1.0, "in", "truncated_normal"),
        "glorot_normal": VarianceScaling(1.0, "avg", "normal"),
        "glorot_uniform": VarianceScaling(1.0, "avg", "uniform"),
        "glorot_truncated": VarianceScaling(1.0, "avg", "truncated_normal"),
        "he_normal": VarianceScaling(2.0, "in", "normal"),
        "he_uniform": VarianceScaling(2.0, "in", "uniform"),
        "he_truncated": VarianceScaling(2.0, "in", "truncated_normal"),
        # U(±1/√fan_in), the law of torch.nn.Linear and of Glorot and Bengio's "standard heuristic" (eq. 1)
        "torch_linear_default": VarianceScaling(1 / 3, "in", "uniform"),
        "orthogonal": Orthogonal(1.0),
    },
    families={"xavier": "glorot", "kaiming": "he"},  # first names of Glorot and He
    hints={
        "zero": "'zeros'",
        "normal": "'standard_normal' or 'small_normal', or a number, the standard deviation",
        "ones": "Constant(1)",
        "constant": "Constant(value)",
        "uniform": "'lecun_uniform', 'glorot_uniform' or 'he_uniform'",
        "truncated_normal": "'lecun_truncated', 'glorot_truncated' or 'he_truncated'",
        "default": "'torch_linear_default'",
    },
)


def initializer_of(argument, initializer):
    """A name, an Initializer or a standard deviation, as an Initializer."""
    if isinstance(initializer, Real) and not isinstance(initializer, bool):
        return Normal(arguments.number(argument, initializer, least=0))
    initializer = arguments.lookup(INITIALIZERS, initializer, argument)
    if not callable(initializer):
        raise TypeError(f"{argument} must be a name, an Initializer or a float (std of a normal), got {initializer!r}")
    return initializer


def initializers_of(argument, initializer, depth) -> list:
    """One Initializer per layer, from one for all or from a list or tuple of them."""
    each = initializer if isinstance(initializer, (list, tuple)) else [initializer] * depth
    if len(each) != depth:
        raise ValueError(f"{argument} must have one entry for each of the {depth} layers, got {len(each)}")
    return [initializer_of(argument, entry) for entry in each]


def draw_bias(initializer, shape, *, rng, dtype=np.float64):
    """Bias of a layer whose weights have the shape (fan_in, fan_out).

    `Normal` and `Constant` know no fans and are called with (1, fan_out). Any other initializer is called with
    `shape` and the first row is taken, so that the bias has the distribution of a weight *of this layer*:
    U(±1/√fan_in) for ``"torch_linear_default"``.
    """
    knows_no_fans = isinstance(initializer, (Normal, Constant))
    return initializer((1, shape[1]) if knows_no_fans else shape, rng=rng, dtype=dtype)[0]
