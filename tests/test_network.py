"""Gradients against central differences and PyTorch; a stack of networks against its members."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import winit
from winit import ACTIVATIONS, network
from winit.initializers import draw_bias

WIDTHS, BATCH, N = (5, 4, 6, 3), 7, 2
SMOOTH = [name for name in ACTIVATIONS if name not in ("relu", "leaky_relu")]  # no kink, where differences are wrong


def networks(batch_norm=False, n=N, widths=WIDTHS, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    parameters = network.init(
        widths, initializer="glorot_normal", bias=0.5, n=n, batch_norm=batch_norm, dtype=dtype, rng=rng
    )
    for gamma in parameters.gammas:
        gamma[:] = rng.uniform(0.5, 2, gamma.shape)
    return parameters


def samples(seed=1, batch=BATCH, widths=WIDTHS):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((batch, widths[0])), rng.integers(widths[-1], size=batch)


def loss_and_gradient(parameters, x, labels, **options):
    trace = network.forward(parameters, x, **options)
    loss, delta = network.cross_entropy(trace.z[-1], labels)
    return loss, *network.backward(parameters, trace, delta)


def check_central_differences(parameters, x, labels, gradient, step=1e-5, **options):
    for i in np.ndindex(parameters.flat.shape):
        kept = parameters.flat[i]
        sides = []
        for parameters.flat[i] in (kept + step, kept - step):
            sides.append(network.cross_entropy(network.forward(parameters, x, **options).z[-1], labels)[0])
        parameters.flat[i] = kept
        expected = np.zeros(len(parameters.flat))
        expected[i[0]] = gradient.flat[i]  # and a parameter of one network leaves the others alone
        np.testing.assert_allclose((sides[0] - sides[1]) / (2 * step), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_central_differences(name):
    parameters, (x, labels) = networks(), samples()
    _, gradient, _ = loss_and_gradient(parameters, x, labels, activation=name)
    check_central_differences(parameters, x, labels, gradient, activation=name)


@pytest.mark.parametrize("train", [True, False])
def test_gradients_with_batch_norm_are_central_differences(train):
    parameters, (x, labels) = networks(batch_norm=True), samples()
    for mean, variance in parameters.running:
        mean += 0.3
        variance *= 2
    _, gradient, _ = loss_and_gradient(parameters, x, labels, activation="tanh", train=train)
    check_central_differences(parameters, x, labels, gradient, activation="tanh", train=train)


def test_gradients_with_dropout_are_central_differences():
    parameters, (x, labels) = networks(), samples()

    class Again(np.random.Generator):  # the same mask at every call
        def random(self, shape):
            return np.random.default_rng(3).random(shape)

    options = {"activation": "tanh", "dropout": 0.4, "rngs": [Again(np.random.PCG64(0)) for _ in range(N)]}
    _, gradient, _ = loss_and_gradient(parameters, x, labels, **options)
    check_central_differences(parameters, x, labels, gradient, **options)


def torch_copy(parameters, i, name):
    """Network i as a torch module that shares nothing but its numbers, and its dense and batch norm layers."""
    import torch

    functions = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "gelu": torch.nn.GELU}
    modules, dense, norms = [], [], []
    for l, (W, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        hidden = l < len(parameters.weights) - 1
        normalized = hidden and bool(parameters.gammas)
        dense.append(torch.nn.Linear(*W[i].shape, bias=not normalized, dtype=torch.float64))
        dense[-1].weight.data = torch.tensor(W[i].T.copy())
        modules.append(dense[-1])
        if normalized:
            norms.append(torch.nn.BatchNorm1d(W.shape[2], dtype=torch.float64))
            norms[-1].weight.data, norms[-1].bias.data = torch.tensor(parameters.gammas[l][i]), torch.tensor(b[i])
            modules.append(norms[-1])
        else:
            dense[-1].bias.data = torch.tensor(b[i])
        if hidden:
            modules.append(functions[name]())
    return torch.nn.Sequential(*modules), dense, norms


@pytest.mark.peers
@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "gelu"])
def test_gradients_are_pytorchs(name, batch_norm):
    import torch

    parameters, (x, labels) = networks(batch_norm), samples()
    losses, gradient, _ = loss_and_gradient(parameters, x, labels, activation=name)
    for i in range(N):
        module, dense, norms = torch_copy(parameters, i, name)
        loss = torch.nn.functional.cross_entropy(module(torch.tensor(x)), torch.tensor(labels))
        loss.backward()
        assert losses[i] == pytest.approx(loss.item(), rel=1e-12)
        for l, layer in enumerate(dense):
            np.testing.assert_allclose(gradient.weights[l][i], layer.weight.grad.numpy().T, rtol=1e-10, atol=1e-12)
            shift = layer if layer.bias is not None else norms[l]
            np.testing.assert_allclose(gradient.biases[l][i], shift.bias.grad.numpy(), rtol=1e-10, atol=1e-12)
        for l, norm in enumerate(norms):
            np.testing.assert_allclose(gradient.gammas[l][i], norm.weight.grad.numpy(), rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(parameters.running[l][0][i], norm.running_mean.numpy(), rtol=1e-10)
            np.testing.assert_allclose(parameters.running[l][1][i], norm.running_var.numpy(), rtol=1e-10)
        ours = network.forward(parameters, x, activation=name, train=False).z[-1][i]
        np.testing.assert_allclose(ours, module.eval()(torch.tensor(x)).detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_stack_is_its_members(batch_norm):
    stack, (x, labels) = networks(batch_norm, n=3), samples()
    x = np.stack([x, 2 * x, x - 1])  # each network its own samples
    members = [networks(batch_norm, n=3)[i : i + 1] for i in range(3)]
    losses, gradient, deltas = loss_and_gradient(stack, x, labels, activation="tanh")
    for i, member in enumerate(members):
        loss, alone, deltas_alone = loss_and_gradient(member, x[i], labels, activation="tanh")
        np.testing.assert_allclose(losses[i], loss[0], rtol=1e-13)
        np.testing.assert_allclose(gradient.flat[i], alone.flat[0], rtol=1e-11, atol=1e-14)
        for delta, delta_alone in zip(deltas, deltas_alone, strict=True):
            np.testing.assert_allclose(delta[i], delta_alone[0], rtol=1e-11, atol=1e-14)


def test_backward_is_linear_in_delta():
    parameters, (x, labels) = networks(batch_norm=True), samples()
    trace = network.forward(parameters, x, activation="relu")
    _, delta = network.cross_entropy(trace.z[-1], labels)
    once, twice = (network.backward(parameters, trace, scale * delta)[0].flat for scale in (1, -2))
    np.testing.assert_allclose(twice, -2 * once, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ["relu", "tanh", "gelu"])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_training_loop_keeps_less_and_computes_the_same(name, batch_norm):
    parameters, (x, labels) = networks(batch_norm=batch_norm), samples()
    everything, needed = (network.forward(parameters, x, activation=name, keep=keep) for keep in (True, False))
    assert len(everything.linear) == len(everything.z) == len(parameters.weights)
    assert len(needed.linear) == 1 and len(needed.z) == (len(parameters.weights) if name == "gelu" else 1)
    np.testing.assert_array_equal(needed.z[-1], everything.z[-1])
    _, delta = network.cross_entropy(needed.z[-1], labels)
    gradient, deltas = network.backward(parameters, everything, delta)
    assert len(deltas) == len(parameters.weights)
    same, none = network.backward(parameters, needed, delta)
    assert none == []
    np.testing.assert_array_equal(same.flat, gradient.flat)


def test_a_gradient_is_written_where_it_shall():
    parameters, (x, labels) = networks(), samples()
    trace = network.forward(parameters, x, activation="relu")
    _, delta = network.cross_entropy(trace.z[-1], labels)
    gradient, _ = network.backward(parameters, trace, delta)
    expected = gradient.flat.copy()
    gradient.flat[:] = np.nan
    assert network.backward(parameters, trace, delta, out=gradient)[0] is gradient
    np.testing.assert_array_equal(gradient.flat, expected)


def test_evaluation_takes_the_running_statistics_and_drops_nothing():
    parameters, (x, _) = networks(batch_norm=True), samples()
    for mean, variance in parameters.running:
        mean[:], variance[:] = 0.3, 2.0
    (W1, W2, W3), (b1, b2, b3), (g1, g2) = parameters.weights, parameters.biases, parameters.gammas
    h1 = np.tanh((x @ W1 - 0.3) / np.sqrt(2 + 1e-5) * g1[:, None] + b1[:, None])
    h2 = np.tanh((h1 @ W2 - 0.3) / np.sqrt(2 + 1e-5) * g2[:, None] + b2[:, None])
    trace = network.forward(parameters, x, activation="tanh", train=False, dropout=0.5)
    np.testing.assert_allclose(trace.z[-1], h2 @ W3 + b3[:, None], rtol=1e-12)
    assert all((mean == 0.3).all() and (variance == 2).all() for mean, variance in parameters.running)


def test_the_parameters_are_views_of_one_array():
    parameters = networks(batch_norm=True)
    assert parameters.flat.shape == (N, 5 * 4 + 4 * 6 + 6 * 3 + 4 + 6 + 3 + 4 + 6)
    for views in (parameters.weights, parameters.biases, parameters.gammas):
        assert all(np.shares_memory(view, parameters.flat) for view in views)
    assert [W.shape for W in parameters.weights] == [(N, 5, 4), (N, 4, 6), (N, 6, 3)]
    assert [g.shape for g in parameters.gammas] == [(N, 4), (N, 6)]
    one = parameters[1:]
    one.flat[:] += 1
    np.testing.assert_array_equal(one.weights[0][0], parameters.weights[0][1])


def test_init_draws_in_the_documented_order():
    parameters = network.init((4, 3, 2), initializer=0.5, bias=2.0, n=2, rng=np.random.default_rng(0), dtype=np.float64)
    rng = np.random.default_rng(0)
    for i in range(2):
        for W, b in zip(parameters.weights, parameters.biases, strict=True):
            np.testing.assert_array_equal(W[i], 0.5 * rng.standard_normal(W[i].shape))
            np.testing.assert_array_equal(b[i], 2.0 * rng.standard_normal(b[i].shape))


def test_init_per_layer_and_without_biases():
    parameters = network.init((4, 3, 2), initializer=["he_normal", "zeros"], rng=np.random.default_rng(0))
    he = winit.INITIALIZERS["he_normal"]((4, 3), rng=np.random.default_rng(0), dtype=np.float32)
    np.testing.assert_array_equal(parameters.weights[0][0], he)
    assert not parameters.weights[1].any() and not any(b.any() for b in parameters.biases)
    assert parameters.flat.dtype == np.float32


def test_a_bias_has_the_distribution_of_its_layers_weights():
    init = winit.INITIALIZERS["torch_linear_default"]
    bias = draw_bias(init, (100, 5000), rng=np.random.default_rng(0))
    assert bias.shape == (5000,) and np.abs(bias).max() <= 0.1
    standard_error = np.sqrt((9 / 5 - 1) / (4 * bias.size))  # of a standard deviation, relative; kurtosis 9/5
    assert abs(bias.std() / (0.1 / np.sqrt(3)) - 1) < 5 * standard_error


@given(
    widths=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    n=st.integers(1, 3),
    name=st.sampled_from(sorted(ACTIVATIONS)),
    dtype=st.sampled_from([np.float32, np.float64]),
    batch_norm=st.booleans(),
)
@settings(deadline=None)
def test_shapes_and_dtypes(widths, n, name, dtype, batch_norm):
    widths[-1] += 1  # a softmax needs two classes
    parameters = networks(batch_norm, n=n, widths=widths, dtype=dtype)
    x, labels = samples(widths=widths)
    loss, gradient, deltas = loss_and_gradient(parameters, x, labels, activation=name)
    assert loss.shape == (n,) and gradient.flat.shape == parameters.flat.shape
    assert [delta.shape for delta in deltas] == [(n, BATCH, width) for width in widths[1:]]
    assert loss.dtype == gradient.flat.dtype == deltas[0].dtype == dtype
    assert np.isfinite(gradient.flat).all()


def test_cross_entropy_is_its_definition():
    logits, labels = np.random.default_rng(0).standard_normal((4, 5, 3)), np.array([0, 1, 2, 2, 1])
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    loss, delta = network.cross_entropy(logits, labels)
    np.testing.assert_allclose(loss, -np.log(p[:, np.arange(5), labels]).mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(delta, (p - np.eye(3)[labels]) / 5, atol=1e-16)
    single, _ = network.cross_entropy(logits[0], labels)
    assert single == loss[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_stable(dtype):
    logits = np.array([[1e4, -1e4, 0], [-1e4, 1e4, 1e4], [1e4, -1e4, 1e4]], dtype)
    loss, delta = network.cross_entropy(logits, np.array([0, 1, 1]))
    assert loss == pytest.approx((0 + np.log(2) + 2e4 + np.log(2)) / 3, rel=1e-6)
    np.testing.assert_allclose(delta * 3, [[0, 0, 0], [0, -0.5, 0.5], [0.5, -1, 0.5]], atol=1e-6)


X, RNG = np.ones((4, 5)), np.random.default_rng(0)


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ValueError, lambda: network.init([5], initializer="zeros", rng=RNG), r"widths must be .*got \[5\]"),
        (ValueError, lambda: network.init(5, initializer="zeros", rng=RNG), "widths must be .*got 5"),
        (
            ValueError,
            lambda: network.init([5, 0], initializer="zeros", rng=RNG),
            "widths must be a positive .*got 0",
        ),
        (ValueError, lambda: network.init([5, -2], initializer="zeros", rng=RNG), "widths .*got -2"),
        (ValueError, lambda: network.init([5, 2.5], initializer="zeros", rng=RNG), "widths .*got 2.5"),
        (ValueError, lambda: network.init([5, 2], initializer="zeros", rng=RNG, n=0), "n must be .*got 0"),
        (ValueError, lambda: network.init([5, 2], initializer="he_norml", rng=RNG), "mean 'he_normal'"),
        (ValueError, lambda: network.init([5, 2], initializer=-1.0, rng=RNG), "initializer must be .*-1.0"),
        (ValueError, lambda: network.init([5, 2], initializer="zeros", bias="one", rng=RNG), "unknown bias 'one'"),
        (ValueError, lambda: network.init([5, 3, 2], initializer=["zeros"], rng=RNG), "initializer .*2 layers, got 1"),
        (TypeError, lambda: network.init([5, 2], initializer=None, rng=RNG), "initializer must be .*got None"),
        (TypeError, lambda: network.init([5, 2], initializer="zeros"), "rng"),
        (ValueError, lambda: network.forward(networks(), np.ones(5), activation="relu"), r"x must have .*got \(5,\)"),
        (ValueError, lambda: network.forward(networks(), np.ones((4, 3)), activation="relu"), r"x .*got \(4, 3\)"),
        (ValueError, lambda: network.forward(networks(), X, activation="tanhh"), "did you mean 'tanh'"),
        (TypeError, lambda: network.forward(networks(), X, activation=np.tanh), "activation must be a name"),
        (ValueError, lambda: network.cross_entropy(X, [0, 1, 2, 5]), "labels must lie in 0 … 4, got 0 … 5"),
        (ValueError, lambda: network.cross_entropy(X, [0, 1, 2, -1]), "labels must lie in 0 … 4, got -1 … 2"),
        (ValueError, lambda: network.cross_entropy(X, [0, 1]), r"labels must have shape \(4,\).*got \(2,\)"),
        (TypeError, lambda: network.cross_entropy(X, [0.0, 1, 2, 3]), "labels must be integers, got dtype float64"),
    ],
)
def test_bad_input_is_named(error, call, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_of_enormous_logits(dtype):
    loss, delta = network.cross_entropy(np.array([[1e30, -1e30, 0]], dtype), np.array([1]))
    assert loss == pytest.approx(2e30, rel=1e-6) and delta.tolist() == [[1, -1, 0]]


def test_half_precision_is_widened_or_refused():
    loss, _ = network.cross_entropy(np.zeros((5000, 4000), np.float16), np.zeros(5000, int))
    assert loss.dtype == np.float32 and loss == pytest.approx(np.log(4000), rel=1e-6)
    for dtype in (np.float16, "float16"):
        with pytest.raises(ValueError, match="dtype must be float32 or float64, got"):
            network.init([2, 3], initializer="he_normal", rng=np.random.default_rng(0), dtype=dtype)
