"""What the tests of moments and of the mean field share: activations of one's own, a closed form, closeness."""

import math

import numpy as np
import pytest
from hypothesis import strategies as st

from winit import ACTIVATIONS, Activation

HARD_TANH = Activation("hard_tanh", lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1) * 1.0, kinks=(-1, 1))
CLIP = Activation("clip", lambda z: np.clip(z, -0.5, 2), lambda z: ((z > -0.5) & (z < 2)) * 1.0, kinks=(-0.5, 2))
ARCTAN = Activation("arctan", np.arctan, lambda z: 1 / (1 + z**2))
SINE = Activation("sine", np.sin, np.cos)
FLAT = Activation("flat", lambda z: np.tanh(z) ** 3, lambda z: 3 * np.tanh(z) ** 2 * ACTIVATIONS["tanh"].df(z))
STEEP = Activation("steep", lambda z: np.tanh(10 * z), lambda z: 10 * ACTIVATIONS["tanh"].df(10 * z))

every_row = pytest.mark.parametrize("name", ACTIVATIONS)
every_q = st.floats(-12, 12).map(lambda exponent: 10**exponent)


def close(value, expected, rel):
    np.testing.assert_allclose(value, expected, rtol=rel, atol=0)


def erf_kernel(q, c):
    """E erf(u) erf(v) = (2/π) asin(2qc / (1 + 2q)) for variance q and correlation c."""
    return 2 / math.pi * math.atan2(2 * q * c, math.sqrt((1 + 2 * q * (1 - c)) * (1 + 2 * q * (1 + c))))
