"""Every row of ACTIVATIONS is the function of its name, keeps shape and dtype, and overflows nowhere."""

import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rows import assert_rows

from winit import ACTIVATIONS
from winit.activations import LEAK, SELU_ALPHA, SELU_SCALE

NAMES = "linear sigmoid tanh relu leaky_relu elu selu gelu silu mish softplus softsign erf".split()
DTYPES = (np.float16, np.float32, np.float64)
POINTS = np.array([-25, -3, -1e-8, 2, 20])
# f and f' at POINTS by mpmath with 60 digits
PINNED = {
    "sigmoid": (
        (1.3887943864771146e-11, 0.04742587317756678, 0.4999999975, 0.8807970779778824, 0.9999999979388464),
        (1.388794386457827e-11, 0.04517665973091213, 0.25, 0.10499358540350652, 2.061153613941849e-09),
    ),
    "tanh": (
        (-1.0, -0.9950547536867305, -1e-08, 0.9640275800758169, 1.0),
        (7.714999391855671e-22, 0.00986603716544019, 0.9999999999999999, 0.07065082485316447, 1.6993417021166355e-17),
    ),
    "elu": (
        (-0.9999999999861121, -0.950212931632136, -9.999999950000001e-09, 2.0, 20.0),
        (1.3887943864964021e-11, 0.049787068367863944, 0.9999999900000001, 1.0, 1.0),
    ),
    "selu": (
        (-1.7580993408229604, -1.6705687287671118, -1.7580993320568802e-08, 2.101401974710961, 21.014019747109607),
        (2.4416384954718613e-11, 0.08753061208026487, 1.7580993232663833, 1.0507009873554805, 1.0507009873554805),
    ),
    "gelu": (
        (-7.641741765956403e-137, -0.0040496940948902835, -4.999999960105772e-09, 1.9544997361036416, 20.0),
        (-1.9104257373984655e-135, -0.011945647204183927, 0.4999999920211544, 1.085231801078197, 1.0),
    ),
    "silu": (
        (-3.4719859661927863e-10, -0.14227761953270035, -4.9999999750000005e-09, 1.7615941559557649, 19.99999995877693),
        (-3.3331065274968563e-10, -0.08810410601516962, 0.499999995, 1.0907842487848955, 1.0000000391619186),
    ),
    "mish": (
        (-3.4719859662168955e-10, -0.14564746127562458, -5.999999968e-09, 1.9439589595339946, 20.0),
        (-3.3331065275441105e-10, -0.09339311453232084, 0.5999999936, 1.0693179342794896, 1.0000000000000002),
    ),
    "softplus": (
        (1.3887943864867583e-11, 0.04858735157374206, 0.6931471755599453, 2.1269280110429727, 20.000000002061153),
        (1.3887943864771146e-11, 0.04742587317756678, 0.4999999975, 0.8807970779778824, 0.9999999979388464),
    ),
    "softsign": (
        (-0.9615384615384616, -0.75, -9.999999900000002e-09, 0.6666666666666666, 0.9523809523809523),
        (0.0014792899408284023, 0.0625, 0.9999999800000003, 0.1111111111111111, 0.0022675736961451248),
    ),
    "erf": (
        (-1.0, -0.9999779095030014, -1.1283791670955126e-08, 0.9953222650189527, 1.0),
        (
            4.1534010636398965e-272,
            0.00013925305194674786,
            1.1283791670955126,
            0.020666985354092053,
            2.1610374743867984e-174,
        ),
    ),
    "linear": (POINTS, np.ones(5)),
    "relu": ((0, 0, 0, 2, 20), (0, 0, 0, 1, 1)),
    "leaky_relu": (POINTS * [0.01, 0.01, 0.01, 1, 1], (0.01, 0.01, 0.01, 1, 1)),
}

every_row = pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=ACTIVATIONS)
every_dtype = pytest.mark.parametrize("dtype", DTYPES)


def test_the_table_holds_what_the_course_names():
    assert set(NAMES) <= set(ACTIVATIONS)
    cure = "pin f and f' at POINTS, as mpmath gives them with 60 digits"
    assert_rows("tests/test_activations.py: PINNED", PINNED, ACTIVATIONS, cure)
    assert all(name == row.name for name, row in ACTIVATIONS.items())


@every_row
def test_values_tails_included(row):
    f, df = PINNED.get(row.name) or pytest.skip("PINNED lacks it, as another test says")
    # exp(-z²) loses z² roundings: 625 of them at z = 25
    np.testing.assert_allclose(row.f(POINTS), f, rtol=2e-13, atol=0)
    np.testing.assert_allclose(row.df(POINTS), df, rtol=2e-13, atol=0)


@every_row
@given(z=st.floats(0.01, 50), sign=st.sampled_from([-1, 1]))
def test_df_is_the_derivative_of_f(row, z, sign):
    z, h = sign * z, 1e-4
    assume(all(abs(z - kink) > 3 * h for kink in row.kinks))
    stencil = row.f(z + h * np.array([-2, -1, 1, 2])) @ np.array([1, -8, 8, -1]) / (12 * h)
    assert abs(stencil - row.df(z)) < 1e-10


@pytest.mark.parametrize(
    ("name", "left"),
    [("relu", 0), ("leaky_relu", LEAK), ("elu", 1), ("selu", SELU_SCALE * SELU_ALPHA), ("softsign", 1), ("linear", 1)],
)
def test_at_the_kink_df_is_the_left_derivative(name, left):
    row = ACTIVATIONS[name]
    assert row.df(0.0) == left
    assert row.df(-0.0) == left
    assert (row.f(0.0) - row.f(-1e-9)) / 1e-9 == pytest.approx(left, abs=1e-8)


@every_row
@given(dtype=st.sampled_from(DTYPES), shape=arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
def test_shape_and_dtype_are_kept(row, dtype, shape):
    z = np.linspace(-3, 3, int(np.prod(shape))).astype(dtype).reshape(shape)
    before = z.copy()
    for function in (row.f, row.df):
        y = function(z)
        assert np.shape(y) == shape
        assert y.dtype == dtype
        np.testing.assert_array_equal(z, before)
        assert not np.shares_memory(y, z)


@every_row
def test_anything_else_is_taken_as_float64(row):
    for z in (2, 2.0, np.int32(2), np.longdouble(2), True + 1):
        assert row.f(z).dtype == row.df(z).dtype == np.float64
        assert row.f(z) == row.f(np.array(2.0))
    np.testing.assert_array_equal(row.f([[-1, 0, 2]]), row.f(np.array([[-1.0, 0.0, 2.0]])))


@every_row
@every_dtype
def test_nothing_overflows_and_nothing_is_invalid(row, dtype):
    z = np.concatenate([np.linspace(-1e4, 1e4, 2001), np.linspace(-120, 120, 2001)]).astype(dtype)
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(row.f(z)).all()
        assert np.isfinite(row.df(z)).all()


@every_row
def test_float32_is_float64_rounded(row):
    z = np.linspace(-8, 8, 4001).astype(np.float32)
    for function in (row.f, row.df):
        exact = function(z.astype(np.float64))
        # a few roundings of float32; near a zero of the derivative and in a tail relative to 1e-6 of the largest value
        np.testing.assert_allclose(function(z), exact, rtol=2e-6, atol=1e-6)


@every_row
def test_symmetries(row):
    z = np.linspace(0.01, 30, 500)
    if row.name in ("linear", "tanh", "softsign", "erf"):
        np.testing.assert_array_equal(row.f(-z), -row.f(z))
        np.testing.assert_array_equal(row.df(-z), row.df(z))
    if row.name in ("relu", "gelu", "silu", "mish", "softplus"):  # all of them approach relu
        np.testing.assert_allclose(row.f(1e3 * np.array([-1.0, 1.0])), [0, 1e3], atol=1e-12)


@every_row
def test_rows_can_be_pickled(row):  # a process pool sends them
    assert pickle.loads(pickle.dumps(row)) == row


@pytest.mark.peers
@every_row
def test_against_torch(row):
    import torch

    functional = torch.nn.functional
    theirs = {
        "linear": lambda z: 1 * z,
        "silu": functional.silu,
        "gelu": functional.gelu,
        "erf": torch.erf,
        "mish": functional.mish,
        "softplus": lambda z: functional.softplus(z, threshold=50),
    }.get(row.name) or getattr(functional, row.name, None)
    assert theirs, f"tests/test_activations.py: test_against_torch lacks {row.name!r}: say how PyTorch spells it"
    z = torch.linspace(-12, 12, 1000, dtype=torch.float64, requires_grad=True)
    y = theirs(z)
    y.sum().backward()
    np.testing.assert_allclose(row.f(z.detach().numpy()), y.detach().numpy(), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(row.df(z.detach().numpy()), z.grad.numpy(), rtol=1e-9, atol=1e-13)


@every_row
def test_what_is_saturated_lies_between_the_limits_of_a_bounded_function(row):
    lowest, highest = row.f(np.array([-1e6, 1e6]))
    if row.saturation is None:
        assert highest > 1e5, "a bounded function has a saturation"
    else:
        low, high = row.saturation
        assert lowest < low < high < highest and high - low == pytest.approx(0.98 * (highest - lowest), rel=1e-4)
