"""How fast the engine is, as ratios within one run: against a classic float64 script, and against its bare GEMMs.

    python benchmarks/engine.py [rounds]

Every job is run in rounds: script, engine, GEMMs, on one thread; the best round of each counts, the one that other
programs on the machine disturbed least. The script trains one network after the other, in float64, allocating as it
goes. The GEMMs are the matrix products of the job in float32 and nothing else: no engine in NumPy can be faster. "two
threads" sets the engine on two cores against GEMMs shared out perfectly; it means something on an idle machine only.
"""

import itertools
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import sys
import time

import numpy as np

from winit import RBM, Spec, data, network, rbm, train, training

BATCH, STEPS = 100, 60
BLURRED = np.random.default_rng(0)  # a stand-in for MNIST: its shapes


def images(samples, pixels=784):
    x = BLURRED.standard_normal((samples, pixels))
    return x, BLURRED.integers(10, size=samples)


# The classic script: float64, one network at a time, arrays made anew


def softmax_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(labels)), labels] + 1e-300).mean()
    p[np.arange(len(labels)), labels] -= 1
    return loss, p / len(labels)


def classic_forward(weights, x, f, norm):
    inputs, hidden, caches = [x], [], []
    for l, (W, b) in enumerate(weights):
        z = np.dot(inputs[-1], W) + b
        if l == len(weights) - 1:
            return z, inputs, hidden, caches
        if norm:
            mean, std = z.mean(axis=0), np.sqrt(z.var(axis=0) + 1e-5)
            z = (z - mean) / std
            caches.append((z, std))
        hidden.append(np.tanh(z) if f == "tanh" else np.maximum(z, 0))
        inputs.append(hidden[-1])


def classic_script(specs, sets, steps, eta, batch):
    x, y, x_test, y_test = sets
    rng = np.random.default_rng(0)
    for spec in specs:
        init = training.init(spec.widths, initializer=spec.initializer, rng=rng, dtype=np.float64)
        weights = [(W[0].copy(), b[0].copy()) for W, b in zip(init.weights, init.biases)]
        f = spec.activation.name
        for _ in range(steps):
            rows = rng.choice(len(x), batch)
            logits, inputs, hidden, caches = classic_forward(weights, x[rows], f, spec.batch_norm)
            _, delta = softmax_loss(logits, y[rows])
            gradients = [None] * len(weights)
            for l in range(len(weights) - 1, -1, -1):
                if l < len(weights) - 1:
                    delta = np.dot(delta, weights[l + 1][0].T)
                    delta = delta * (1 - hidden[l] ** 2 if f == "tanh" else hidden[l] > 0)
                    if caches:
                        z, std = caches[l]
                        delta = (delta - delta.mean(axis=0) - z * (delta * z).mean(axis=0)) / std
                gradients[l] = np.dot(inputs[l].T, delta), delta.sum(axis=0)
            weights = [(W - eta * dW, b - eta * db) for (W, b), (dW, db) in zip(weights, gradients)]
        for part in ((x, y), (x_test, y_test)):
            softmax_loss(classic_forward(weights, part[0], f, spec.batch_norm)[0], part[1])


def gemms(widths, count, steps, batch, samples):
    """The matrix products of training `count` networks, and of evaluating them on `samples` rows at the end."""
    shapes = list(itertools.pairwise(widths))
    for n in [4] * (count // 4) + [count % 4] * (count % 4 > 0):
        h = [np.zeros((n, batch, units), np.float32) for units in widths]
        h[0] = h[0][0]
        W, dW = ([np.zeros((n, *shape), np.float32) for shape in shapes] for _ in range(2))
        for _ in range(steps):
            for l in range(len(W)):
                np.matmul(h[l], W[l], out=h[l + 1])
            for l in range(len(W) - 1, -1, -1):
                np.matmul(h[l].swapaxes(-1, -2), h[l + 1], out=dW[l])
                if l:
                    np.matmul(h[l + 1], W[l].swapaxes(-1, -2), out=h[l])
        h = np.ones((samples, widths[0]), np.float32)
        for weights in W:
            h = h @ weights


def training_job(specs, sets, steps=STEPS, batch=BATCH, eta=1e-3):
    widths, samples = specs[0].widths, len(sets[0]) + len(sets[2])
    call = {"steps": steps, "learning_rate": eta, "batch": batch}
    return (
        lambda: classic_script(specs, sets, steps, eta, batch),
        lambda: train(specs, sets, rng=np.random.default_rng(0), **call),
        lambda: gemms(widths, len(specs), steps, batch, samples),
    )


def rbm_job(visible=784, hidden=256, samples=2000, batch=100):
    data64 = (BLURRED.random((samples, visible)) < 0.2).astype(float)
    data32 = data64.astype(np.float32)
    start = rbm.start(data64, hidden, rng=np.random.default_rng(0), dtype=np.float32)

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def script():
        rng = np.random.default_rng(0)
        W, b, c = np.array(start.weights, float), np.array(start.visible_bias, float), np.zeros(hidden)
        for i in range(0, samples, batch):
            v0 = data64[i : i + batch]
            p0 = sigmoid(np.dot(v0, W) + c)
            h0 = (rng.random(p0.shape) < p0).astype(float)
            p = sigmoid(np.dot(h0, W.T) + b)
            v1 = (rng.random(p.shape) < p).astype(float)
            p1 = sigmoid(np.dot(v1, W) + c)
            W = W + 0.1 * (np.dot(v0.T, p0) - np.dot(v1.T, p1)) / batch
            b, c = b + 0.1 * (v0 - v1).mean(axis=0), c + 0.1 * (p0 - p1).mean(axis=0)

    def engine() -> RBM:
        rng = np.random.default_rng(0)
        return rbm.ascend(start, data32, steps=samples // batch, learning_rate=0.1, batch=batch, rng=rng)

    def floor():
        V, H, W = (np.ones(shape, np.float32) for shape in ((batch, visible), (batch, hidden), (visible, hidden)))
        out_v, out_h, out_w = V.copy(), H.copy(), W.copy()
        for _ in range(samples // batch):
            np.matmul(V, W, out=out_h)
            np.matmul(H, W.T, out=out_v)
            np.matmul(V, W, out=out_h)
            np.matmul(V.T, H, out=out_w)
            np.matmul(V.T, H, out=out_w)

    return script, engine, floor


def deep_job(depth=50, width=256, batch=256, repeats=3):
    widths = (width,) * (depth + 1)
    specs = [Spec(widths)]
    x = BLURRED.standard_normal((batch, width))
    y = BLURRED.integers(width, size=batch)
    parameters = network.init(widths, initializer="he_normal", rng=np.random.default_rng(0))
    small = x.astype(np.float32)
    buffers = {}

    def engine():
        for _ in range(repeats):
            buffers["trace"] = network.forward(parameters, small, activation="relu", out=buffers.get("trace"))
            _, delta = network.cross_entropy(buffers["trace"].z[-1], y)
            buffers["gradient"], _ = network.backward(parameters, buffers["trace"], delta, out=buffers.get("gradient"))

    empty = (x[:1], y[:1], x[:1], y[:1])
    return (
        lambda: classic_script(specs, (x, y, *empty[2:]), repeats, 1e-3, batch),
        engine,
        lambda: gemms(widths, 1, repeats, batch, 1),
    )


def jobs():
    digits = data.digits(rng=np.random.default_rng(0))
    mnist = (*images(3000), *images(500))
    scales, deep = np.logspace(-3, 1, 16), lambda first, width: (first, *[width] * 5, 10)
    both = [(std, norm) for std in scales for norm in (False, True)]
    yield "8 MLPs 784-100x5-10, tanh", training_job([Spec(deep(784, 100), "tanh", seed=s) for s in range(8)], mnist)
    norms = [Spec(deep(784, 100), "tanh", seed=s, batch_norm=s % 2 > 0) for s in range(8)]
    yield "the same, half of them BN", training_job(norms, mnist)
    for width in (100, 32):
        specs = [Spec(deep(64, width), "relu", std, batch_norm=norm) for std, norm in both]
        yield f"16 scales x BN, digits, {width} wide", training_job(specs, digits, batch=64)
    three = [Spec(deep(784, 100), "relu", name) for name in ("he_normal", "glorot_normal", 0.01)]
    yield "3 initializers, 100 steps, 784 inputs", training_job(three, mnist, steps=100)
    yield "forward+backward, 50 x 256, batch 256", deep_job()
    yield "RBM CD-1, 784-256, 20 batches of 100", rbm_job()


def best(functions, rounds):
    """Shortest time of each function, taken in turns."""
    times = []
    for _ in range(rounds):
        for function in functions:
            begin = time.perf_counter()
            with np.errstate(all="ignore"):
                function()
            times.append(time.perf_counter() - begin)
    return np.reshape(times, (rounds, len(functions))).min(axis=0)


def main(rounds=8):
    print(f"{'job':40s}{'script':>9s}{'engine':>9s}{'GEMMs':>9s}{'speed-up':>10s}{'of floor':>10s}{'two threads':>13s}")
    for name, (script, engine, floor) in jobs():
        training.CORES = 1
        slow, fast, bare = best((script, engine, floor), rounds)
        training.CORES = 2
        (shared,) = best((engine,), rounds)
        seconds = f"{slow:9.3f}{fast:9.3f}{bare:9.3f}"
        print(f"{name:40s}{seconds}{slow / fast:9.1f}x{bare / fast:10.0%}{bare / 2 / shared:13.0%}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
