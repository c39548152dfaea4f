"""What the scripts of the Init Lab know of `winit`, so that nothing of it is typed twice: tables, constants, digits."""

from __future__ import annotations

import base64
import zlib

import numpy as np
from scipy.special import erfcx

import winit
from winit import activations, initializers, layers, moments

from . import kernel
from .stories import (
    DEFAULTS,
    DISTRIBUTIONS,
    LANE,
    OPENING,
    RACE,
    RACE_RANGES,
    RANGES,
    RATES,
    STORIES,
    complete,
    complete_race,
)

BINS = 48  # of a histogram
SHOWN = 8  # units of a layer in the drawing of the network


def data() -> dict:
    """What the lab alone knows: its controls, its stories, the digits."""
    return {
        "defaults": DEFAULTS,
        "ranges": RANGES | RACE_RANGES,
        "opening": OPENING,
        "stories": {name: complete(state) for name, (_, state) in STORIES.items()},
        "chapters": {name: chapter for name, (chapter, _) in STORIES.items()},
        "distributions": DISTRIBUTIONS,
        "bins": BINS,
        "shown": SHOWN,
        "lane": LANE,
        "race": complete_race(RACE),
        "rates": RATES,
        "digits": _digits(),
    }


def tables() -> dict:
    """What `labNumerics` and `labTheory` need to know of `winit`, wherever they run."""
    return {
        "activations": {
            name: {
                "kinks": [0, *row.kinks],
                "range": _range(row),
                "saturation": row.saturation,
            }
            for name, row in winit.ACTIVATIONS.items()
        },
        "constants": {
            "leak": activations.LEAK,
            "seluScale": activations.SELU_SCALE,
            "seluAlpha": activations.SELU_ALPHA,
            "epsilon": layers.EPS,
            "momentum": layers.MOMENTUM,
        },
        "initializers": {name: _initializer(name, row) for name, row in winit.INITIALIZERS.items()},
        "truncation": {"cut": initializers.CUT, "std": initializers.CUT_STD},
        "legendre": _legendre(len(moments.legendre(16)[0])) | {"finest": moments.FINEST, "reach": moments.REACH},
        "coarse": _legendre(5) | {"finest": 2, "reach": 7},
        "erfc": _erfc(),
        "kernels": [base64.b64encode(kernel.module(fused)).decode() for fused in (True, False)],
    }


def _initializer(name, row) -> dict:
    """A row of `INITIALIZERS` as the lab's scripts read it."""
    match row:
        case winit.VarianceScaling():
            return {"kind": "scaling", "scale": row.scale, "fan": row.fan, "distribution": row.distribution}
        case winit.Normal():
            return {"kind": "fixed", "std": row.sigma, "distribution": "normal"}
        case winit.Constant():
            return {"kind": "constant", "value": row.value}
        case winit.Orthogonal():
            return {"kind": "orthogonal", "gain": row.gain}
    raise ValueError(f"the lab cannot draw {name!r} of INITIALIZERS: {row!r}; add its kind here and in lab-numerics.js")


def _range(activation):
    """Where a bounded activation lies; None for the others."""
    low, high = activation.f([-1e9, 1e9])
    return [round(low), round(high)] if abs(low) < 2 and abs(high) < 2 else None


def _legendre(order) -> dict:
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return {"nodes": nodes.tolist(), "weights": weights.tolist()}


def _erfc() -> list[float]:
    """P in powers of u = 2 t - 1, as many even as odd: erfc(x) = t exp(P - x²), t = 2 / (2 + x); error 1e-13."""

    def exponent(t):
        x = 2 / np.maximum(t, 1e-9) - 2
        return np.log(erfcx(x) / np.maximum(t, 1e-9))

    fit = np.polynomial.Chebyshev.interpolate(exponent, 23, domain=[0, 1])
    return np.polynomial.chebyshev.cheb2poly(fit.coef).tolist()


def _digits() -> dict:
    """The digits in the order that `winit.data.digits` gives them for seed 0: every pixel one of a few levels."""
    split = winit.data.digits(rng=np.random.default_rng(0))
    x, y = np.concatenate([split.x_train, split.x_test]), np.concatenate([split.y_train, split.y_test])
    levels, pixels = np.unique(x, return_inverse=True)
    packed = pixels.astype(np.uint8).tobytes() + y.astype(np.uint8).tobytes()
    return {
        "train": len(split.x_train),
        "samples": len(x),
        "levels": levels.tolist(),
        "deflated": base64.b64encode(zlib.compress(packed, 9)[2:-4]).decode(),  # raw, without zlib's frame
    }
