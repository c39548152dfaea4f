"""JAX on one CPU: networks of one structure mapped together, all steps in one compiled scan."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from .classic import EPSILON, contrastive_divergence, reconstruction_error

sigmoid = jax.nn.sigmoid


def loss_of(parameters, x, y, activation):
    W, b, gammas = parameters
    for l in range(len(W) - 1):
        x = x @ W[l]
        if gammas:
            x = gammas[l] * (x - x.mean(axis=0)) * jax.lax.rsqrt(x.var(axis=0) + EPSILON)
        x = getattr(jax.nn, activation)(x + b[l])
    logits = x @ W[-1] + b[-1]
    return (jax.nn.logsumexp(logits, axis=-1) - jnp.take_along_axis(logits, y[:, None], axis=-1)[:, 0]).mean()


def train(problem):
    sets, batches = tuple(map(jnp.asarray, problem.sets)), jnp.asarray(problem.batches)
    losses = np.empty((len(problem.networks), len(batches)))
    for norm in sorted(set(problem.norms)):
        members = np.flatnonzero(np.array(problem.norms) == norm)
        W, b = zip(*(problem.networks[i] for i in members))
        W, b = [jnp.stack(layer) for layer in zip(*W)], [jnp.stack(layer) for layer in zip(*b)]
        gammas = [jnp.ones_like(beta) for beta in b[:-1]] if norm else []
        found, *_ = jax.block_until_ready(descend((W, b, gammas), sets, batches, problem.rate, problem.activation))
        losses[members] = found.T
    return losses


@partial(jax.jit, static_argnames="activation")
def descend(parameters, sets, batches, rate, activation):
    """Train stacked networks; losses (steps, networks), and those of both sets at the end."""
    x, y, x_test, y_test = sets
    every = (0, None, None, None)

    def step(parameters, rows):
        loss, gradient = jax.vmap(jax.value_and_grad(loss_of), every)(parameters, x[rows], y[rows], activation)
        return jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), loss

    parameters, losses = jax.lax.scan(step, parameters, batches)
    evaluate = partial(jax.vmap(loss_of, every), parameters)
    return losses, evaluate(x, y, activation), evaluate(x_test, y_test, activation)


def gradients(problem):
    return np.asarray(slopes((*problem.network, []), problem.x, problem.labels, problem.activation))


@partial(jax.jit, static_argnames="activation")
def slopes(parameters, x, y, activation):
    loss, (dW, _, _) = jax.value_and_grad(loss_of)(parameters, x, y, activation)
    return jnp.array([loss, *(jnp.sqrt(jnp.mean(gradient**2)) for gradient in dW)])


def boltzmann(problem):
    return float(ascend(problem.start, problem.v, problem.batches, jax.random.key(0), problem.rate))


@jax.jit
def ascend(machine, v, batches, key, rate):
    def step(machine, drawn):
        rows, keys = v[drawn[0]], iter(jax.random.split(drawn[1]))
        slopes = contrastive_divergence(*machine, rows, sigmoid, lambda p: jax.random.bernoulli(next(keys), p) * 1.0)
        return tuple(p + rate / len(rows) * slope for p, slope in zip(machine, slopes)), None

    machine, _ = jax.lax.scan(step, machine, (batches, jax.random.split(key, len(batches))))
    return reconstruction_error(*machine, v, sigmoid)
