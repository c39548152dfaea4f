"""Lengths, correlations, fixed points and the critical line against closed forms, pinned numbers and their limits."""

import itertools
import math

import numpy as np
import pytest
from integrals import ARCTAN, CLIP, FLAT, HARD_TANH, SINE, STEEP, close, erf_kernel, every_row
from scipy.optimize import brentq
from scipy.special import erfcx

from winit import ACTIVATIONS, Activation, meanfield
from winit.meanfield import chi, correlation_map, critical_sigma_w, fixed_point, length_map
from winit.moments import second_moment, slope_moment

# length map


@every_row
def test_length_map_is_the_recursion(name):
    lengths = length_map(name, sigma_w=1.1, sigma_b=0.3, depth=6, q0=0.7)
    assert lengths.shape == (6,)
    assert lengths[0] == pytest.approx(1.21 * 0.7 + 0.09, rel=1e-15)  # the input passes no activation
    np.testing.assert_allclose(lengths[1:], 1.21 * second_moment(name, lengths[:-1]) + 0.09, rtol=1e-14)


def test_lengths_of_relu():
    close(length_map("relu", sigma_w=math.sqrt(2), depth=50), 2, 1e-13)
    close(length_map("relu", sigma_w=1, depth=50)[-1], 0.5**49, 1e-12)
    close(length_map("relu", sigma_w=math.sqrt(2), sigma_b=0.5, depth=50), 2 + 0.25 * np.arange(1, 51), 1e-13)
    assert length_map("tanh", sigma_w=0, depth=3).tolist() == [0, 0, 0]
    assert length_map("sigmoid", sigma_w=2, depth=2, q0=0).tolist() == pytest.approx([0, 1])


def test_a_diverging_length_ends_in_inf():
    for name in ("relu", "leaky_relu", "linear", "gelu", "elu"):
        lengths = length_map(name, sigma_w=10, depth=400)
        overflow = int(np.argmin(np.isfinite(lengths)))
        assert 150 < overflow < 240
        assert np.isinf(lengths[overflow:]).all()
        assert (np.diff(np.log10(lengths[:overflow])) > 1.5).all()


# correlation map


def product_moment(f, q, c, splits=(0.0,)):
    """E f(u) f(v) on a plain grid of (u, v), with panels of a quarter standard deviation split at the kinks."""
    std = math.sqrt(q)
    edges = np.unique(np.concatenate([np.linspace(-9, 9, 73) * std, splits]))
    x, w = np.polynomial.legendre.leggauss(8)
    half = np.diff(edges)[:, None] / 2
    u = (edges[:-1, None] + half * (1 + x)).ravel()
    weights = (half * w).ravel()
    density = np.exp(-(u[:, None] ** 2 - 2 * c * np.outer(u, u) + u**2) / (2 * q * (1 - c**2)))
    weighted = weights * f(u)
    return weighted @ density @ weighted / (2 * math.pi * q * math.sqrt(1 - c**2))


@pytest.mark.parametrize("activation", [*ACTIVATIONS.values(), HARD_TANH, CLIP, ARCTAN, SINE], ids=lambda row: row.name)
@pytest.mark.parametrize(("q", "c"), [(0.1, 0.5), (2.0, 0.5), (2.0, -0.7), (2.0, 0.0)])
def test_one_step_of_the_correlation(activation, q, c):
    # sigma_w² q0 = q makes q_1 = q and c_1 = c
    sigma_w, options = 1.5, {"sigma_b": 0.0, "depth": 2, "q0": q / 2.25, "c0": c}
    first, second = correlation_map(activation, sigma_w=sigma_w, **options)
    expected = product_moment(activation.f, q, c, (0.0, *activation.kinks)) / second_moment(activation, q)
    assert first == pytest.approx(c, abs=1e-15)
    assert second == pytest.approx(expected, abs=1e-10)


def arccos_kernel(c):  # Cho and Saul (2009), degree 1
    return (math.sqrt(1 - c * c) + (math.pi - math.acos(c)) * c) / math.pi


@pytest.mark.parametrize("c0", [-1, -1 + 1e-9, -0.4, 0, 0.3, 0.99, 1 - 1e-12, 1])
def test_relu_is_the_arccos_kernel(c0):
    correlations = correlation_map("relu", sigma_w=math.sqrt(2), depth=12, c0=c0)
    expected = [c0]
    for _ in range(11):
        expected.append(arccos_kernel(expected[-1]))
    np.testing.assert_allclose(correlations, expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("c0", [-1, -1 + 1e-12, -0.4, 0.7, 1 - 1e-9])
@pytest.mark.parametrize(("sigma_w", "sigma_b"), [(0.7, 0), (3, 0), (3, 0.5), (30, 2)])
def test_erf_is_the_arcsine_law(sigma_w, sigma_b, c0):
    options = {"sigma_w": sigma_w, "sigma_b": sigma_b, "depth": 8, "q0": 0.5}
    lengths = length_map("erf", **options)
    c = (sigma_w**2 * 0.5 * c0 + sigma_b**2) / lengths[0]
    expected = [c]
    for q, following in itertools.pairwise(lengths):
        c = min((sigma_w**2 * erf_kernel(q, c) + sigma_b**2) / following, 1)
        expected.append(c)
    # next to ±1 the reference multiplies its own rounding by χ in each layer, 20 for sigma_w = 30
    np.testing.assert_allclose(
        correlation_map("erf", **options, c0=c0), expected, rtol=0, atol=1e-6 if sigma_w > 20 else 1e-11
    )


def test_distances_from_one_keep_their_digits():
    """1 - c = 1e-15 grows through 60 chaotic layers to order 1, and all the way it is right to 1e-7 of itself."""
    distance, sigma_w, depth = 2.0**-50, 2.5, 60
    lengths = length_map("erf", sigma_w=sigma_w, depth=depth)
    correlations = correlation_map("erf", sigma_w=sigma_w, depth=depth, c0=1 - distance)
    expected = [distance]
    for q, following in itertools.pairwise(lengths):
        a = 2 * q / (1 + 2 * q)
        b = a * (1 - distance)
        # asin a - asin b without cancellation
        sine = a**2 * distance * (2 - distance) / (a * math.sqrt(1 - b * b) + b * math.sqrt((1 - a) * (1 + a)))
        distance = sigma_w**2 * 2 / math.pi * math.asin(sine) / following
        expected.append(distance)
    assert expected[-1] > 1e-3
    np.testing.assert_allclose(1 - correlations, expected, rtol=1e-7, atol=2e-16)


@every_row
def test_identical_inputs_stay_identical(name):
    np.testing.assert_array_equal(correlation_map(name, sigma_w=1.4, sigma_b=0.1, depth=6, c0=1), 1)


@pytest.mark.parametrize("name", ["tanh", "erf", "softsign", "linear"])
def test_opposite_inputs_stay_opposite_without_biases(name):
    np.testing.assert_array_equal(correlation_map(name, sigma_w=2, depth=6, c0=-1), -1)


@pytest.mark.parametrize(
    ("name", "sigma_b"), [("tanh", 0.0), ("tanh", 0.3), ("sigmoid", 0.0), ("sigmoid", 0.3), ("elu", 0.3), ("gelu", 0.3)]
)
def test_the_slope_at_one_is_chi(name, sigma_b):
    sigma_w, distance = 1.3, 1e-8
    q = fixed_point(name, sigma_w=sigma_w, sigma_b=sigma_b)
    q0 = (q - sigma_b**2) / sigma_w**2  # so that q_1 is the fixed point already
    c0 = 1 - distance * q / (sigma_w**2 * q0)
    first, second = 1 - correlation_map(name, sigma_w=sigma_w, sigma_b=sigma_b, depth=2, q0=q0, c0=c0)
    assert second / first == pytest.approx(chi(name, sigma_w=sigma_w, sigma_b=sigma_b), rel=1e-6)


def test_a_correlation_needs_a_length():
    assert np.isnan(correlation_map("tanh", sigma_w=1, depth=3, q0=0, c0=0.5)).all()
    assert correlation_map("tanh", sigma_w=1, sigma_b=1, depth=3, q0=0, c0=0.5).tolist() == [1, 1, 1]
    diverging = correlation_map("linear", sigma_w=1e30, depth=9, c0=0.5)
    np.testing.assert_allclose(diverging, [0.5] * 4 + [math.nan] * 5, rtol=1e-14)


# fixed points


@pytest.mark.parametrize(
    ("name", "sigma_w", "sigma_b", "length", "slope"),
    [  # by mpmath with 25 digits
        ("tanh", 1.5, 0.1, 0.813322326872871, 1.129052698664053),
        ("sigmoid", 10.0, 0.0, 44.207441825282444, 0.9858060554819791),
        ("gelu", 1.2, 0.5, 0.5658490980406238, 0.5998533287171928),
        ("silu", 1.3, 0.2, 0.07194513997787395, 0.4508773370639074),
        ("selu", 1.2, 0.3, 7.017607155671767, 1.1191595645300472),
        ("softplus", 1.2, 0.1, 1.9999296430854578, 0.4585214152340502),
        ("relu", 1.2, 0.5, 0.25 / (1 - 0.72), 0.72),
        ("linear", 0.6, 0.5, 0.25 / (1 - 0.36), 0.36),
        ("selu", 1.0, 0.0, 1.0, 1.0715749924557991),
    ],
)
def test_pinned_fixed_points(name, sigma_w, sigma_b, length, slope):
    close(fixed_point(name, sigma_w=sigma_w, sigma_b=sigma_b), length, 1e-12)
    close(chi(name, sigma_w=sigma_w, sigma_b=sigma_b), slope, 1e-12)


@every_row
@pytest.mark.parametrize("sigma_w", [0.5, 1.1, 1.6])
@pytest.mark.parametrize("sigma_b", [0.0, 0.2])
def test_where_the_lengths_go(name, sigma_w, sigma_b):
    lengths = length_map(name, sigma_w=sigma_w, sigma_b=sigma_b, depth=250)
    try:
        q = fixed_point(name, sigma_w=sigma_w, sigma_b=sigma_b)
    except ValueError as error:
        assert "diverges" in str(error)
        assert lengths[-1] > 100 * lengths[0]
        assert np.all(np.diff(lengths[np.isfinite(lengths)]) > 0)
    else:
        assert lengths[-1] == pytest.approx(q, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("excess", [1e-2, 1e-4, 1e-6, 1e-8])
def test_fixed_points_near_criticality(excess):
    sigma_w = math.sqrt(math.pi) / 2 * (1 + excess)  # erf, whose V is known

    def balance(log_q):
        q = math.exp(log_q)
        x = 2 * q / (1 + 2 * q)
        return sigma_w**2 * 2 / math.pi * math.asin(x) / q - 1

    series = ((1 + excess) ** 2 - 1) / 2  # V(q) = (1 + excess)² (q - 2q² + …)
    expected = math.exp(brentq(balance, math.log(series) - 1, math.log(series) + 1, xtol=1e-15))
    q = fixed_point("erf", sigma_w=sigma_w)
    assert q == pytest.approx(expected, rel=1e-6)
    assert chi("erf", sigma_w=sigma_w) == pytest.approx(sigma_w**2 * 4 / math.pi / math.sqrt(1 + 4 * q), rel=1e-12)


@pytest.mark.parametrize(("name", "sigma_w"), [("tanh", 1.0), ("erf", math.sqrt(math.pi) / 2), ("elu", 1.0)])
def test_at_criticality_the_length_dies_out(name, sigma_w):
    assert fixed_point(name, sigma_w=sigma_w) == 0
    assert chi(name, sigma_w=sigma_w) == pytest.approx(1, rel=1e-14)
    lengths = length_map(name, sigma_w=sigma_w, depth=2000)
    assert lengths[-1] > 1e-6  # though only algebraically: iterating would not have found it


def test_fixed_points_far_out():
    """ELU settles as long as sigma_w² < 2: V(q) = sigma_w² (q + 1 - 2 erfcx(√(q/2)) + …) / 2."""
    for gap in (1e-2, 1e-4, 1e-6):
        sigma_w = math.sqrt(2 - gap)

        def balance(q, sigma_w=sigma_w):
            s = math.sqrt(q / 2)
            return sigma_w**2 * (q + erfcx(2 * s) - 2 * erfcx(s) + 1) / 2 - q

        expected = brentq(balance, 1 / gap, 4 / gap, xtol=1e-12 / gap)
        assert fixed_point("elu", sigma_w=sigma_w) == pytest.approx(expected, rel=1e-8)


def test_relu_at_its_critical_point():
    # every length is a fixed point; the one reached from q0 = 1 is q_1 = sigma_w² q0
    assert fixed_point("relu", sigma_w=math.sqrt(2)) == pytest.approx(2, rel=1e-15)
    assert fixed_point("linear", sigma_w=1) == 1
    assert fixed_point("relu", sigma_w=1.4) == 0
    assert fixed_point("relu", sigma_w=0, sigma_b=0.5) == 0.25


@pytest.mark.parametrize(
    ("name", "sigma_w", "sigma_b"),
    [
        ("relu", 1.5, 0.0),
        ("relu", math.sqrt(2), 0.1),
        ("leaky_relu", 1.42, 0.0),
        ("linear", 1.0, 1e-3),
        ("linear", 1 - 2**-53, 1e-3),  # 1, but for rounding
        ("gelu", 1.5335, 0.0),
        ("silu", 1.7, 0.0),
        ("mish", 1.5, 0.0),
        ("elu", math.sqrt(2), 0.0),
        ("selu", 1.4, 0.0),
        ("softplus", math.sqrt(2), 0.0),
    ],
)
def test_diverging_lengths(name, sigma_w, sigma_b):
    with pytest.raises(ValueError, match=f"the length map of '{name}' with sigma_w=.* diverges"):
        fixed_point(name, sigma_w=sigma_w, sigma_b=sigma_b)
    if name in ("relu", "leaky_relu", "linear"):
        expected = sigma_w**2 * slope_moment(name)
        assert chi(name, sigma_w=sigma_w, sigma_b=sigma_b) == pytest.approx(expected, rel=1e-14)
    else:
        with pytest.raises(ValueError, match="diverges"):
            chi(name, sigma_w=sigma_w, sigma_b=sigma_b)


def test_of_several_fixed_points_the_one_that_is_reached():
    """GELU at sigma_w = 1.48 has a repelling fixed point at q = 1.95: lengths below die out, lengths above diverge."""
    assert second_moment("gelu", 2.1) * 1.48**2 < 2.1 or second_moment("gelu", 2.3) * 1.48**2 > 2.3
    assert fixed_point("gelu", sigma_w=1.45) == 0
    assert length_map("gelu", sigma_w=1.45, depth=300)[-1] < 1e-20
    with pytest.raises(ValueError, match="diverges"):
        fixed_point("gelu", sigma_w=1.52)
    assert length_map("gelu", sigma_w=1.52, depth=300)[-1] > 1e3


def test_fixed_points_of_ones_own():
    q = fixed_point(SINE, sigma_w=2, sigma_b=0.3)
    assert q == pytest.approx(2 * (1 - math.exp(-2 * q)) + 0.09, rel=1e-10)
    q = fixed_point(HARD_TANH, sigma_w=2, sigma_b=0.3)
    assert q == pytest.approx(length_map(HARD_TANH, sigma_w=2, sigma_b=0.3, depth=200)[-1], rel=1e-12)


# critical line


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("tanh", [1, 1.04213, 1.19340, 1.30415, 1.32701, 1.39558, 1.54967, 1.85559]),
        ("erf", [0.88623, 0.92336, 1.05559, 1.15280, 1.17296, 1.23367, 1.37133, 1.64875]),
    ],
)
def test_critical_line_of_the_papers(name, line):
    sigma_b = [0, 0.01, 0.1, 0.2, math.sqrt(0.05), 0.3, 0.5, 1]
    assert [critical_sigma_w(name, sigma_b=b) for b in sigma_b] == pytest.approx(line, abs=5e-6)


@pytest.mark.parametrize(
    ("name", "sigma_b", "sigma_w"),
    [  # by mpmath with 25 digits
        ("tanh", math.sqrt(0.05), 1.327009660705881642394202),
        ("sigmoid", 0.1, 10.15045648068815197305353),
        ("softsign", 0.1, 1.512868070250939235325138),
        ("tanh", 0, 1),
        ("softsign", 0, 1),
        ("erf", 0, math.sqrt(math.pi) / 2),
        ("relu", 0, math.sqrt(2)),
        ("leaky_relu", 0, math.sqrt(2 / 1.0001)),
        ("linear", 0, 1),
    ],
)
def test_pinned_critical_points(name, sigma_b, sigma_w):
    close(critical_sigma_w(name, sigma_b=sigma_b), sigma_w, 1e-13)


ROWS, OWN = ["tanh", "erf", "softsign", "sigmoid"], [HARD_TANH, ARCTAN, STEEP]
BIASES = [0, 1e-10, 1e-6, 1e-3, 0.1, 1, 10, 1e4]
QUICK = [*zip(OWN, [1e-10, 1, 1e4])]


@pytest.mark.parametrize(
    ("name", "sigma_b"),
    [
        *itertools.product(ROWS, BIASES),
        *QUICK,
        *(pytest.param(*each, marks=pytest.mark.slow) for each in itertools.product(OWN, BIASES) if each not in QUICK),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_on_the_critical_line_chi_is_one(name, sigma_b):
    sigma_w = critical_sigma_w(name, sigma_b=sigma_b)
    assert chi(name, sigma_w=sigma_w, sigma_b=sigma_b) == pytest.approx(1, abs=1e-6)
    assert chi(name, sigma_w=1.01 * sigma_w, sigma_b=sigma_b) > 1.00001
    assert chi(name, sigma_w=0.99 * sigma_w, sigma_b=sigma_b) < 0.9999


@pytest.mark.parametrize("name", ["tanh", "erf", "softsign", "sigmoid"])
def test_the_critical_line_rises(name):
    line = [critical_sigma_w(name, sigma_b=b) for b in np.linspace(0, 3, 10)]
    assert (np.diff(line) > 0).all()


@pytest.mark.parametrize(
    ("name", "sigma_b", "reason"),
    [
        ("relu", 0.1, "sigma_b must be 0 for 'relu', got 0.1: at χ = 1 every layer adds sigma_b² to the length"),
        ("leaky_relu", 1e-3, "sigma_b must be 0 for 'leaky_relu'"),
        ("linear", 2, "sigma_b must be 0 for 'linear'"),
        (FLAT, 0, "no critical sigma_w for 'flat' at sigma_b=0.0: no length that the length map reaches"),
        (FLAT, 0.1, "no critical sigma_w for 'flat' at sigma_b=0.1: no length that the length map reaches"),
        *((name, b, "it is unbounded") for name in "elu selu gelu silu mish softplus".split() for b in (0, 0.1)),
    ],
)
def test_no_critical_point(name, sigma_b, reason):
    with pytest.raises(ValueError) as caught:
        critical_sigma_w(name, sigma_b=sigma_b)
    assert reason in str(caught.value)


# names, objects, errors


@every_row
def test_a_name_and_its_object_are_one(name):
    row = ACTIVATIONS[name]
    assert chi(name, sigma_w=0.9) == chi(row, sigma_w=0.9)


def map_calls(activation):
    return [
        lambda: length_map(activation, sigma_w=1, depth=2),
        lambda: correlation_map(activation, sigma_w=1, depth=2, c0=0.5),
        lambda: fixed_point(activation, sigma_w=1),
        lambda: chi(activation, sigma_w=1),
        lambda: critical_sigma_w(activation, sigma_b=0),
    ]


@pytest.mark.parametrize("call", range(5))
def test_unknown_activations(call):
    with pytest.raises(ValueError, match=r"unknown activation 'rleu' \(did you mean 'relu'"):
        map_calls("rleu")[call]()
    with pytest.raises(TypeError, match="activation must be a name or an Activation, got <ufunc 'tanh'>"):
        map_calls(np.tanh)[call]()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sigma_w": -1}, "sigma_w must be a finite number of at least 0, got -1"),
        ({"sigma_w": math.nan}, "sigma_w must be a finite number of at least 0, got nan"),
        ({"sigma_w": math.inf}, "sigma_w must be a finite number of at least 0, got inf"),
        ({"sigma_b": -0.5}, "sigma_b must be a finite number of at least 0, got -0.5"),
        ({"sigma_b": "1"}, "sigma_b must be a finite number of at least 0, got '1'"),
        ({"depth": 0}, "depth must be a positive integer, got 0"),
        ({"depth": -3}, "depth must be a positive integer, got -3"),
        ({"depth": 2.0}, "depth must be a positive integer, got 2.0"),
        ({"depth": True}, "depth must be a positive integer, got True"),
        ({"q0": -1}, "q0 must be a finite number of at least 0, got -1"),
        ({"q0": math.inf}, "q0 must be a finite number of at least 0, got inf"),
        ({"c0": 1.1}, "c0 must be a finite number of at least -1 and at most 1, got 1.1"),
        ({"c0": -1.1}, "c0 must be a finite number of at least -1 and at most 1, got -1.1"),
        ({"c0": math.nan}, "c0 must be a finite number of at least -1 and at most 1, got nan"),
    ],
)
def test_bad_maps(options, message):
    good = {"sigma_w": 1.0, "sigma_b": 0.1, "depth": 3, "q0": 1.0, "c0": 0.5}
    for function, arguments in (
        (length_map, ("sigma_w", "sigma_b", "depth", "q0")),
        (correlation_map, ("sigma_w", "sigma_b", "depth", "q0", "c0")),
        (fixed_point, ("sigma_w", "sigma_b")),
        (chi, ("sigma_w", "sigma_b")),
        (critical_sigma_w, ("sigma_b",)),
    ):
        if set(options) <= set(arguments):
            for name in ("tanh", "relu"):
                with pytest.raises(ValueError) as caught:
                    function(name, **{key: good[key] for key in arguments} | options)
                assert str(caught.value) == message


def test_keywords_are_required():
    with pytest.raises(TypeError):
        length_map("tanh", 1.0, 0.0, 3)
    with pytest.raises(TypeError, match="sigma_b"):
        critical_sigma_w("tanh")
    with pytest.raises(TypeError, match="c0"):
        correlation_map("tanh", sigma_w=1, depth=3)


def test_noise_is_above_the_rounding_of_the_rule():
    """`fixed_point` tells V(q) / q = 1 from 1 + noise; tanh at sigma_w = 1 has V(q) / q = 1 - 2q."""
    q = np.logspace(-40, -20, 200)
    assert np.abs(second_moment("tanh", q) / q - 1).max() < meanfield.NOISE / 3


# activations of one's own, known by their functions alone


def own(f, df=np.zeros_like, **fields):
    return Activation("own", f, df, **fields)


@pytest.mark.parametrize("c0", [1 - 2.0**-50, 0.5, -0.3, -1, 1])
def test_correlations_of_ones_own_agree_with_the_rows(c0):
    for name in ("tanh", "relu"):
        options = {"sigma_w": 1.7, "sigma_b": 0.2, "depth": 3, "c0": c0}
        copy = own(ACTIVATIONS[name].f, ACTIVATIONS[name].df)
        np.testing.assert_allclose(
            1 - correlation_map(copy, **options), 1 - correlation_map(name, **options), rtol=1e-6, atol=1e-15
        )


def test_correlations_through_waves_and_jumps():
    options = {"sigma_w": 1.5, "depth": 2, "c0": 0.5}
    waves = [math.exp(-9 * 2.25 * (1 - c)) - math.exp(-9 * 2.25 * (1 + c)) for c in (0.5, 1)]
    second = correlation_map(own(lambda z: np.sin(3 * z)), **options)[1]
    assert second == pytest.approx(waves[0] / waves[1], rel=1e-6, abs=1e-9)
    assert correlation_map(own(np.sign), **options)[1] == pytest.approx(2 / math.pi * math.asin(0.5), abs=1e-9)
    bend, kinks = (lambda z: np.abs(z - 0.37)), (0.37,)
    expected = product_moment(bend, 2.25, 0.5, kinks) / second_moment(own(bend), 2.25)
    assert correlation_map(own(bend, kinks=kinks), **options)[1] == pytest.approx(expected, abs=1e-9)
    with pytest.raises(ValueError, match=r"'own' at q=2.25 and a correlation of 0.5 reached .* 1e-6: give its kinks"):
        correlation_map(own(bend), **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: correlation_map(own(lambda z: np.sin(300 * z)), sigma_w=1.5, depth=2, c0=0.5),
            "q=2.25.* only, not of",
        ),
        (lambda: correlation_map(own(np.floor), sigma_w=1.5, depth=2, c0=0.5), "only, not of 1e-6: give its kinks"),
        (lambda: fixed_point(own(np.cos), sigma_w=1), "E f² does not grow with q between q_1 = 1 and the root 0.639"),
        (lambda: fixed_point(own(lambda z: np.exp(-(z**2))), sigma_w=3), "E f² does not grow with q"),
        (lambda: chi(own(np.tanh, np.tanh), sigma_w=1.5), "df of 'own' must be the derivative of f"),
        (lambda: critical_sigma_w(own(np.sin, np.sin), sigma_b=0.1), "df of 'own' must be the derivative of f"),
        (lambda: critical_sigma_w(own(lambda z: z + np.sin(z)), sigma_b=0.1), "it is unbounded"),
    ],
)
def test_no_wrong_number_of_ones_own(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_no_straight_line_between_the_points_that_are_looked_at():
    bump = own(
        lambda z: np.maximum(z, 0) + np.exp(-((300 * (z - 0.5)) ** 2)),
        lambda z: (z > 0) - 2 * 300**2 * (z - 0.5) * np.exp(-((300 * (z - 0.5)) ** 2)),
    )
    assert chi(bump, sigma_w=0.5, sigma_b=0.1) > 0.13 > 0.125 == chi("relu", sigma_w=0.5, sigma_b=0.1)


def test_the_sine_has_a_critical_line():
    for sigma_b in (0, 0.2):
        sigma_w = critical_sigma_w(SINE, sigma_b=sigma_b)
        q = fixed_point(SINE, sigma_w=sigma_w, sigma_b=sigma_b)
        assert sigma_w**2 * (1 + math.exp(-2 * q)) / 2 == pytest.approx(1, abs=1e-8)


def test_a_fixed_point_of_ones_own_lies_far_below_the_start():
    """Near V(0), for the slope adds a sixteenth: q = V(0) / (1 - 25 · 0.05²)."""
    low = Activation("low", lambda z: 0.001 + 0.05 * np.tanh(z), lambda z: 0.05 / np.cosh(z) ** 2)
    assert fixed_point(low, sigma_w=5.0) == pytest.approx(25e-6 / (1 - 25 * 0.05**2), rel=1e-3)


def test_a_diverging_length_of_ones_own_ends_in_inf():
    lengths = length_map(own(ACTIVATIONS["relu"].f), sigma_w=1e20, depth=9)
    np.testing.assert_allclose(lengths, length_map("relu", sigma_w=1e20, depth=9), rtol=1e-12)
