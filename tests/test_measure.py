"""`propagate` against a loop written out, against Glorot and Bengio (2010) and theory; `sweep` against loops."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import winit
from winit.measure import LayerStatistics

SQUARE = [100] * 6


def mean_over_seeds(field, widths, seeds=10, **options):
    runs = [winit.propagate(widths, rng=np.random.default_rng(seed), **options) for seed in range(seeds)]
    return np.mean([getattr(run, field) for run in runs], axis=0)


def rms(x):
    return np.sqrt((x**2).mean())


@pytest.mark.parametrize("bias", [None, 0.5])
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu"])
def test_every_statistic_is_its_definition(name, bias):
    widths, batch, activation = (7, 5, 6), 20, winit.ACTIVATIONS[name]
    got = winit.propagate(
        widths, activation=name, initializer=2.0, bias=bias, batch=batch, rng=np.random.default_rng(1)
    )
    rng = np.random.default_rng(1)
    x = rng.standard_normal((batch, 7))
    W1 = 2 * rng.standard_normal((7, 5))
    b1 = bias * rng.standard_normal(5) if bias else 0
    W2 = 2 * rng.standard_normal((5, 6))
    b2 = bias * rng.standard_normal(6) if bias else 0
    z1 = x @ W1 + b1
    h1 = activation.f(z1)
    z2 = h1 @ W2 + b2
    h2 = activation.f(z2)
    delta2 = rng.standard_normal((batch, 6)) * activation.df(z2)
    delta1 = (delta2 @ W2.T) * activation.df(z1)
    layers = [(x, z1, h1, delta1), (h1, z2, h2, delta2)]
    low, high = {"tanh": (-0.98, 0.98), "sigmoid": (0.01, 0.99)}.get(name, (np.nan, np.nan))
    expected = {
        "z_rms": [rms(z) for _, z, _, _ in layers],
        "h_rms": [rms(h) for _, _, h, _ in layers],
        "h_mean": [h.mean() for _, _, h, _ in layers],
        "h_std": [h.std() for _, _, h, _ in layers],
        "across_sample_std": [h.std(axis=0).mean() for _, _, h, _ in layers],
        "delta_rms": [rms(delta) for _, _, _, delta in layers],
        "delta_median": [np.median(np.abs(delta)) for _, _, _, delta in layers],
        "weight_grad_rms": [rms(below.T @ delta / batch) for below, _, _, delta in layers],
        "saturated": [np.nan if name == "relu" else ((h < low) | (h > high)).mean() for _, _, h, _ in layers],
        "dead": [(activation.df(z) == 0).all(axis=0).mean() for _, z, _, _ in layers],
    }
    assert set(expected) == {field.name for field in fields(LayerStatistics)}
    for field, values in expected.items():
        np.testing.assert_allclose(getattr(got, field), values, rtol=1e-12, err_msg=field)
    np.testing.assert_allclose(got.activations[1], h2, rtol=1e-12)


def test_batch_norm_keeps_delta_before_it():
    widths, batch = (6, 5, 4), 30
    got = winit.propagate(
        widths, activation="tanh", initializer=0.5, batch=batch, batch_norm=True, rng=np.random.default_rng(0)
    )
    rng = np.random.default_rng(0)
    x, W1, W2 = rng.standard_normal((batch, 6)), 0.5 * rng.standard_normal((6, 5)), 0.5 * rng.standard_normal((5, 4))
    top = rng.standard_normal((batch, 4))

    def loss(z1):
        h = np.tanh(winit.batch_norm(z1, np.ones(5), np.zeros(5))[0])
        return (top * np.tanh(winit.batch_norm(h @ W2, np.ones(4), np.zeros(4))[0])).sum()

    z1, step = x @ W1, 1e-5
    delta = np.empty_like(z1)
    for i in np.ndindex(z1.shape):
        moved = z1.copy()
        moved[i] += step
        above = loss(moved)
        moved[i] -= 2 * step
        delta[i] = (above - loss(moved)) / (2 * step)
    assert got.z_rms[0] == pytest.approx(rms(z1))
    assert got.delta_rms[0] == pytest.approx(rms(delta), rel=1e-6)
    assert got.weight_grad_rms[0] == pytest.approx(rms(x.T @ delta / batch), rel=1e-6)
    normalized = winit.batch_norm(z1, np.ones(5), np.zeros(5))[0]
    np.testing.assert_allclose(got.activations[0], np.tanh(normalized), rtol=1e-12)


@pytest.mark.parametrize(
    ("activation", "std", "top", "ratio"),
    [  # δ_5 and δ_1 / δ_5 of the 5 × 100 experiment
        ("sigmoid", 1.0, 0.0963, 0.80),
        ("sigmoid", 0.01, 0.25, 3.9e-7),
        ("sigmoid", 0.1, 0.2345, 2.8e-3),
        ("sigmoid", np.sqrt(0.02), 0.222, 8.6e-3),
        ("tanh", 1.0, 0.235, 30.0),
    ],
)
def test_saturated_is_not_vanishing(activation, std, top, ratio):
    delta = mean_over_seeds("delta_rms", SQUARE, activation=activation, initializer=std)
    assert delta[-1] == pytest.approx(top, rel=5e-3)
    assert delta[0] / delta[-1] == pytest.approx(ratio, rel=2e-2)


def test_a_healthy_histogram_can_be_dead():
    options = {"activation": "sigmoid", "initializer": "lecun_normal"}
    np.testing.assert_allclose(
        mean_over_seeds("h_std", SQUARE, **options), [0.208, 0.127, 0.119, 0.121, 0.127], atol=5e-4
    )
    across = mean_over_seeds("across_sample_std", SQUARE, **options)
    np.testing.assert_allclose(across, [0.2075, 0.0485, 0.0114, 0.0027, 0.00063], rtol=2e-2)


def test_glorot_and_bengio_2010():
    """Tanh, five hidden layers; the standard heuristic shrinks both ways, the normalized one much less."""
    options = {"activation": "tanh", "seeds": 2, "batch": 300}
    widths = [300] * 6
    standard, normalized = (
        {
            field: mean_over_seeds(field, widths, initializer=name, **options)
            for field in ("h_std", "delta_rms", "weight_grad_rms")
        }
        for name in ("torch_linear_default", "glorot_uniform")
    )
    np.testing.assert_allclose(standard["h_std"], [0.460, 0.249, 0.141, 0.081, 0.047], rtol=0.05)
    np.testing.assert_allclose(normalized["h_std"], [0.629, 0.486, 0.408, 0.358, 0.322], rtol=0.05)
    assert standard["delta_rms"][0] / standard["delta_rms"][-1] == pytest.approx(0.083, rel=0.05)
    assert normalized["delta_rms"][0] / normalized["delta_rms"][-1] == pytest.approx(0.370 / 0.905, rel=0.05)
    flat = standard["weight_grad_rms"]
    assert flat.max() / flat.min() < 1.06  # flat, and tiny, even where δ falls by 12: eq. 14
    assert normalized["weight_grad_rms"].min() > 3.5 * flat.max()


def test_deep_batch_norm_explodes_at_the_predicted_rate_whatever_the_scale():
    """ReLU with batch norm: the squared gradient × π/(π - 1) per layer for large batches."""
    rates = []
    for std in (0.01, 1.0):
        delta = mean_over_seeds(
            "delta_rms", [200] * 21, seeds=2, activation="relu", initializer=std, batch=256, batch_norm=True
        )
        rates.append((delta[1] / delta[-1]) ** (2 / 18))
    assert rates == [pytest.approx(np.pi / (np.pi - 1), rel=0.05)] * 2
    assert rates[0] == pytest.approx(rates[1], rel=1e-2)


def test_random_biases_keep_the_scale_and_hide_the_signal():
    """30 ReLU layers with PyTorch's default."""
    default = {"activation": "relu", "initializer": "torch_linear_default", "batch": 50, "seeds": 2}
    bare = mean_over_seeds("h_rms", [200] * 31, **default)
    biased = {
        field: mean_over_seeds(field, [200] * 31, bias="torch_linear_default", **default)
        for field in ("h_rms", "across_sample_std")
    }
    assert bare[-1] < 1e-9 and biased["h_rms"][-1] > 1e-2 and biased["across_sample_std"][-1] < 1e-8


def test_histogram_counts_everything():
    record = winit.propagate([10, 8, 6], activation="tanh", initializer=1.0, batch=50, rng=np.random.default_rng(0))
    counts, edges = record.histogram(2, 30)
    assert counts.sum() == 50 * 6 and len(edges) == 31
    assert edges[0] == record.activations[1].min() and edges[-1] == record.activations[1].max()
    counts, _ = record.histogram(1, [-1, 0, 1])
    assert counts.tolist() == [(record.activations[0] < 0).sum(), (record.activations[0] >= 0).sum()]


def test_explosion_is_reported_without_warnings():
    record = winit.propagate([50] * 200, activation="linear", initializer=1e3, batch=3, rng=np.random.default_rng(0))
    assert not np.isfinite(record.z_rms[-1]) and np.isfinite(record.z_rms[0])


@settings(deadline=None)
@given(
    widths=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    name=st.sampled_from(sorted(winit.ACTIVATIONS)),
    initializer=st.sampled_from(sorted(winit.INITIALIZERS)),
    batch=st.integers(2, 5),
    batch_norm=st.booleans(),
)
def test_shapes(widths, name, initializer, batch, batch_norm):
    options = {"activation": name, "initializer": initializer, "batch": batch, "batch_norm": batch_norm}
    record = winit.propagate(widths, rng=np.random.default_rng(0), **options)
    again = winit.propagate(widths, rng=np.random.default_rng(0), **options)
    for field in fields(LayerStatistics):
        values = getattr(record, field.name)
        assert values.shape == (len(widths) - 1,) and values.dtype == np.float64
        np.testing.assert_array_equal(values, getattr(again, field.name))


def square(point):
    return point * point


def power(base, exponent):
    return np.array([base, base**exponent])


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor, ProcessPoolExecutor])
def test_sweep_maps_over_points_and_products(pool):
    executor = pool and pool(2)
    np.testing.assert_array_equal(winit.sweep(square, [3, 1, 2], executor=executor), [9, 1, 4])
    grid = {"base": [2, 3, 5], "exponent": (0, 3)}
    result = winit.sweep(power, grid, executor=executor)
    assert result.shape == (3, 2, 2)
    for i, base in enumerate(grid["base"]):
        for j, exponent in enumerate(grid["exponent"]):
            assert result[i, j].tolist() == [base, base**exponent]
    if executor:
        executor.shutdown()


def test_sweep_takes_lambdas_and_iterators_in_place():
    assert winit.sweep(lambda pair: pair[0] + pair[1], iter([(1, 2), (3, 4)])).tolist() == [3, 7]
    assert winit.sweep(lambda a: a, {"a": range(3)}).tolist() == [0, 1, 2]


def call(**changes):
    return winit.propagate(
        **{"widths": SQUARE, "activation": "tanh", "initializer": 1.0, "rng": np.random.default_rng(0), **changes}
    )


@pytest.mark.parametrize(
    ("error", "bad", "message"),
    [
        (ValueError, lambda: call(widths=[100]), "widths must be .*at least two"),
        (ValueError, lambda: call(widths=[100, 0]), "widths must be .*got 0"),
        (ValueError, lambda: call(widths=[100, 1.5]), "widths must be .*got 1.5"),
        (ValueError, lambda: call(activation="tahn"), "did you mean 'tanh'"),
        (ValueError, lambda: call(initializer="xavier"), "unknown initializer 'xavier'"),
        (ValueError, lambda: call(initializer=-0.5), "initializer must be a finite .*got -0.5"),
        (ValueError, lambda: call(initializer=float("nan")), "initializer must be a finite .*got nan"),
        (TypeError, lambda: call(initializer=None), "initializer must be a name"),
        (ValueError, lambda: call(bias=-1.0), "bias must be a finite .*got -1.0"),
        (ValueError, lambda: call(batch=0), "batch must be .*got 0"),
        (
            ValueError,
            lambda: call(batch=1, batch_norm=True),
            "batch under batch norm must be an integer of at least 2, got 1",
        ),
        (TypeError, lambda: winit.propagate(SQUARE, activation="tanh", initializer=1.0), "rng"),
        (ValueError, lambda: call(batch=2).histogram(0, 10), "layer must be .*got 0"),
        (ValueError, lambda: call(batch=2).histogram(6, 10), "layer must be a positive integer and at most 5, got 6"),
        (ValueError, lambda: winit.sweep(square, []), r"grid must hold at least one point, got \[\]"),
        (ValueError, lambda: winit.sweep(square, {}), "grid must hold at least one point, got {}"),
        (
            ValueError,
            lambda: winit.sweep(square, {"point": []}),
            r"grid\['point'\] must be a sequence of at least one value, got \[\]",
        ),
        (TypeError, lambda: winit.sweep(square, 3), "grid must be .*got 3"),
        (ValueError, lambda: winit.sweep(np.ones, [1, 2]), r"same shape at every point, got \[\(1,\), \(2,\)\]"),
    ],
)
def test_bad_input_is_named(error, bad, message):
    with pytest.raises(error, match=message):
        bad()


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e200, 1e300])
def test_squares_neither_overflow_nor_underflow(scale):
    x = np.random.default_rng(0).standard_normal((1, 20, 5))
    plain, both = (
        winit.measure.layer_statistics(winit.ACTIVATIONS["linear"], *[a] * 5)
        for a in (x, np.concatenate([scale * x, x]))
    )
    for field in ("z_rms", "h_rms", "h_std", "across_sample_std", "delta_rms", "weight_grad_rms"):
        np.testing.assert_allclose(both[field], plain[field] * [scale, 1], rtol=1e-13, err_msg=field)
        assert both[field][1] == plain[field][0]


def test_half_precision_is_measured_in_double():
    x = np.full((1, 5000, 2), 300, np.float16)
    measured = winit.measure.layer_statistics(winit.ACTIVATIONS["linear"], *[x] * 5)
    assert measured["z_rms"] == 300 and measured["h_mean"] == 300 and measured["h_std"] == 0
