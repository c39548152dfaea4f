"""Training is the textbook loop, whatever networks share a call, and networks that blow up keep it to themselves."""

import os
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import winit
from winit import Spec, network, training
from winit.data import mini_batches
from winit.measure import LayerStatistics

WIDTHS, STEPS, BATCH = (6, 8, 8, 3), 12, 10
CALL = {"steps": STEPS, "learning_rate": 0.1, "batch": BATCH}


def clusters(seed=0, n=50):
    """Three overlapping clusters in six dimensions: 50 samples to train, 20 to test."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(3, size=n + 20)
    x = rng.standard_normal((n + 20, 6)) + rng.standard_normal((3, 6))[labels]
    return x[:n], labels[:n], x[n:], labels[n:]


DATA = clusters()


def fit(specs, seed=0, **options):
    return winit.train(specs, DATA, rng=np.random.default_rng(seed), **{**CALL, **options})


def textbook(spec, data, *, steps, learning_rate, batch, seed=0, weight_decay=0.0, adam=False):
    """The same training with nothing stacked, folded or reused: losses, and the parameters after the last step."""
    x, y, *_ = data
    rng = np.random.default_rng(seed)
    generator = np.random.default_rng([rng.integers(2**63), spec.seed])
    rows = np.concatenate([rng.permutation(len(x)) for _ in range(-(-steps * batch // len(x)))])
    build = {"initializer": spec.initializer, "bias": spec.bias, "batch_norm": spec.batch_norm}
    parameters = network.init(spec.widths, rng=generator, **build)
    n_weights = sum(W.size for W in parameters.weights)
    m = v = 0
    losses = []
    for t in range(steps):
        now = rows[t * batch : (t + 1) * batch]
        options = {"activation": spec.activation, "dropout": spec.dropout, "rngs": [generator]}
        trace = network.forward(parameters, x[now].astype(np.float32), **options)
        loss, delta = network.cross_entropy(trace.z[-1], y[now])
        losses.append(loss[0])
        direction = network.backward(parameters, trace, delta)[0].flat
        if adam:
            m = 0.9 * m + 0.1 * direction
            v = 0.999 * v + 0.001 * direction**2
            direction = (m / (1 - 0.9 ** (t + 1))) / (np.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-8)
        parameters.flat[:, :n_weights] *= 1 - learning_rate * weight_decay
        parameters.flat[:] -= learning_rate * direction
    return np.array(losses), parameters


@pytest.mark.parametrize(
    ("spec", "options"),
    [
        (Spec(WIDTHS), {}),
        (Spec(WIDTHS, "tanh", "glorot_uniform", bias=0.1, seed=3), {"weight_decay": 0.5}),
        (Spec(WIDTHS, "sigmoid", 1.0, batch_norm=True), {}),
        (Spec(WIDTHS, "gelu", dropout=0.3), {}),
        (Spec((6, 3), initializer="zeros"), {}),
        (Spec(WIDTHS, "tanh"), {"optimizer": "adam", "learning_rate": 0.01, "weight_decay": 0.5}),
    ],
)
def test_training_is_the_textbook_loop(spec, options):
    history = fit(spec, **options)
    options = {**CALL, **options}
    losses, parameters = textbook(spec, DATA, adam=options.pop("optimizer", "") == "adam", **options)
    np.testing.assert_allclose(history.losses[0], losses, rtol=2e-4)
    np.testing.assert_allclose(history.parameters[0].flat, parameters.flat, rtol=1e-3, atol=1e-4)


@pytest.mark.peers
def test_sgd_is_pytorchs():
    import torch

    for optimizer, make in (("sgd", torch.optim.SGD), ("adam", torch.optim.AdamW)):
        decay = 0.2
        history = fit(Spec(WIDTHS, "tanh"), optimizer=optimizer, weight_decay=decay, learning_rate=0.05)
        rng = np.random.default_rng(0)
        start = network.init(WIDTHS, initializer="he_normal", rng=np.random.default_rng([rng.integers(2**63), 0]))
        module = torch.nn.Sequential()
        for l, W in enumerate(start.weights):
            module.append(torch.nn.Linear(*W[0].shape))
            module[-1].weight.data, module[-1].bias.data = torch.tensor(W[0].T), torch.zeros(W.shape[2])
            module.append(torch.nn.Tanh() if l < 2 else torch.nn.Identity())
        weights = [layer.weight for layer in module if hasattr(layer, "weight")]
        biases = [layer.bias for layer in module if hasattr(layer, "bias")]
        groups = [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0}]
        theirs = make(groups, lr=0.05)
        for loss, rows in zip(history.losses[0], mini_batches(50, BATCH, STEPS, rng=rng), strict=True):
            theirs.zero_grad()
            their_loss = torch.nn.functional.cross_entropy(
                module(torch.tensor(DATA[0][rows], dtype=torch.float32)), torch.tensor(DATA[1][rows])
            )
            assert loss == pytest.approx(their_loss.item(), rel=2e-4)
            their_loss.backward()
            theirs.step()
        for W, weight in zip(history.parameters[0].weights, weights, strict=True):
            np.testing.assert_allclose(W[0], weight.detach().numpy().T, rtol=1e-3, atol=1e-4)


MIXED = [
    Spec(WIDTHS, "relu", seed=0),
    Spec(WIDTHS, "tanh", "glorot_normal", seed=1),
    Spec(WIDTHS, "relu", "small_normal", seed=2),
    Spec((6, 5, 3), "relu", seed=0),
    Spec(WIDTHS, "relu", seed=1, batch_norm=True),
    Spec(WIDTHS, "relu", seed=0, dropout=0.5),
    Spec(WIDTHS, "relu", 0.3, seed=4),
]


def test_together_is_one_by_one():
    rates = np.linspace(0.05, 0.2, len(MIXED))
    together = fit(MIXED, learning_rate=rates, weight_decay=rates / 2, record=[0, 5, STEPS])
    for i, (spec, rate) in enumerate(zip(MIXED, rates, strict=True)):
        alone = fit(spec, learning_rate=rate, weight_decay=rate / 2, record=[0, 5, STEPS])
        np.testing.assert_allclose(together.losses[i], alone.losses[0], rtol=1e-4)
        np.testing.assert_allclose(together.test_losses[i], alone.test_losses[0], rtol=1e-4)
        depth = len(spec.widths) - 1
        for field in fields(LayerStatistics):
            ours, its = (getattr(h.layers, field.name) for h in (together, alone))
            np.testing.assert_allclose(ours[i, :, :depth], its[0], rtol=1e-3, atol=1e-6)
            assert np.isnan(ours[i, :, depth:]).all()


def test_chunks_and_cores_change_nothing(monkeypatch):
    specs = [Spec(WIDTHS, seed=seed) for seed in range(7)]
    expected = fit(specs)
    monkeypatch.setattr(training, "THREAD_BYTES", 1)
    for activation_bytes, cores in ((1, 1), (1, 3), (1000, 1), (1e9, 1), (1e9, 2)):
        monkeypatch.setattr(training, "ACTIVATION_BYTES", activation_bytes)
        monkeypatch.setattr(training, "CORES", cores)
        history = fit(specs)
        np.testing.assert_allclose(history.losses, expected.losses, rtol=1e-5)
        np.testing.assert_allclose(history.test_accuracies, expected.test_accuracies, atol=1 / 20)


@pytest.mark.parametrize(("told", "cores"), [("1", 1), ("3", 3), ("", None), ("0", None), ("many", None), (None, None)])
def test_as_many_threads_as_blas_was_told_to_take(monkeypatch, told, cores):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if told is not None:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", told)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 5, 7, 8}, raising=False)
    assert training._cores() == (cores or 5)


def test_chunks_hold_every_network_once_and_one_structure_each(monkeypatch):
    monkeypatch.setattr(training, "CORES", 1)
    specs = 3 * MIXED
    chunks = [list(chunk) for chunk in training._chunks(specs, BATCH)]
    assert sorted(i for chunk in chunks for i in chunk) == list(range(len(specs)))
    for chunk in chunks:
        assert len({(s.widths, s.activation, s.batch_norm, s.dropout) for s in map(specs.__getitem__, chunk)}) == 1
    assert max(map(len, chunks)) == 9
    monkeypatch.setattr(training, "ACTIVATION_BYTES", 4 * 4 * BATCH * 8)  # no more than four
    assert max(len(chunk) for chunk in training._chunks(specs, BATCH)) == 3  # so 9 = 3 + 3 + 3
    monkeypatch.setattr(training, "CORES", 2)
    assert len([chunk for chunk in training._chunks(9 * MIXED[:1], BATCH)]) == 3  # too small for a second thread
    monkeypatch.setattr(training, "THREAD_BYTES", 1)
    assert len([chunk for chunk in training._chunks(9 * MIXED[:1], BATCH)]) == 4  # 2 + 2 + 2 + 3: both cores have two


def test_same_seed_same_history_other_seed_another():
    first, second, other = (fit(MIXED, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.losses, second.losses)
    assert not np.isclose(first.losses, other.losses).all(axis=1).any()


def test_specs_of_one_seed_draw_the_same_numbers():
    history = fit([Spec(WIDTHS, initializer=0.1), Spec(WIDTHS, initializer=0.3), Spec(WIDTHS, initializer=0.3, seed=1)])
    # z is linear in each layer's weights, so the first layers are in proportion
    history = winit.train(history.specs, DATA, rng=np.random.default_rng(0), record=[0], **CALL)
    first = history.layers.z_rms[:, 0, 0]
    assert first[1] / first[0] == pytest.approx(3, rel=1e-6) and first[2] != pytest.approx(first[1], rel=1e-3)


def test_every_sample_comes_once_per_epoch():
    rows = mini_batches(50, 8, 25, rng=np.random.default_rng(0))
    assert rows.shape == (25, 8)
    for epoch in rows.reshape(4, 50):
        assert sorted(epoch) == list(range(50))
    assert rows[0].tolist() != list(range(8))


def test_training_learns():
    history = fit([Spec(WIDTHS, seed=seed) for seed in range(3)], steps=200, record=[0, 200])
    assert (history.train_losses[:, 1] < 0.5 * history.train_losses[:, 0]).all()
    assert (history.test_accuracies[:, 1] > 0.6).all()


def test_what_is_recorded_is_what_the_definition_says():
    history = fit([Spec(WIDTHS, "tanh"), Spec(WIDTHS, "sigmoid", 4.0)], record=[STEPS, 0])
    assert history.recorded == (0, STEPS)
    x, y, x_test, y_test = DATA
    for i, spec in enumerate(history.specs):
        stack, rng = history.parameters[i], np.random.default_rng(0)
        rng.integers(2**63)
        trace = network.forward(stack, x_test, activation=spec.activation)
        loss, _ = network.cross_entropy(trace.z[-1], y_test)
        assert history.test_losses[i, 1] == pytest.approx(loss[0], rel=1e-5)
        assert history.test_accuracies[i, 1] == (trace.z[-1][0].argmax(axis=-1) == y_test).mean()
        rows = mini_batches(len(x), BATCH, STEPS, rng=rng)[0]
        trace = network.forward(stack, x[rows], activation=spec.activation)
        _, delta = network.cross_entropy(trace.z[-1], y[rows])
        gradient, deltas = network.backward(stack, trace, delta)
        h = trace.h[1][0]
        low, high = (-0.98, 0.98) if spec.activation.name == "tanh" else (0.01, 0.99)
        expected = {
            "z_rms": np.sqrt((trace.z[1] ** 2).mean()),
            "h_rms": np.sqrt((h**2).mean()),
            "h_mean": h.mean(),
            "h_std": h.std(),
            "across_sample_std": h.std(axis=0).mean(),
            "delta_rms": BATCH * np.sqrt((deltas[1] ** 2).mean()),
            "delta_median": BATCH * np.median(np.abs(deltas[1])),
            "weight_grad_rms": np.sqrt((gradient.weights[1] ** 2).mean()),
            "saturated": ((h < low) | (h > high)).mean(),
            "dead": 0.0,
        }
        for field in fields(LayerStatistics):
            assert getattr(history.layers, field.name)[i, 1, 1] == pytest.approx(expected[field.name], rel=1e-5), field


def test_recording_does_not_touch_the_running_statistics():
    spec = Spec(WIDTHS, batch_norm=True)
    often, seldom = fit(spec, record=range(STEPS + 1)), fit(spec)
    for one, other in zip(often.parameters[0].running, seldom.parameters[0].running, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_network_that_blows_up_does_so_alone(optimizer):
    specs = [Spec(WIDTHS, seed=0), Spec(WIDTHS, initializer=1e18), Spec(WIDTHS, seed=1)]
    rates = [0.1, 1e30, 0.1]
    history = fit(specs, learning_rate=rates, optimizer=optimizer, record=[0, STEPS])
    assert not np.isfinite(history.losses[1, 1:]).any()
    np.testing.assert_allclose(history.losses[[0, 2]], fit(specs[::2], optimizer=optimizer).losses, rtol=1e-4)


def test_zero_weights_never_move_in_tanh_and_relu_networks():
    history = fit([Spec(WIDTHS, name, "zeros") for name in ("tanh", "relu", "sigmoid")], steps=50)
    for i, moved in enumerate((False, False, True)):
        assert any(W.any() for W in history.parameters[i].weights) is moved
        assert history.parameters[i].biases[-1].any()


@settings(deadline=None, max_examples=15)
@given(
    hidden=st.lists(st.integers(1, 4), max_size=3),
    count=st.integers(1, 4),
    steps=st.integers(1, 4),
    batch=st.integers(2, 50),
    batch_norm=st.booleans(),
)
def test_shapes(hidden, count, steps, batch, batch_norm):
    specs = [Spec((6, *hidden, 3), seed=seed, batch_norm=batch_norm) for seed in range(count)]
    history = fit(specs, steps=steps, batch=batch, record=[0, steps])
    assert history.losses.shape == (count, steps) and history.losses.dtype == np.float32
    assert history.test_accuracies.shape == history.train_losses.shape == (count, 2)
    assert history.layers.z_rms.shape == (count, 2, len(hidden) + 1)
    assert len(history.parameters) == count and history.parameters[0].flat.shape[0] == 1
    assert np.isfinite(history.losses).all()


SPEC = Spec(WIDTHS)
X, Y, X_TEST, Y_TEST = DATA


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ValueError, lambda: fit([]), r"specs must be a sequence of Spec, or one, got \[\]"),
        (TypeError, lambda: fit(WIDTHS), "each of specs must be a winit.specs.Spec, .*got 6"),
        (TypeError, lambda: winit.train(SPEC, DATA, **CALL), "rng"),
        (ValueError, lambda: fit(SPEC, steps=0), "steps must be .*got 0"),
        (ValueError, lambda: fit(SPEC, steps=2.5), "steps must be .*got 2.5"),
        (ValueError, lambda: fit(SPEC, batch=0), "batch must be .*got 0"),
        (ValueError, lambda: fit(SPEC, batch=51), "batch must be .* at most 50, got 51"),
        (ValueError, lambda: fit(SPEC, learning_rate=0), "learning_rate must be a finite number above 0 .*got 0"),
        (ValueError, lambda: fit(SPEC, learning_rate=float("nan")), "learning_rate must be .*got nan"),
        (
            ValueError,
            lambda: fit(SPEC, learning_rate=[0.1, 0.2]),
            "learning_rate must be one for all or have one entry for each of the 1 specs, got 2",
        ),
        (ValueError, lambda: fit(SPEC, weight_decay=-1), "weight_decay must be .*got -1"),
        (ValueError, lambda: fit(SPEC, optimizer="adamw"), "optimizer must be one of 'sgd', 'adam', got 'adamw'"),
        (ValueError, lambda: fit(SPEC, record=[STEPS + 1]), "each of record must be .*at most 12, got 13"),
        (ValueError, lambda: fit(SPEC, record=[-1]), "each of record must be .*got -1"),
        (ValueError, lambda: fit([SPEC, Spec((5, 3))]), "specs must all have the same numbers of inputs and classes"),
        (ValueError, lambda: fit(Spec((5, 3))), r"x_train must have shape \(samples, 5\), got \(50, 6\)"),
        (ValueError, lambda: fit(Spec((6, 2))), "y_train must lie in 0 … 1, got 0 … 2"),
        (ValueError, lambda: winit.train(SPEC, DATA[:2], rng=np.random.default_rng(0), **CALL), "data must be"),
        (
            ValueError,
            lambda: winit.train(SPEC, (np.where(X > 1, np.nan, X), *DATA[1:]), rng=np.random.default_rng(0), **CALL),
            "x_train must be finite",
        ),
        (
            ValueError,
            lambda: winit.train(SPEC, (X, Y, 1e300 * X_TEST, Y_TEST), rng=np.random.default_rng(0), **CALL),
            "x_test must be finite in float32",
        ),
        (
            ValueError,
            lambda: winit.train(SPEC, (X, Y[1:], X_TEST, Y_TEST), rng=np.random.default_rng(0), **CALL),
            r"y_train must have shape \(50,\), one label per sample, got \(49,\)",
        ),
        (
            TypeError,
            lambda: winit.train(SPEC, (X, Y + 0.0, X_TEST, Y_TEST), rng=np.random.default_rng(0), **CALL),
            "y_train must be integers",
        ),
        (ValueError, lambda: Spec([6]), "widths"),
        (ValueError, lambda: Spec(WIDTHS, "rleu"), "did you mean 'relu'"),
        (ValueError, lambda: Spec(WIDTHS, initializer="he"), "unknown initializer 'he'"),
        (ValueError, lambda: Spec(WIDTHS, initializer=-0.1), "initializer"),
        (ValueError, lambda: Spec(WIDTHS, bias="nought"), "unknown bias"),
        (ValueError, lambda: Spec(WIDTHS, dropout=1.0), "dropout must be .*below 1, got 1.0"),
        (ValueError, lambda: Spec(WIDTHS, seed=-1), "seed must be .*got -1"),
    ],
)
def test_bad_input_is_named(error, call, message):
    with pytest.raises(error, match=message):
        call()


def test_blas_takes_one_thread_while_networks_are_trained():
    """Many small products on two threads wait for each other; an old threadpoolctl does not even see NumPy's BLAS."""
    import threadpoolctl

    seen = []
    training._on_all_cores(lambda _: seen.extend(threadpoolctl.threadpool_info()), [0], watch=lambda: None)
    blas = [library["num_threads"] for library in seen if library["user_api"] == "blas"]
    assert blas and set(blas) == {1}
