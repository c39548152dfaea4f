"""The limit of each job: its matrix products in float32, and where it samples the generator's draws; nothing else.

Where BLAS is slow with a transposed W, the engine copies it first and saves more than the copy costs: its share of the
floor then is larger than that of an engine that does not.
"""

import itertools

import numpy as np

from winit import Spec, training


def train(problem):
    """Training and evaluating the networks, stacked as `winit.train` stacks them."""
    specs, samples = [Spec(**spec) for spec in problem.specs], len(problem.sets[0]) + len(problem.sets[2])
    for chunk in training._chunks(specs, problem.batches.shape[1]):
        descend(specs[chunk[0]].widths, len(chunk), *problem.batches.shape, samples)


def gradients(problem):
    descend((problem.x.shape[1], *map(len, problem.network[1])), 1, 1, len(problem.x))


def descend(widths, n, steps, batch, samples=0):
    h = [np.zeros((n, batch, units), np.float32) for units in widths]
    h[0] = h[0][0]
    W, dW = ([np.zeros((n, *shape), np.float32) for shape in itertools.pairwise(widths)] for _ in range(2))
    for _ in range(steps):
        for l in range(len(W)):
            np.matmul(h[l], W[l], out=h[l + 1])
        for l in range(len(W) - 1, -1, -1):
            np.matmul(h[l].swapaxes(-1, -2), h[l + 1], out=dW[l])
            if l:
                np.matmul(h[l + 1], W[l].swapaxes(-1, -2), out=h[l])
    h = np.zeros((samples, widths[0]), np.float32)
    for weights in W:
        h = h @ weights


def boltzmann(problem):
    steps, batch = problem.batches.shape
    visible, hidden = problem.start[0].shape
    V, H, W = (np.ones(shape, np.float32) for shape in ((batch, visible), (batch, hidden), (visible, hidden)))
    out_v, out_h, out_w, rng = V.copy(), H.copy(), W.copy(), np.random.default_rng(0)
    for _ in range(steps):
        np.matmul(V, W, out=out_h)
        rng.random(H.shape)
        np.matmul(H, W.T, out=out_v)
        rng.random(V.shape)
        np.matmul(V, W, out=out_h)
        np.matmul(V.T, H, out=out_w)
        np.matmul(V.T, H, out=out_w)
