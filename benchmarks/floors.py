"""The floors: the matrix products of a job in float32, as its formulas write them, and nothing else.

Where BLAS is slow with a transposed W, the engine copies it first and saves more than the copy costs: its share of the
floor then is larger than that of an engine that does not.
"""

import itertools

import numpy as np

from winit import training


def train(specs, batches, sets):
    """Training and evaluating the networks, stacked as `winit.train` stacks them."""
    for chunk in training._chunks(specs, batches.shape[1]):
        descend(specs[chunk[0]].widths, len(chunk), *batches.shape, len(sets[0]) + len(sets[2]))


def descend(widths, n, steps, batch, samples):
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


def boltzmann(visible, hidden, steps, batch):
    V, H, W = (np.ones(shape, np.float32) for shape in ((batch, visible), (batch, hidden), (visible, hidden)))
    out_v, out_h, out_w = V.copy(), H.copy(), W.copy()
    for _ in range(steps):
        np.matmul(V, W, out=out_h)
        np.matmul(H, W.T, out=out_v)
        np.matmul(V, W, out=out_h)
        np.matmul(V.T, H, out=out_w)
        np.matmul(V.T, H, out=out_w)
