"""The RBM against scikit-learn's, against enumeration, and where contrastive divergence leaves the likelihood."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import BernoulliRBM

import winit
from winit import rbm as module
from winit.data import bars_and_stripes

VISIBLE, HIDDEN = 5, 3


def machine(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    shapes = (VISIBLE, HIDDEN), VISIBLE, HIDDEN
    return winit.RBM(*(rng.standard_normal(shape).astype(dtype) for shape in shapes))


def states(units):
    return np.array(list(itertools.product((0.0, 1.0), repeat=units)))


def energy(rbm, v, h):
    return -(v @ rbm.visible_bias) - h @ rbm.hidden_bias - v @ rbm.weights @ h


def log_likelihood(rbm, v):
    return (-rbm.free_energy(v)).mean() - rbm.log_partition()


def joint(rbm):
    """p(v, h) of every pair of states, an array (2^visible, 2^hidden), from the energy alone."""
    table = np.array([[energy(rbm, v, h) for h in states(HIDDEN)] for v in states(VISIBLE)])
    p = np.exp(-table)
    return p / p.sum()


def test_free_energy_and_conditionals_are_scikit_learns():
    ours, v = machine(), np.random.default_rng(1).random((20, VISIBLE))
    theirs = BernoulliRBM(n_components=HIDDEN)
    theirs.components_ = ours.weights.T.copy()
    theirs.intercept_visible_, theirs.intercept_hidden_ = ours.visible_bias, ours.hidden_bias
    np.testing.assert_allclose(ours.free_energy(v), theirs._free_energy(v), rtol=1e-12)
    np.testing.assert_allclose(ours.hidden_probability(v), theirs.transform(v), rtol=1e-12)


def test_conditionals_and_free_energy_follow_from_the_energy():
    rbm, p = machine(), joint(machine())
    p_v, p_h = p.sum(axis=1), p.sum(axis=0)
    np.testing.assert_allclose(rbm.hidden_probability(states(VISIBLE)), p @ states(HIDDEN) / p_v[:, None], rtol=1e-12)
    np.testing.assert_allclose(
        rbm.visible_probability(states(HIDDEN)), p.T @ states(VISIBLE) / p_h[:, None], rtol=1e-12
    )
    np.testing.assert_allclose(np.exp(-rbm.free_energy(states(VISIBLE)) - rbm.log_partition()), p_v, rtol=1e-12)


def test_log_partition_is_stable_and_runs_over_blocks():
    rng = np.random.default_rng(0)
    weights, b, c = 0.1 * rng.standard_normal((14, 4)), rng.standard_normal(14), rng.standard_normal(4)
    h = states(4)  # over the hidden units: Z = Σ_h e^{c·h} Π_i (1 + e^{b_i + W_i·h})
    exponent = h @ c + np.logaddexp(0, b + h @ weights.T).sum(axis=1)
    assert winit.RBM(weights, b, c).log_partition() == pytest.approx(np.log(np.exp(exponent).sum()), rel=1e-12)
    assert winit.RBM(np.zeros((3, 2)), np.full(3, 1e4), np.zeros(2)).log_partition() == pytest.approx(3e4 + np.log(4))


def test_contrastive_divergence_draws_as_documented():
    rbm, v0 = machine(), np.random.default_rng(1).integers(0, 2, (6, VISIBLE)).astype(float)
    rng, p0 = np.random.default_rng(2), rbm.hidden_probability(v0)
    v, p = v0, p0
    for _ in range(3):
        h = (rng.random(p.shape) < p).astype(float)
        on = rbm.visible_probability(h)
        v = (rng.random(on.shape) < on).astype(float)
        p = rbm.hidden_probability(v)
    gradient = rbm.contrastive_divergence(v0, k=3, rng=np.random.default_rng(2))
    np.testing.assert_allclose(gradient.weights, (v0.T @ p0 - v.T @ p) / 6, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(gradient.visible_bias, (v0 - v).mean(axis=0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(gradient.hidden_bias, (p0 - p).mean(axis=0), rtol=1e-12, atol=1e-15)


def likelihood_gradient(rbm, v, step=1e-6):
    arrays = [array.copy() for array in (rbm.weights, rbm.visible_bias, rbm.hidden_bias)]
    gradients = []
    for array in arrays:
        gradient = np.empty_like(array)
        for i in np.ndindex(array.shape):
            kept = array[i]
            sides = []
            for array[i] in (kept + step, kept - step):
                sides.append(log_likelihood(winit.RBM(*arrays), v))
            array[i] = kept
            gradient[i] = (sides[0] - sides[1]) / (2 * step)
        gradients.append(gradient)
    return gradients


def test_positive_minus_exact_negative_phase_is_the_likelihood_gradient():
    rbm, v = machine(), np.random.default_rng(1).integers(0, 2, (4, VISIBLE)).astype(float)
    every, p_v = states(VISIBLE), joint(rbm).sum(axis=1)
    exact = [
        v.T @ rbm.hidden_probability(v) / 4 - every.T @ (p_v[:, None] * rbm.hidden_probability(every)),
        v.mean(axis=0) - p_v @ every,
        rbm.hidden_probability(v).mean(axis=0) - p_v @ rbm.hidden_probability(every),
    ]
    for ours, differences in zip(exact, likelihood_gradient(rbm, v), strict=True):
        np.testing.assert_allclose(ours, differences, atol=1e-8)


def test_a_machine_equals_itself_alone():
    one, other = (winit.RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2)) for _ in range(2))
    assert one == one and one != other and len({one, other}) == 2


def test_long_chains_estimate_the_likelihood_gradient_and_short_ones_do_not():
    rbm, v = machine(), np.array([[1.0, 1, 0, 0, 1]])
    many = np.repeat(v, 40_000, axis=0)
    exact = likelihood_gradient(rbm, v)
    errors = {}
    for k in (1, 30):
        gradient = rbm.contrastive_divergence(many, k=k, rng=np.random.default_rng(0))
        errors[k] = max(np.abs(ours - theirs).max() for ours, theirs in zip(gradient, exact, strict=True))
    assert errors[30] < 5 * 0.5 / np.sqrt(len(many))  # an entry of v h has a standard deviation of 1/2 at most
    assert errors[1] > 10 * errors[30]


def test_reconstruction_improves_while_the_likelihood_falls():
    v, rng = bars_and_stripes(3), np.random.default_rng(0)
    rbm = winit.RBM(0.01 * rng.standard_normal((9, 16)), np.zeros(9), np.zeros(16))  # a tenth of the way
    measured = []
    for _ in range(2):
        for _ in range(4000):
            g = rbm.contrastive_divergence(v, rng=rng)
            step = 0.5 * g.weights, 0.5 * g.visible_bias, 0.5 * g.hidden_bias
            old = rbm.weights, rbm.visible_bias, rbm.hidden_bias
            rbm = winit.RBM(*(a + b for a, b in zip(old, step, strict=True)))
        error = ((v - rbm.visible_probability(rbm.hidden_probability(v))) ** 2).mean()
        measured.append((error, log_likelihood(rbm, v)))
    (error, likelihood), (later_error, later_likelihood) = measured
    assert later_error < error / 3 and later_likelihood < likelihood - 0.1
    assert later_likelihood < likelihood < -np.log(14)


def test_start_knows_the_means_and_ascend_learns_the_rest():
    v, rng = bars_and_stripes(3)[:8], np.random.default_rng(0)
    first = module.start(v, 6, rng=rng)
    np.testing.assert_allclose(first.visible_probability(np.zeros(6)), (v.sum(axis=0) + 1) / 10)
    last = module.ascend(first, v, steps=2000, learning_rate=0.1, batch=8, rng=rng)
    assert log_likelihood(first, v) == pytest.approx(-9 * np.log(2), rel=0.02)
    assert log_likelihood(last, v) > -3.5  # the bound is -log 8 = -2.08


def test_ascend_takes_the_documented_steps():
    v = bars_and_stripes(2)
    expected = first = module.start(v, 3, rng=np.random.default_rng(0))
    rng = np.random.default_rng(1)
    rows = [rng.permutation(6) for _ in range(2)]
    for batch in np.concatenate(rows).reshape(4, 3):
        g = expected.contrastive_divergence(v[batch], k=2, rng=rng)
        expected = winit.RBM(
            expected.weights + 0.3 * g.weights,
            expected.visible_bias + 0.3 * g.visible_bias,
            expected.hidden_bias + 0.3 * g.hidden_bias,
        )
    got = module.ascend(first, v, steps=4, learning_rate=0.3, batch=3, k=2, rng=np.random.default_rng(1))
    np.testing.assert_allclose(got.weights, expected.weights, rtol=1e-13)
    np.testing.assert_allclose(got.hidden_bias, expected.hidden_bias, rtol=1e-13)


def test_greedy_stack_trains_each_on_the_one_below():
    v, options = bars_and_stripes(3), {"steps": 5, "learning_rate": 0.1, "batch": 7}
    lower, upper = module.greedy_stack(v, [6, 4], rng=np.random.default_rng(0), **options)
    rng = np.random.default_rng(0)
    alone = module.ascend(module.start(v, 6, rng=rng), v, rng=rng, **options)
    h = alone.hidden_probability(v)
    above = module.ascend(module.start(h, 4, rng=rng), h, rng=rng, **options)
    np.testing.assert_array_equal(lower.weights, alone.weights)
    np.testing.assert_array_equal(upper.weights, above.weights)


@given(
    visible=st.integers(1, 6),
    hidden=st.integers(1, 6),
    samples=st.integers(1, 4),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_shapes_and_dtypes(visible, hidden, samples, dtype):
    rbm = winit.RBM(np.ones((visible, hidden), dtype), np.zeros(visible), np.zeros(hidden))
    v = np.ones((samples, visible), int)
    gradient = rbm.contrastive_divergence(v, rng=np.random.default_rng(0))
    assert [a.shape for a in gradient] == [(visible, hidden), (visible,), (hidden,)]
    assert {a.dtype for a in gradient} == {np.dtype(dtype)}
    assert rbm.free_energy(v).shape == (samples,) and rbm.free_energy(v[0]).shape == ()
    assert rbm.hidden_probability(v).shape == (samples, hidden) and rbm.hidden_probability(v).dtype == dtype
    assert np.isfinite(rbm.log_partition())


RNG, V = np.random.default_rng(0), np.ones((4, VISIBLE))


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (
            ValueError,
            lambda: winit.RBM(np.ones(3), np.ones(3), np.ones(3)),
            r"weights must have shape \(visible, hidden\), got \(3,\)",
        ),
        (
            ValueError,
            lambda: winit.RBM(np.ones((3, 2)), np.ones(2), np.ones(2)),
            r"visible_bias must have shape \(3,\)",
        ),
        (ValueError, lambda: winit.RBM(np.ones((3, 2)), np.ones(3), np.ones(3)), r"hidden_bias must have shape \(2,\)"),
        (ValueError, lambda: machine().free_energy(np.ones((4, 3))), r"v must have shape \(..., 5\), got \(4, 3\)"),
        (ValueError, lambda: machine().visible_probability(V), r"h must have shape \(..., 3\), got \(4, 5\)"),
        (ValueError, lambda: machine().contrastive_divergence(V[0], rng=RNG), r"v must have shape \(N, 5\)"),
        (
            ValueError,
            lambda: machine().contrastive_divergence(2 * V, rng=RNG),
            r"v must lie in \[0, 1\], got 2.0 … 2.0",
        ),
        (
            ValueError,
            lambda: machine().contrastive_divergence(np.nan * V, rng=RNG),
            "v must lie in .*got nan",
        ),
        (ValueError, lambda: machine().contrastive_divergence(V, k=0, rng=RNG), "k must be .*got 0"),
        (TypeError, lambda: machine().contrastive_divergence(V), "rng"),
        (ValueError, lambda: module.start(V, 0, rng=RNG).log_partition(), "hidden must be .*got 0"),
        (ValueError, lambda: module.start(np.ones((2, 21)), 2, rng=RNG).log_partition(), "at most 20 .*got 21"),
        (ValueError, lambda: module.ascend(machine(), V, steps=1, learning_rate=0, batch=2, rng=RNG), "learning_rate"),
        (ValueError, lambda: module.ascend(machine(), V, steps=0, learning_rate=1, batch=2, rng=RNG), "steps"),
        (
            ValueError,
            lambda: module.ascend(machine(), V, steps=1, learning_rate=1, batch=5, rng=RNG),
            "batch must be .* at most 4, got 5",
        ),
    ],
)
def test_bad_input_is_named(error, call, message):
    with pytest.raises(error, match=message):
        call()
