"""JAX on one CPU: networks of one structure mapped together, all steps in one compiled scan."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

EPSILON = 1e-5  # of batch norm
ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu}


def logits_of(parameters, x, f):
    W, b, gammas = parameters
    for l in range(len(W) - 1):
        x = x @ W[l]
        if gammas:
            x = gammas[l] * (x - x.mean(axis=0)) * jax.lax.rsqrt(x.var(axis=0) + EPSILON)
        x = ACTIVATIONS[f](x + b[l])
    return x @ W[-1] + b[-1]


def loss_of(parameters, x, y, f):
    logits = logits_of(parameters, x, f)
    return (jax.nn.logsumexp(logits, axis=-1) - jnp.take_along_axis(logits, y[:, None], axis=-1)[:, 0]).mean()


@partial(jax.jit, static_argnames="f")
def descend(parameters, sets, batches, eta, f):
    """Train stacked networks; losses (steps, networks)."""
    x, y, x_test, y_test = sets

    def step(parameters, rows):
        slopes = jax.vmap(jax.value_and_grad(loss_of), (0, None, None, None))
        loss, gradient = slopes(parameters, x[rows], y[rows], f)
        return jax.tree.map(lambda p, g: p - eta * g, parameters, gradient), loss

    parameters, losses = jax.lax.scan(step, parameters, batches)
    evaluate = jax.vmap(loss_of, (0, None, None, None))
    return losses, evaluate(parameters, x, y, f), evaluate(parameters, x_test, y_test, f)


def stacked(networks):
    W, b = ([jnp.stack(layer) for layer in zip(*(n[name] for n in networks))] for name in ("weights", "biases"))
    return W, b, [jnp.ones_like(beta) for beta in b[:-1]] if networks[0]["batch_norm"] else []


def train(problem):
    sets, batches = tuple(map(jnp.asarray, problem["sets"])), jnp.asarray(problem["batches"])
    losses = np.empty((len(problem["networks"]), len(batches)))
    for norm in sorted({network["batch_norm"] for network in problem["networks"]}):
        members = [i for i, network in enumerate(problem["networks"]) if network["batch_norm"] == norm]
        parameters = stacked([problem["networks"][i] for i in members])
        found, *_ = jax.block_until_ready(
            descend(parameters, sets, batches, problem["learning_rate"], problem["activation"])
        )
        losses[members] = found.T
    return losses


@partial(jax.jit, static_argnames="f")
def slopes_of(parameters, x, y, f):
    loss, (dW, _, _) = jax.value_and_grad(loss_of)(parameters, x, y, f)
    return jnp.array([loss, *(jnp.sqrt(jnp.mean(gradient**2)) for gradient in dW)])


def gradients(problem):
    network = problem["networks"][0]
    parameters = (list(map(jnp.asarray, network["weights"])), list(map(jnp.asarray, network["biases"])), [])
    return np.asarray(slopes_of(parameters, problem["x"], problem["labels"], problem["activation"]))


@jax.jit
def ascend(start, v, batches, key, eta):
    def step(state, rows):
        (W, b, c), key = state
        key, first, second = jax.random.split(key, 3)
        v0 = v[rows]
        p0 = jax.nn.sigmoid(v0 @ W + c)
        h0 = (jax.random.uniform(first, p0.shape) < p0).astype(v.dtype)
        p = jax.nn.sigmoid(h0 @ W.T + b)
        v1 = (jax.random.uniform(second, p.shape) < p).astype(v.dtype)
        p1 = jax.nn.sigmoid(v1 @ W + c)
        W = W + eta / len(rows) * (v0.T @ p0 - v1.T @ p1)
        return ((W, b + eta * (v0 - v1).mean(axis=0), c + eta * (p0 - p1).mean(axis=0)), key), None

    ((W, b, c), _), _ = jax.lax.scan(step, (start, key), batches)
    v = v[:1000]
    return jnp.abs(v - jax.nn.sigmoid(jax.nn.sigmoid(v @ W + c) @ W.T + b)).mean()


def boltzmann(problem):
    start, v = tuple(map(jnp.asarray, problem["start"])), jnp.asarray(problem["v"])
    key = jax.random.key(0)
    return float(ascend(start, v, jnp.asarray(problem["batches"]), key, problem["learning_rate"]))


JOBS = {"train": train, "gradients": gradients, "boltzmann": boltzmann}
