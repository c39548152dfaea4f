"""Initializers: callable frozen records, one row each in `INITIALIZERS`.

``init(shape, rng=rng)`` is a sample, ``init.std(shape)`` the theory. Shapes are in ``"in_out"`` order:
``(fan_in, fan_out)`` or ``(*spatial, in, out)``. What a method takes and raises is said once, under `Initializer`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from inspect import signature
from numbers import Real
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import DTypeLike

from . import arguments
from .arguments import Table, WrongKind, refusal
from .connectivity import check_shape, fans

__all__ = ["INITIALIZERS", "Constant", "Initializer", "Normal", "Orthogonal", "VarianceScaling", "draw_bias"]

FANS = ("in", "out", "avg")
DISTRIBUTIONS = ("normal", "uniform", "truncated_normal")

# A standard normal cut at ±c keeps the variance 1 - 2cφ(c) / (2Φ(c) - 1)
CUT = 2.0
CUT_STD = math.sqrt(1 - 2 * CUT * math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi) / math.erf(CUT / math.sqrt(2)))


class Initializer(Protocol):
    """What every row of `INITIALIZERS` can do; any object that does it will serve.

    Examples
    --------
    >>> init: Initializer = INITIALIZERS["he_normal"]
    >>> init((64, 32), rng=np.random.default_rng(0)).shape
    (64, 32)
    """

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> np.ndarray:
        """Draw weights.

        Parameters
        ----------
        shape : sequence of int
            In ``"in_out"`` order.
        rng : numpy.random.Generator
        dtype : dtype
            A floating one.

        Returns
        -------
        array
            Of the given shape and dtype.

        Raises
        ------
        ValueError, TypeError
            A shape that does not do, another dtype, an rng that is no Generator.

        Examples
        --------
        >>> INITIALIZERS["zeros"]((2, 2), rng=np.random.default_rng(0), dtype=np.float32)
        array([[0., 0.],
               [0., 0.]], dtype=float32)
        """

    def std(self, shape: Sequence[int]) -> float:
        """The root of the expected mean square of the weights about their mean.

        Parameters
        ----------
        shape : sequence of int
            In ``"in_out"`` order.

        Returns
        -------
        float
            The theory, not that of a sample.

        Raises
        ------
        ValueError, TypeError
            A shape that does not do.

        Examples
        --------
        >>> INITIALIZERS["he_normal"].std((50, 20))
        0.2
        """


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

    Examples
    --------
    >>> VarianceScaling(2.0) == INITIALIZERS["he_normal"]
    True
    """

    scale: float = 1.0
    fan: Literal["in", "out", "avg"] = "in"
    distribution: Literal["normal", "uniform", "truncated_normal"] = "normal"

    def __post_init__(self):
        vars(self).update(scale=arguments.number("scale", self.scale, least=0))
        arguments.choice("fan", self.fan, FANS)
        arguments.choice("distribution", self.distribution, DISTRIBUTIONS)

    def std(self, shape: Sequence[int]) -> float:
        """Standard deviation of a weight: ``sqrt(scale / fan)``.

        Examples
        --------
        >>> VarianceScaling(1.0, "out").std((10, 25))
        0.2
        """
        fan_in, fan_out = fans(shape)
        fan = {"in": fan_in, "out": fan_out, "avg": (fan_in + fan_out) / 2}[self.fan]
        return math.sqrt(self.scale / fan)

    def bound(self, shape: Sequence[int]) -> float | None:
        """Largest possible weight.

        Parameters
        ----------
        shape : sequence of int
            In ``"in_out"`` order.

        Returns
        -------
        float or None
            √3σ (uniform), 2σ' = 2.27σ (truncated normal), None (normal).

        Raises
        ------
        ValueError, TypeError
            A shape of rank below 2, or with a size that is no positive integer.

        Examples
        --------
        >>> VarianceScaling(3.0, "in", "uniform").bound((100, 10))
        0.3
        """
        std = self.std(shape)
        if self.distribution == "normal":
            return None
        return std * (math.sqrt(3) if self.distribution == "uniform" else CUT / CUT_STD)

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> np.ndarray:
        """Weights of the given shape.

        Examples
        --------
        >>> VarianceScaling(2.0)((3, 2), rng=np.random.default_rng(0)).round(2)
        array([[ 0.1 , -0.11],
               [ 0.52,  0.09],
               [-0.44,  0.3 ]])
        """
        std = self.std(shape)
        if self.distribution == "uniform":
            weights = _draw("random", rng, shape, dtype)
            weights -= 0.5
            weights *= 2 * (math.sqrt(3) * std)
        elif self.distribution == "truncated_normal":
            weights = _draw("standard_normal", rng, shape, dtype)
            flat = weights.reshape(-1)
            outside = np.flatnonzero(np.abs(flat) > CUT)
            while outside.size:
                flat[outside] = _draw("standard_normal", rng, outside.size, dtype)
                outside = outside[np.abs(flat[outside]) > CUT]
            weights *= std / CUT_STD
        else:
            weights = _draw("standard_normal", rng, shape, dtype)
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

    Examples
    --------
    >>> Normal(0.01) == INITIALIZERS["small_normal"]
    True
    """

    sigma: float = 1.0

    def __post_init__(self):
        vars(self).update(sigma=arguments.number("sigma", self.sigma, least=0))

    def std(self, shape: Sequence[int]) -> float:
        """Standard deviation of a weight, `sigma`.

        Examples
        --------
        >>> Normal(0.01).std((784, 100))
        0.01
        """
        check_shape(shape)
        return self.sigma

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> np.ndarray:
        """Weights of the given shape, drawn in C order.

        Examples
        --------
        >>> Normal(0.01)((3,), rng=np.random.default_rng(0)).round(4)
        array([ 0.0013, -0.0013,  0.0064])
        """
        weights = _draw("standard_normal", rng, check_shape(shape), dtype)
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

    Examples
    --------
    >>> Constant(0.0) == INITIALIZERS["zeros"]
    True
    """

    value: float = 0.0

    def __post_init__(self):
        vars(self).update(value=arguments.number("value", self.value))

    def std(self, shape: Sequence[int]) -> float:
        """Always 0.

        Examples
        --------
        >>> Constant(3.0).std((784, 100))
        0.0
        """
        check_shape(shape)
        return 0.0

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> np.ndarray:
        """Weights of the given shape; `rng` is left as it is.

        Examples
        --------
        >>> Constant(3.0)((2,), rng=np.random.default_rng(0))
        array([3., 3.])
        """
        arguments.generator("rng", rng)
        return np.full(check_shape(shape), self.value, arguments.floating("dtype", dtype))


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

    Examples
    --------
    >>> W = Orthogonal()((3, 2), rng=np.random.default_rng(0))
    >>> np.allclose(W.T @ W, np.eye(2))
    True
    """

    gain: float = 1.0

    def __post_init__(self):
        vars(self).update(gain=arguments.number("gain", self.gain, least=0))

    def std(self, shape: Sequence[int]) -> float:
        """Standard deviation of a weight: ``gain / sqrt(max(rows, columns))``.

        Examples
        --------
        >>> Orthogonal(2.0).std((25, 10))
        0.4
        """
        return self.gain / math.sqrt(max(self._matrix(shape)))

    def __call__(self, shape: Sequence[int], *, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> np.ndarray:
        """Weights of the given shape.

        Examples
        --------
        >>> Orthogonal()((2, 2), rng=np.random.default_rng(0)).round(2)
        array([[ 0.19, -0.98],
               [ 0.98,  0.19]])
        """
        rows, columns = self._matrix(shape)
        normal = _draw("standard_normal", rng, (max(rows, columns), min(rows, columns)), dtype)
        q, r = _qr()(normal, mode="economic", overwrite_a=True, check_finite=False)
        q *= np.copysign(self.gain, np.diag(r)).astype(q.dtype)
        matrix = q if rows >= columns else q.T
        return np.ascontiguousarray(matrix, dtype).reshape(shape)

    @staticmethod
    def _matrix(shape):
        sizes = check_shape(shape, rank=2)
        return math.prod(sizes[:-1]), sizes[-1]


@cache
def _qr():
    """SciPy's QR, which unlike NumPy's computes float32 in float32.

    SciPy brings a BLAS of its own, and gives it every core: a limit that somebody has set did not reach it yet.
    """
    from threadpoolctl import ThreadpoolController, threadpool_limits

    threads = [library.num_threads for library in ThreadpoolController().select(user_api="blas").lib_controllers]
    from scipy.linalg import qr

    threadpool_limits(min(threads, default=None), "blas")
    return qr


def _draw(law: str, rng: np.random.Generator, shape, dtype) -> np.ndarray:
    """A standard draw in `dtype` where the generator can, otherwise in float64."""
    sampler = getattr(arguments.generator("rng", rng), law)
    dtype = arguments.floating("dtype", dtype)
    return sampler(shape, dtype=dtype if dtype in (np.float32, np.float64) else np.float64)


InitializerLike = str | float | Initializer  # a float is the standard deviation of a normal
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


def initializer_of(argument: str, initializer: Any) -> Initializer:
    """A name, an Initializer or a standard deviation, as an Initializer; None is no bias."""
    if initializer is None and argument == "bias":
        return INITIALIZERS["zeros"]
    if isinstance(initializer, (Real, np.ndarray)) and not isinstance(initializer, bool):
        return Normal(arguments.number(argument, initializer, least=0))
    initializer = arguments.lookup(INITIALIZERS, initializer, argument)
    if isinstance(initializer, (VarianceScaling, Normal, Constant, Orthogonal)):
        return initializer
    if not callable(initializer) or isinstance(initializer, type):
        raise refusal(argument, "a name, an Initializer or a float (std of a normal)", initializer, WrongKind)
    try:
        signature(initializer).bind((2, 1), rng=None, dtype=float)
    except TypeError as error:
        raise refusal(argument, f"callable as init(shape, rng=…, dtype=…) ({error})", initializer, WrongKind) from None
    except ValueError:  # what is written in C has no signature
        pass
    return initializer


def initializers_of(
    argument: str, initializer: InitializerLike | Sequence[InitializerLike | None] | None, depth: int
) -> list[Initializer]:
    """One Initializer per layer, from one for all or from a list or tuple of them."""
    return [initializer_of(argument, entry) for entry in arguments.each(argument, initializer, depth, "layers")]


def draw_weights(initializer, shape, *, rng, dtype=np.float64, argument="initializer"):
    """What an Initializer draws, if it is what it should be: finite real numbers of this shape, in `dtype`."""
    drawn = initializer(shape, rng=rng, dtype=dtype)
    return arguments.array(f"what {argument} {arguments.shown(initializer)} returns", drawn, tuple(shape), dtype=dtype)


def draw_bias(
    initializer: Initializer, shape: tuple[int, int], *, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> np.ndarray:
    """Bias of a layer whose weights have the shape (fan_in, fan_out).

    `Normal` and `Constant` know no fans and are called with (1, fan_out). Any other initializer is called with
    `shape` and the first row is taken, so that the bias has the distribution of a weight *of this layer*:
    U(±1/√fan_in) for ``"torch_linear_default"``.

    Parameters
    ----------
    initializer : Initializer
    shape : (int, int)
        Of the weights.
    rng : numpy.random.Generator
    dtype : dtype
        A floating one.

    Returns
    -------
    array (fan_out,)

    Raises
    ------
    ValueError, TypeError
        An Initializer that draws another shape, or what is no finite number.

    Examples
    --------
    >>> draw_bias(INITIALIZERS["torch_linear_default"], (16, 3), rng=np.random.default_rng(0)).round(3)
    array([ 0.068, -0.115, -0.23 ])
    """
    shape = (1, shape[1]) if isinstance(initializer, (Normal, Constant)) else shape
    return draw_weights(initializer, shape, rng=rng, dtype=dtype, argument="bias")[0]
