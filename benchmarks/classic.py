"""The reference: the jobs as textbooks write them, in float64, one network after the other, arrays made anew.

Every engine has these three functions, and they return what the engines have to agree on.
"""

import copy

import numpy as np

EPSILON = 1e-5  # of batch norm


def train(problem):
    """Losses (networks, steps) of the mini-batches; both sets are evaluated at the end."""
    x, y, x_test, y_test = problem.sets
    x, x_test = x.astype(np.float64), x_test.astype(np.float64)
    losses = np.empty((len(problem.networks), len(problem.batches)))
    for i, (network, norm) in enumerate(zip(problem.networks, problem.norms)):
        W, b = ([a.astype(np.float64) for a in arrays] for arrays in network)
        gammas = [np.ones_like(beta) for beta in b[:-1]] if norm else []
        for t, rows in enumerate(problem.batches):
            trace = forward(W, b, gammas, x[rows], problem.activation)
            losses[i, t], delta = softmax_loss(trace[0], y[rows])
            for parameters, gradients in zip((W, b, gammas), backward(W, gammas, trace, delta, problem.activation)):
                parameters[:] = [p - problem.rate * g for p, g in zip(parameters, gradients)]
        for samples, labels in ((x, y), (x_test, y_test)):
            softmax_loss(forward(W, b, gammas, samples, problem.activation)[0], labels)
    return losses


def gradients(problem):
    """Loss, and root mean square of dL/dW of each layer, of one pass forward and backward."""
    W, b = ([a.astype(np.float64) for a in arrays] for arrays in problem.network)
    trace = forward(W, b, [], problem.x.astype(np.float64), problem.activation)
    loss, delta = softmax_loss(trace[0], problem.labels)
    dW, _, _ = backward(W, [], trace, delta, problem.activation)
    return np.array([loss, *(np.sqrt(np.mean(gradient**2)) for gradient in dW)])


def boltzmann(problem):
    """What `reconstruction_error` finds after one epoch of CD-1."""
    rng, v = copy.deepcopy(problem.rng_of_samples), problem.v.astype(np.float64)
    machine = [a.astype(np.float64) for a in problem.start]
    for rows in problem.batches:
        slopes = contrastive_divergence(*machine, v[rows], sigmoid, lambda p: (rng.random(p.shape) < p).astype(float))
        machine = [p + problem.rate / len(rows) * slope for p, slope in zip(machine, slopes)]
    return reconstruction_error(*machine, v, sigmoid)


def contrastive_divergence(W, b, c, v0, sigmoid, sample):
    """CD-1, summed over the batch, for arrays of NumPy, PyTorch and JAX."""
    p0 = sigmoid(v0 @ W + c)
    v1 = sample(sigmoid(sample(p0) @ W.T + b))
    p1 = sigmoid(v1 @ W + c)
    return v0.T @ p0 - v1.T @ p1, (v0 - v1).sum(0), (p0 - p1).sum(0)


def reconstruction_error(W, b, c, v, sigmoid):
    """Mean of |v - p(v | p(h | v))| over a thousand samples."""
    return abs(v[:1000] - sigmoid(sigmoid(v[:1000] @ W + c) @ W.T + b)).mean()


def forward(W, b, gammas, x, activation):
    inputs, norms = [x], []
    for l in range(len(W) - 1):
        z = np.dot(inputs[-1], W[l])
        if gammas:
            mean, std = z.mean(axis=0), np.sqrt(z.var(axis=0) + EPSILON)
            norms.append(((z - mean) / std, std))
            z = gammas[l] * norms[-1][0]
        z = z + b[l]
        inputs.append(np.tanh(z) if activation == "tanh" else np.maximum(z, 0))
    return np.dot(inputs[-1], W[-1]) + b[-1], inputs, norms


def backward(W, gammas, trace, delta, activation):
    _, inputs, norms = trace
    dW, db, dgammas = [None] * len(W), [None] * len(W), [None] * len(gammas)
    for l in range(len(W) - 1, -1, -1):
        if l < len(W) - 1:
            h = inputs[l + 1]
            delta = np.dot(delta, W[l + 1].T) * (1 - h**2 if activation == "tanh" else h > 0)
        db[l] = delta.sum(axis=0)
        if l < len(W) - 1 and gammas:
            z, std = norms[l]
            dgammas[l] = (delta * z).sum(axis=0)
            delta = gammas[l] / std * (delta - db[l] / len(z) - z * dgammas[l] / len(z))
        dW[l] = np.dot(inputs[l].T, delta)
    return dW, db, dgammas


def softmax_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1, keepdims=True))
    p, rows = np.exp(z - log_sum), np.arange(len(labels))
    loss = (log_sum[:, 0] - z[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(labels)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))
