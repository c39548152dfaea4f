"""Every row of INITIALIZERS has the law its paper promises."""

import dataclasses
import math
import os
import pickle
import subprocess
import sys
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from winit import INITIALIZERS, Constant, Normal, Orthogonal, VarianceScaling, fans
from winit.initializers import CUT, CUT_STD, DISTRIBUTIONS, FANS

SHAPE = (256, 128)
FAMILY = [name for name, row in INITIALIZERS.items() if isinstance(row, VarianceScaling)]
RANDOM = [name for name, row in INITIALIZERS.items() if not isinstance(row, Constant)]
# every distribution with standard deviation 1
LAWS = {
    "normal": stats.norm(),
    "uniform": stats.uniform(-math.sqrt(3), 2 * math.sqrt(3)),
    "truncated_normal": stats.truncnorm(-CUT, CUT, scale=1 / CUT_STD),
}

every_row = pytest.mark.parametrize("init", INITIALIZERS.values(), ids=INITIALIZERS)
every_family_row = pytest.mark.parametrize("name", FAMILY)


def draw(init, shape=SHAPE, seed=0, dtype=np.float64):
    return init(shape, rng=np.random.default_rng(seed), dtype=dtype)


def law(init):
    return LAWS[getattr(init, "distribution", "normal")]


def z_score(weights, std, kurtosis):
    """Distance of a sample standard deviation from `std` in sampling errors."""
    return (weights.std() - std) / (std * math.sqrt((kurtosis - 1) / (4 * weights.size)))


# exact


@pytest.mark.parametrize(
    ("name", "shape", "std"),
    [
        ("zeros", (50, 10), 0),
        ("standard_normal", (50, 10), 1),
        ("small_normal", (50, 10), 0.01),
        ("lecun_normal", (25, 10), 0.2),
        ("lecun_uniform", (25, 10), 0.2),
        ("glorot_normal", (30, 20), 0.2),
        ("glorot_uniform", (30, 20), 0.2),
        ("he_normal", (50, 10), 0.2),
        ("he_uniform", (50, 10), 0.2),
        ("he_truncated", (50, 10), 0.2),
        ("he_normal", (5, 5, 2, 10), 0.2),
        ("torch_linear_default", (100, 10), 0.1 / math.sqrt(3)),
        ("orthogonal", (25, 100), 0.1),
        ("orthogonal", (100, 25), 0.1),
        ("orthogonal", (5, 5, 4, 3), 0.1),
    ],
)
def test_std_on_paper(name, shape, std):
    assert INITIALIZERS[name].std(shape) == pytest.approx(std, rel=1e-15)


def test_fan_is_chosen():
    assert [VarianceScaling(1, fan).std((16, 64)) ** -2 for fan in FANS] == pytest.approx([16, 64, 40])


def test_bounds_on_paper():
    assert VarianceScaling(1, "avg", "uniform").bound((20, 10)) == pytest.approx(math.sqrt(6 / 30))  # Glorot, eq. 16
    assert INITIALIZERS["torch_linear_default"].bound((100, 7)) == pytest.approx(1 / math.sqrt(100))
    assert VarianceScaling(1, "in", "truncated_normal").bound((25, 1)) == pytest.approx(2 * 0.2 / 0.87962566103423978)
    assert VarianceScaling(1, "in", "normal").bound((25, 1)) is None


def test_correction_of_the_cut():
    assert CUT_STD == pytest.approx(0.87962566103423978, rel=1e-15)  # the constant of Keras and JAX
    assert CUT_STD == pytest.approx(stats.truncnorm(-2, 2).std(), rel=1e-12)


def test_first_names_are_the_same_schemes():
    assert INITIALIZERS["xavier_normal"] is INITIALIZERS["glorot_normal"]
    assert INITIALIZERS["xavier_uniform"] is INITIALIZERS["glorot_uniform"]
    assert INITIALIZERS["kaiming_normal"] is INITIALIZERS["he_normal"]
    assert INITIALIZERS["kaiming_uniform"] is INITIALIZERS["he_uniform"]
    assert INITIALIZERS.get("kaiming_uniform") is INITIALIZERS["he_uniform"]
    assert "xavier_normal" in INITIALIZERS
    assert not [name for name in INITIALIZERS if name.startswith(("xavier", "kaiming"))]
    assert len(INITIALIZERS) == len(set(INITIALIZERS.values()))
    assert set(INITIALIZERS.aliases.values()) <= set(INITIALIZERS)
    for wrong in ("xavier", "kaiming_foo", 3):
        assert wrong not in INITIALIZERS
        with pytest.raises(KeyError):
            INITIALIZERS[wrong]


def test_a_new_row_is_one_row():
    table = deepcopy(INITIALIZERS)
    table["he_fan_out"] = VarianceScaling(2, "out")
    assert table["he_fan_out"].std((1, 50)) == table["kaiming_fan_out"].std((1, 50)) == pytest.approx(0.2)


# properties


@every_row
@given(
    shape=st.lists(st.integers(1, 6), min_size=2, max_size=4).map(tuple),
    dtype=st.sampled_from([np.float16, np.float32, np.float64, "float32", float]),
)
def test_shape_dtype_and_bounds(init, shape, dtype):
    weights = draw(init, shape, dtype=dtype)
    assert weights.shape == shape
    assert weights.dtype == np.dtype(dtype)
    assert weights.flags.c_contiguous
    assert weights.flags.writeable
    assert math.isfinite(init.std(shape))
    bound = init.bound(shape) if isinstance(init, VarianceScaling) else None
    if bound is not None:
        assert np.abs(weights).max() <= bound * (1 + np.finfo(weights.dtype).eps)


@every_row
def test_the_seed_is_the_draw(init):
    shape = (9, 7)
    np.testing.assert_array_equal(draw(init, shape), draw(init, shape))
    if init.std(shape) > 0:
        assert not np.array_equal(draw(init, shape), draw(init, shape, seed=1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_order_of_draws(dtype):
    rng = np.random.default_rng(0)
    plain = rng.standard_normal(SHAPE, dtype=dtype)
    np.testing.assert_allclose(draw(INITIALIZERS["lecun_normal"], dtype=dtype), plain / 16, rtol=1e-6)
    truncated = draw(INITIALIZERS["lecun_truncated"], dtype=dtype) * (16 * CUT_STD)
    while (outside := np.abs(plain) > 2).any():
        plain[outside] = rng.standard_normal(outside.sum(), dtype=dtype)
    np.testing.assert_allclose(truncated, plain, rtol=1e-6)
    uniform = np.random.default_rng(0).random(SHAPE, dtype=dtype)
    np.testing.assert_allclose(
        draw(INITIALIZERS["lecun_uniform"], dtype=dtype), (2 * uniform - 1) * 3**0.5 / 16, atol=1e-7
    )


def test_constants_leave_the_generator_alone():
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(Constant(0.25)((3, 4), rng=rng), np.full((3, 4), 0.25))
    assert rng.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("shape", [(40, 40), (30, 50), (50, 30), (3, 3, 4, 10), (3, 3, 4, 50), (1, 7), (7, 1)])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_orthonormal_rows_or_columns(shape, dtype, tolerance):
    weights = draw(Orthogonal(1.5), shape, dtype=dtype).reshape(-1, shape[-1]) / 1.5
    rows, columns = weights.shape
    gram = weights @ weights.T if rows <= columns else weights.T @ weights
    np.testing.assert_allclose(gram, np.eye(min(rows, columns)), atol=tolerance)
    std = Orthogonal(1.5).std(shape)
    assert 1.5 * np.sqrt(np.mean(weights**2)) == pytest.approx(std, rel=tolerance)  # no sampling error: norms are fixed


@every_row
def test_rows_are_values(init):
    assert pickle.loads(pickle.dumps(init)) == init
    assert eval(repr(init)) == init
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(init, dataclasses.fields(init)[0].name, 2.0)


@pytest.mark.parametrize("init", [Normal(0.3), Constant(0.3)])
def test_biases_may_have_one_axis(init):
    assert draw(init, (7,)).shape == (7,)


def test_std_is_no_field_of_normal():
    assert dataclasses.replace(Normal(), sigma=0.3) == Normal(sigma=0.3) == Normal(0.3)
    assert Normal(0.3).std((2, 5)) == 0.3


# statistical: five standard errors


@pytest.mark.parametrize("name", [name for name in RANDOM if name != "orthogonal"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [SHAPE, (3, 3, 40, 60)], ids=str)
def test_moments_of_a_draw(name, dtype, shape):
    init = INITIALIZERS[name]
    weights, std = draw(init, shape, dtype=dtype).astype(float), init.std(shape)
    assert abs(z_score(weights, std, 3 + law(init).stats("k"))) < 5
    assert abs(weights.mean()) < 5 * std / math.sqrt(weights.size)


@pytest.mark.parametrize("name", [name for name in RANDOM if name != "orthogonal"])
def test_the_same_test_rejects_every_other_scheme(name):
    init = INITIALIZERS[name]
    weights, std = draw(init), init.std(SHAPE)
    others = {other: row.std(SHAPE) for other, row in INITIALIZERS.items() if 0 < row.std(SHAPE) != std}
    assert len(others) >= 6
    for other, wrong in others.items():
        assert abs(z_score(weights, wrong, 3 + law(init).stats("k"))) > 20, other


@every_family_row
def test_law_of_a_draw_and_no_other(name):
    init = INITIALIZERS[name]
    standard = draw(init, dtype=np.float32).ravel() / init.std(SHAPE)
    for distribution, reference in LAWS.items():
        p_value = stats.kstest(standard, reference.cdf).pvalue
        # 1e-6 is five standard errors; the truncated normal differs from the normal by 0.02 in its distribution
        # function, the sampling error of which is 0.003 here
        assert (p_value > 1e-6) == (distribution == init.distribution), (distribution, p_value)


@every_family_row
def test_weights_are_independent_of_one_another(name):
    weights = draw(INITIALIZERS[name]) / INITIALIZERS[name].std(SHAPE)
    for lagged in (weights[1:] * weights[:-1], weights[:, 1:] * weights[:, :-1]):
        assert abs(lagged.mean()) * math.sqrt(lagged.size) < 5


def test_orthogonal_is_haar():
    """An entry of a Haar matrix of order 3 is uniform on [-1, 1]; without the signs it would never be positive."""
    rng = np.random.default_rng(0)
    matrices = np.array([Orthogonal()((3, 3), rng=rng) for _ in range(2000)])
    for i, j in ((0, 0), (1, 1), (2, 0), (0, 2)):
        assert stats.kstest(matrices[:, i, j], stats.uniform(-1, 2).cdf).pvalue > 1e-6
    determinants = np.linalg.det(matrices)
    assert abs(np.mean(determinants > 0) - 0.5) < 5 * 0.5 / math.sqrt(2000)
    wide = np.array([Orthogonal()((1, 3), rng=rng) for _ in range(2000)])
    assert stats.kstest(wide[:, 0, 0], stats.uniform(-1, 2).cdf).pvalue > 1e-6


# other libraries: two samples of one law, large enough to tell a truncated normal from a normal

LARGE, KERNEL = (512, 256), (3, 3, 200, 64)


def same_law(ours, theirs):
    return stats.ks_2samp(np.ravel(ours), np.ravel(theirs)).pvalue > 1e-6


def assert_each_has_the_law_of_its_name(theirs, shape, alike=()):
    """`theirs`: name of a row to weights of another library; `alike`: rows this shape cannot tell apart."""
    for name in theirs:
        ours = draw(INITIALIZERS[name], shape)
        for other, weights in theirs.items():
            expected = name == other or {name, other} == set(alike)
            assert same_law(ours, weights) == expected, (name, other)


@pytest.mark.peers
def test_against_torch():
    import torch

    torch.manual_seed(0)
    named = torch.nn.init
    theirs = {
        "lecun_normal": lambda w: named.kaiming_normal_(w, nonlinearity="linear"),
        "lecun_uniform": lambda w: named.kaiming_uniform_(w, nonlinearity="linear"),
        "xavier_normal": named.xavier_normal_,
        "xavier_uniform": named.xavier_uniform_,
        "kaiming_normal": named.kaiming_normal_,
        "kaiming_uniform": named.kaiming_uniform_,
        "orthogonal": named.orthogonal_,
        "torch_linear_default": lambda w: torch.nn.Linear(*LARGE).weight.detach(),
    }
    weights = {name: init(torch.empty(LARGE[::-1])).numpy() for name, init in theirs.items()}
    # an entry of a large orthogonal matrix is nearly normal
    assert_each_has_the_law_of_its_name(weights, LARGE, alike=("orthogonal", "lecun_normal"))
    del theirs["orthogonal"], theirs["torch_linear_default"]
    weights = {name: init(torch.empty(64, 200, 3, 3)).numpy() for name, init in theirs.items()}
    assert_each_has_the_law_of_its_name(weights, KERNEL)


@pytest.mark.peers
@pytest.mark.parametrize("shape", [LARGE, KERNEL], ids=str)
def test_against_keras(shape):
    from keras import initializers as named

    theirs = {
        "lecun_truncated": named.LecunNormal(seed=1),
        "lecun_uniform": named.LecunUniform(seed=1),
        "glorot_truncated": named.GlorotNormal(seed=1),
        "glorot_uniform": named.GlorotUniform(seed=1),
        "he_truncated": named.HeNormal(seed=1),
        "he_uniform": named.HeUniform(seed=1),
        "he_normal": named.VarianceScaling(2.0, "fan_in", "untruncated_normal", seed=1),
    }
    assert_each_has_the_law_of_its_name({name: np.asarray(init(shape)) for name, init in theirs.items()}, shape)


@pytest.mark.peers
@pytest.mark.parametrize("shape", [LARGE, KERNEL], ids=str)
def test_against_jax(shape):
    import jax

    named = jax.nn.initializers
    theirs = {
        "lecun_truncated": named.lecun_normal(),
        "lecun_uniform": named.lecun_uniform(),
        "glorot_truncated": named.glorot_normal(),
        "glorot_uniform": named.glorot_uniform(),
        "he_truncated": named.he_normal(),
        "he_uniform": named.he_uniform(),
        "he_normal": named.variance_scaling(2.0, "fan_in", "normal"),
    }
    weights = {name: np.asarray(init(jax.random.key(1), shape)) for name, init in theirs.items()}
    assert_each_has_the_law_of_its_name(weights, shape)


# errors


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: VarianceScaling(-1), "scale must be a finite number of at least 0, got -1"),
        (lambda: VarianceScaling(math.nan), "scale must be a finite number of at least 0, got nan"),
        (lambda: VarianceScaling(math.inf), "scale must be a finite number of at least 0, got inf"),
        (lambda: VarianceScaling("2"), "scale must be a finite number of at least 0, got '2'"),
        (
            lambda: VarianceScaling(1, "fan_in"),
            "fan must be one of 'in', 'out', 'avg', got 'fan_in' (did you mean 'in'?)",
        ),
        (lambda: VarianceScaling(1, ["in"]), "fan must be one of 'in', 'out', 'avg', got ['in']"),
        (
            lambda: VarianceScaling(1, "in", "gaussian"),
            "distribution must be one of 'normal', 'uniform', 'truncated_normal', got 'gaussian'",
        ),
        (lambda: Normal(-0.1), "sigma must be a finite number of at least 0, got -0.1"),
        (lambda: Normal(None), "sigma must be a finite number of at least 0, got None"),
        (lambda: Constant(math.inf), "value must be a finite number, got inf"),
        (lambda: Constant(True), "value must be a finite number, got True"),
        (lambda: Orthogonal(-1), "gain must be a finite number of at least 0, got -1"),
    ],
)
def test_the_constructor_names_what_is_wrong(make, message):
    with pytest.raises(ValueError) as caught:
        make()
    assert str(caught.value) == message


@every_row
@pytest.mark.parametrize("shape", [(), (0, 3), (3, -1), (3, 2.0), (3, None), None, 0])
def test_bad_shapes(init, shape):
    for call in (init.std, lambda shape: draw(init, shape), getattr(init, "bound", init.std)):
        with pytest.raises(ValueError, match="shape"):
            call(shape)


@pytest.mark.parametrize("name", [*FAMILY, "orthogonal"])
@pytest.mark.parametrize("shape", [5, (5,), [5]])
def test_fans_need_two_axes(name, shape):
    with pytest.raises(ValueError, match="shape must be a sequence of rank 2 or more, got"):
        INITIALIZERS[name].std(shape)
    with pytest.raises(ValueError, match="shape must be a sequence of rank 2 or more, got"):
        draw(INITIALIZERS[name], shape)


@every_row
def test_the_generator_is_required(init):
    with pytest.raises(TypeError, match="rng"):
        init(SHAPE)
    with pytest.raises(TypeError):
        init(SHAPE, np.random.default_rng(0))


@every_row
@pytest.mark.parametrize("dtype", [int, bool, complex, "U3"])
def test_dtypes_that_hold_no_weights(init, dtype):
    with pytest.raises(ValueError, match="dtype must be a floating dtype, got"):
        draw(init, dtype=dtype)


def test_choices_are_those_of_the_tests():
    assert set(LAWS) == set(DISTRIBUTIONS)
    assert fans(SHAPE) == SHAPE


def test_a_limit_of_threads_reaches_the_blas_that_scipy_brings():
    """The first cell of a chapter sets one before the first orthogonal matrix loads that library."""
    script = """
import numpy as np, winit
from threadpoolctl import threadpool_info, threadpool_limits

threadpool_limits(1, "blas")
before = len(threadpool_info())
winit.INITIALIZERS["orthogonal"]((30, 30), rng=np.random.default_rng(0))
print(len(threadpool_info()) > before, {library["num_threads"] for library in threadpool_info()})
"""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", script]
    said = subprocess.run(command, env=environment, capture_output=True, encoding="utf8", check=True).stdout
    assert said == "True {1}\n"
