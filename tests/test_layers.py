"""Batch norm and dropout against their definitions, central differences and, where installed, PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import winit
from winit.layers import dropout_backward

SHAPES = [(7, 3), (2, 1), (4, 7, 3), (2, 3, 5, 4)]


def batch(shape, seed=0):
    rng = np.random.default_rng(seed)
    units = shape[:-2] + shape[-1:]
    return 2 + 3 * rng.standard_normal(shape), rng.uniform(0.5, 2, units), rng.standard_normal(units)


def central_difference(loss, x, step=1e-5):
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + step
        above = loss()
        x[i] = kept - step
        gradient[i] = (above - loss()) / (2 * step)
        x[i] = kept
    return gradient


@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm_standardizes_then_scales_and_shifts(shape):
    x, gamma, beta = batch(shape)
    y, _ = winit.batch_norm(x, gamma, beta, eps=0)
    np.testing.assert_allclose(y.mean(axis=-2), beta, atol=1e-13)
    np.testing.assert_allclose(y.std(axis=-2), gamma, rtol=1e-12)


def test_eps_is_added_to_the_variance():
    x = np.random.default_rng(0).standard_normal((1000, 1)) * 1e-3
    for eps, share in ((1e-5, 0.091), (1e-3, 0.001)):  # PyTorch's and Keras's default
        y, _ = winit.batch_norm(x / x.std() * 1e-3, np.ones(1), np.zeros(1), eps=eps)
        assert y.var() == pytest.approx(share, abs=5e-4)


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm_backward_is_the_central_difference(shape, train):
    x, gamma, beta = batch(shape)
    dy = np.random.default_rng(1).standard_normal(shape)
    running = None if train else (beta + 1, gamma**2)

    def loss():
        return (dy * winit.batch_norm(x, gamma, beta, running=running, train=train)[0]).sum()

    _, cache = winit.batch_norm(x, gamma, beta, running=running, train=train)
    for gradient, argument in zip(winit.batch_norm_backward(dy, cache), (x, gamma, beta), strict=True):
        np.testing.assert_allclose(gradient, central_difference(loss, argument), rtol=1e-6, atol=1e-7)


def test_the_input_gradient_is_orthogonal_to_ones_and_to_x_hat():
    x, gamma, beta = batch((9, 4))
    dy, x_hat = np.random.default_rng(1).standard_normal(x.shape), (x - x.mean(axis=0)) / x.std(axis=0)
    _, cache = winit.batch_norm(x, gamma, beta, eps=0)
    dx, _, _ = winit.batch_norm_backward(dy, cache)
    assert np.abs(dx.sum(axis=0)).max() < 1e-13
    assert np.abs((dx * x_hat).sum(axis=0)).max() < 1e-13
    eps = 0.1  # then Σ dx x̂ = γ dγ ε / (σ² + ε)^{3/2}
    _, cache = winit.batch_norm(x, gamma, beta, eps=eps)
    dx, dgamma, _ = winit.batch_norm_backward(dy, cache)
    x_hat *= x.std(axis=0) / np.sqrt(x.var(axis=0) + eps)
    expected = gamma * dgamma * eps / (x.var(axis=0) + eps) ** 1.5
    np.testing.assert_allclose((dx * x_hat).sum(axis=0), expected, rtol=1e-12)


def test_running_statistics_weigh_the_new_batch_and_are_unbiased():
    x, gamma, beta = batch((6, 3))
    running = np.full(3, 5.0), np.full(3, 7.0)
    winit.batch_norm(x, gamma, beta, running=running, momentum=0.2)
    np.testing.assert_allclose(running[0], 0.8 * 5 + 0.2 * x.mean(axis=0))
    np.testing.assert_allclose(running[1], 0.8 * 7 + 0.2 * x.var(axis=0, ddof=1))


def test_evaluation_uses_the_running_statistics_and_leaves_them_alone():
    x, gamma, beta = batch((6, 3))
    running = np.array([1.0, 2, 3]), np.array([4.0, 5, 6])
    y, _ = winit.batch_norm(x, gamma, beta, running=running, train=False)
    np.testing.assert_allclose(y, gamma * (x - [1, 2, 3]) / np.sqrt(np.array([4, 5, 6]) + 1e-5) + beta)
    assert running[0].tolist() == [1, 2, 3] and running[1].tolist() == [4, 5, 6]
    one, _ = winit.batch_norm(x[:1], gamma, beta, running=running, train=False)
    np.testing.assert_allclose(one, y[:1])


def test_stacked_networks_are_normalized_one_by_one():
    x, gamma, beta = batch((4, 7, 3))
    dy = np.random.default_rng(1).standard_normal(x.shape)
    y, cache = winit.batch_norm(x, gamma, beta)
    dx, dgamma, dbeta = winit.batch_norm_backward(dy, cache)
    for i in range(4):
        y_i, cache_i = winit.batch_norm(x[i], gamma[i], beta[i])
        alone = y_i, *winit.batch_norm_backward(dy[i], cache_i)
        for one, stacked in zip(alone, (y, dx, dgamma, dbeta), strict=True):
            np.testing.assert_allclose(stacked[i], one, rtol=1e-12, atol=1e-12)


@pytest.mark.peers
@pytest.mark.parametrize("train", [True, False])
def test_batch_norm_is_pytorchs(train):
    import torch

    x, gamma, beta = batch((32, 6))
    dy = np.random.default_rng(1).standard_normal(x.shape)
    layer = torch.nn.BatchNorm1d(6, dtype=torch.float64).train(train)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(gamma))
        layer.bias.copy_(torch.tensor(beta))
        layer.running_mean.fill_(0.5)
        layer.running_var.fill_(2.0)
    running = np.full(6, 0.5), np.full(6, 2.0)
    inputs = torch.tensor(x, requires_grad=True)
    outputs = layer(inputs)
    outputs.backward(torch.tensor(dy))
    y, cache = winit.batch_norm(x, gamma, beta, running=running, train=train)
    ours = (y, *winit.batch_norm_backward(dy, cache), *running)
    theirs = outputs.detach(), inputs.grad, layer.weight.grad, layer.bias.grad, layer.running_mean, layer.running_var
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, their.numpy(), rtol=1e-10, atol=1e-10)


@given(
    shape=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    dtype=st.sampled_from([np.float32, np.float64]),
    per_network=st.booleans(),
)
def test_shapes_and_dtypes_are_kept(shape, dtype, per_network):
    shape = (*shape[:-2], shape[-2] + 1, shape[-1])
    units = shape[:-2] + shape[-1:]
    x = np.ones(shape, dtype)
    gamma = np.ones(units if per_network else units[-1:], dtype)
    y, cache = winit.batch_norm(x, gamma, gamma)
    dx, dgamma, dbeta = winit.batch_norm_backward(x, cache)
    assert y.shape == dx.shape == shape and dgamma.shape == dbeta.shape == units
    assert y.dtype == dx.dtype == dgamma.dtype == dbeta.dtype == dtype
    dropped, mask = winit.dropout(x, p=0.5, rng=np.random.default_rng(0))
    assert dropped.shape == mask.shape == shape and dropped.dtype == dtype and mask.dtype == bool


def test_dropout_draws_as_documented():
    h = np.random.default_rng(0).standard_normal((50, 40))
    y, mask = winit.dropout(h, p=0.3, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(mask, np.random.default_rng(1).random((50, 40)) >= 0.3)
    np.testing.assert_allclose(y, h * mask / 0.7)
    np.testing.assert_allclose(dropout_backward(h, mask, p=0.3), y)
    np.testing.assert_array_equal(winit.dropout(h, p=0, rng=np.random.default_rng(1))[0], h)


def test_dropout_keeps_the_mean_and_inflates_the_second_moment():
    y, _ = winit.dropout(np.ones(100_000), p=0.5, rng=np.random.default_rng(0))
    assert abs(y.mean() - 1) < 5 / np.sqrt(y.size)  # the standard deviation of an entry is 1
    assert abs((y**2).mean() - 2) < 5 * 2 / np.sqrt(y.size)


X, ONE = np.ones((4, 3)), np.ones(3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: winit.batch_norm(np.ones(3), ONE, ONE), r"x must have shape .*got \(3,\)"),
        (lambda: winit.batch_norm(np.ones((0, 3)), ONE, ONE), r"x must have shape .*got \(0, 3\)"),
        (lambda: winit.batch_norm(X, np.ones(4), ONE), r"gamma must have shape \(3,\).*got \(4,\)"),
        (lambda: winit.batch_norm(X, ONE, 0.0), r"beta must have shape \(3,\).*got \(\)"),
        (lambda: winit.batch_norm(X, ONE, ONE, eps=-1), "eps must be .*got -1"),
        (lambda: winit.batch_norm(X, ONE, ONE, eps="small"), "eps must be .*got 'small'"),
        (lambda: winit.batch_norm(X, ONE, ONE, momentum=1.5), "momentum must be .*got 1.5"),
        (lambda: winit.batch_norm(X, ONE, ONE, train=False), "running must be a pair"),
        (lambda: winit.batch_norm(X, ONE, ONE, running=(ONE,)), "running must be a pair"),
        (
            lambda: winit.batch_norm(X, ONE, ONE, running=([0, 0, 0], [1, 1, 1])),
            "running must be a pair of floating arrays",
        ),
        (
            lambda: winit.batch_norm(X, ONE, ONE, running=(np.ones(2), ONE)),
            r"running must be a pair of two arrays of shape \(3,\)",
        ),
        (lambda: winit.batch_norm(X[:1], ONE, ONE), r"x must hold at least 2 samples .*\(1, 3\)"),
        (
            lambda: winit.batch_norm_backward(np.ones((2, 3)), winit.batch_norm(X, ONE, ONE)[1]),
            r"dy must have shape \(4, 3\), got \(2, 3\)",
        ),
        (
            lambda: winit.dropout(X, p=1.0, rng=np.random.default_rng(0)),
            "p must be a finite number of at least 0 and below 1, got 1.0",
        ),
        (lambda: winit.dropout(X, p=-0.1, rng=np.random.default_rng(0)), "p must be .*got -0.1"),
        (lambda: winit.dropout(X, p=float("nan"), rng=np.random.default_rng(0)), "p must be .*got nan"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_wrong_types_and_a_missing_rng():
    with pytest.raises(TypeError, match="rng"):
        winit.dropout(X, p=0.5)
    with pytest.raises(TypeError, match="x must hold real numbers"):
        winit.batch_norm(np.array([["a", "b"]]), ONE, ONE)


@pytest.mark.parametrize(
    ("scale", "dtype"), [(1e200, float), (1e-200, float), (1e300, float), (1e20, np.float32), (1e-25, np.float32)]
)
def test_huge_and_tiny_signals_are_normalized(scale, dtype):
    x, one = batch((8, 3))[0], np.ones(3, dtype)
    expected, _ = winit.batch_norm(x, one, 0 * one, eps=0)
    y, cache = winit.batch_norm((scale * x).astype(dtype), one, 0 * one, eps=0)
    np.testing.assert_allclose(y, expected, atol=20 * np.finfo(dtype).eps)
    mixed = (np.array([scale, 1, 1]) * x).astype(dtype)  # the other units keep their bits
    np.testing.assert_array_equal(
        winit.batch_norm(mixed, one, 0 * one, eps=0)[0][:, 1:],
        winit.batch_norm(x.astype(dtype), one, 0 * one, eps=0)[0][:, 1:],
    )
    assert np.isfinite(winit.batch_norm_backward(y, cache)[1]).all()


def test_half_precision_is_summed_in_single():
    x, one = batch((5000, 2))[0].astype(np.float16), np.ones(2, np.float16)
    y, cache = winit.batch_norm(x, one, 0 * one)
    expected, _ = winit.batch_norm(x.astype(np.float64), np.ones(2), np.zeros(2))
    assert y.dtype == np.float16
    np.testing.assert_allclose(y, expected, rtol=1e-3, atol=1e-4)
    dx, dgamma, dbeta = winit.batch_norm_backward(np.ones_like(x), cache)
    assert dx.dtype == np.float16 and dgamma.dtype == dbeta.dtype == np.float32
    assert dbeta.tolist() == [5000, 5000] == winit.layers.batch_sum(np.ones((5000, 2), np.float16)).tolist()
