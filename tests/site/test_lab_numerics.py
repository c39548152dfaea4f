"""What the Init Lab computes is what `winit` computes: the same numbers in, the same numbers out.

The golden numbers are made by `winit` while the test runs, so that a change on one side alone fails.
"""

import numpy as np
import pytest
from winit_book.lab import kernel

import winit
from winit import meanfield, measure, moments, network

QUICK = "en/lab.html?depth=2&width=8&batch=8"
SETUP = """
    const numerics = labNumerics(labData), networks = labNetwork(labData, numerics);
    const theory = labTheory(labData, numerics);
    const array = (nested) => Float64Array.from(nested.flat(Infinity));
"""
WIDTHS, BATCH = (12, 10, 9, 8, 5), 16
Z = np.concatenate([-np.geomspace(1e-9, 1e4, 200), [0.0], np.geomspace(1e-9, 1e4, 200), np.linspace(-9, 9, 361)])
THEORY = [("lecun_normal", 0.7), ("lecun_normal", 1.0), ("he_uniform", 1.0), ("standard_normal", 0.5)]


@pytest.fixture(scope="module")
def lab(chromium, bases):
    """`lab(script, argument)`: what the script returns; it is run on a page of the lab, opened once."""
    page = chromium.new_page()
    page.goto(f"{bases['file']}/{QUICK}")
    yield lambda script, argument=None: page.evaluate(f"(given) => {{ {SETUP} {script} }}", argument)
    page.close()


def close(mine, theirs, rtol=1e-5):
    theirs = np.asarray(theirs, float)
    least = 1e-13 * np.abs(theirs[np.isfinite(theirs)]).max(initial=1e-300)  # what cancels
    np.testing.assert_allclose(np.asarray(mine, float).ravel(), theirs.ravel(), rtol=rtol, atol=least)


def test_every_row_of_the_tables_is_there(lab):
    activations, initializers = lab("return [numerics.activations, labData.initializers].map(Object.keys)")
    assert activations == list(winit.ACTIVATIONS), "book/assets/lab-numerics.js: activations differs from ACTIVATIONS"
    assert initializers == list(winit.INITIALIZERS), "book/winit_book/lab/page.py: data differs from INITIALIZERS"


def test_activations(lab):
    values = lab(
        "return Object.entries(numerics.activations).map(([name, { f, df }]) => [name, given.map(f), given.map(df)])",
        Z.tolist(),
    )
    for name, f, df in values:
        for mine, theirs in ((f, winit.ACTIVATIONS[name].f(Z)), (df, winit.ACTIVATIONS[name].df(Z))):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-300, err_msg=name)


PRODUCTS = """
    const found = labNumerics({ ...labData, kernels: labData.kernels.slice(given.skipped) }), { product } = found;
    return given.shapes.map(([n, k, m], i) => {
        const values = (rows, columns, seed) => found.generator(seed, i).normals(rows * columns);
        const a = values(n, k, 1), b = values(k, m, 2), turned = [found.transposed(a, n, k), found.transposed(b, k, m)];
        const ways = [product(a, b, n, k, m), product(turned[0], b, n, k, m, undefined, { a: true }),
            product(a, turned[1], n, k, m, undefined, { b: true })];
        return [a, b, ...ways].map((matrix) => [...matrix]);
    });
"""


@pytest.mark.parametrize("skipped", [0, 1, 2])
def test_products(lab, skipped):
    """By each kernel and without, where a side is no multiple of its blocks, and small ones after large ones, too."""
    shapes = [(1, 1, 1), (3, 5, 2), (4, 4, 4), (7, 64, 10), (70, 130, 90), (5, 3, 9)]
    for (n, k, m), (a, b, *ways) in zip(shapes, lab(PRODUCTS, {"skipped": skipped, "shapes": shapes}), strict=True):
        for way in ways:
            np.testing.assert_allclose(
                np.reshape(way, (n, m)), np.reshape(a, (n, k)) @ np.reshape(b, (k, m)), atol=1e-12
            )


def test_a_browser_with_vectors_has_both_kernels(lab):
    bytes_of = "Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))"
    found = lab(f"return labData.kernels.map((text) => WebAssembly.validate({bytes_of}) && {bytes_of}.length)")
    assert found == [len(kernel.module(fused)) for fused in (True, False)]


@pytest.fixture(scope="module")
def golden():
    """Networks of `winit`, with everything that goes in and out of each layer: by activation and batch norm."""
    return {(name, bn): one_network(name, bn) for name in winit.ACTIVATIONS for bn in (False, True)}


def one_network(activation, bn):
    rng = np.random.default_rng(7)
    parameters = network.init(WIDTHS, initializer="lecun_normal", bias=0.1, batch_norm=bn, rng=rng, dtype=np.float64)
    for gamma in parameters.gammas:
        gamma[:] = rng.uniform(0.5, 1.5, gamma.shape)
    x, top = rng.standard_normal((BATCH, WIDTHS[0])), rng.standard_normal((1, BATCH, WIDTHS[-1]))
    trace = network.forward(parameters, x, activation=activation)
    gradient, deltas = network.backward(parameters, trace, top)
    hidden = []
    for l in range(len(WIDTHS) - 2):
        slope = winit.ACTIVATIONS[activation].df(trace.z[l])
        arrays = trace.linear[l], slope, trace.h[l], deltas[l], gradient.weights[l] / BATCH
        statistics = measure.layer_statistics(winit.ACTIVATIONS[activation], *arrays)
        hidden.append(
            {
                "W": parameters.weights[l][0].tolist(),
                "beta": parameters.biases[l][0].tolist(),
                "gamma": parameters.gammas[l][0].tolist() if bn else None,
                "h0": np.reshape(trace.inputs[l], (BATCH, -1)).tolist(),
                "above": {"W": parameters.weights[l + 1][0].tolist(), "delta": deltas[l + 1][0].tolist()},
                "z": trace.linear[l][0].tolist(),
                "h": trace.h[l][0].tolist(),
                "delta": deltas[l][0].tolist(),
                "gradient": gradient.weights[l][0].tolist(),
                "statistics": {name: float(value[0]) for name, value in statistics.items()},
            }
        )
    return hidden


LAYER = """
    return given.map(({ activation, bn, widths, batch, layer, l }) => {
        const shape = { batch, inputs: widths[l], outputs: widths[l + 1], activation, norm: bn };
        const above = { batch, inputs: widths[l + 1], outputs: widths[l + 2] };
        const beta = array(layer.beta), gamma = bn ? array(layer.gamma) : null, h0 = array(layer.h0);
        const pass = networks.forward(h0, array(layer.W), { ...shape, beta, gamma });
        const back = networks.descend(array(layer.above.delta), array(layer.above.W), above);
        const down = networks.backward(back, h0, pass, shape);
        const statistics = { ...networks.measureForward(pass, shape), ...networks.measureBackward(down, shape) };
        return { z: [...pass.z], h: [...pass.h], delta: [...down.delta], gradient: [...down.gradient], statistics };
    });
"""


def test_layers_forward_and_backward(lab, golden):
    cases = [
        {"activation": name, "bn": bn, "widths": WIDTHS, "batch": BATCH, "layer": layer, "l": l}
        for (name, bn), hidden in golden.items()
        for l, layer in enumerate(hidden)
    ]
    for case, mine in zip(cases, lab(LAYER, cases), strict=True):
        for name in ("z", "h", "delta", "gradient"):
            close(mine[name], case["layer"][name])
        for name, value in mine["statistics"].items():
            close(value, case["layer"]["statistics"][name])


def test_end_to_end_where_nothing_is_chaotic(lab):
    """The same weights through a whole network: `winit.propagate` and the lab, where χ ≤ 1.3."""
    for name, initializer in (("tanh", "glorot_normal"), ("relu", "he_normal"), ("sigmoid", "standard_normal")):
        rng = np.random.default_rng(3)
        run = winit.propagate([20] * 13, activation=name, initializer=initializer, rng=rng, batch=10)
        rng, init = np.random.default_rng(3), winit.INITIALIZERS[initializer]
        x = rng.standard_normal((10, 20))
        weights = [init((20, 20), rng=rng) for _ in range(12)]
        top = rng.standard_normal((10, 20))
        mine = lab(
            """
            const shape = { batch: 10, inputs: 20, outputs: 20, activation: given.name }, passes = [];
            let h = array(given.x), back = array(given.top);
            const weights = given.weights.map(array), found = [];
            for (const W of weights) passes.push(networks.forward(h, W, shape)), h = passes.at(-1).h;
            for (let l = weights.length - 1; l >= 0; l--) {
                const down = networks.backward(back, l ? passes[l - 1].h : array(given.x), passes[l], shape);
                const forward = networks.measureForward(passes[l], shape);
                found.unshift({ ...forward, ...networks.measureBackward(down, shape) });
                back = networks.descend(down.delta, weights[l], shape);
            }
            return found;
            """,
            {"name": name, "x": x.tolist(), "top": top.tolist(), "weights": [W.tolist() for W in weights]},
        )
        for statistic in mine[0]:
            close([layer[statistic] for layer in mine], getattr(run, statistic))


def test_rms_of_numbers_whose_squares_overflow(lab):
    sizes = lab(
        "return given.map((size) => networks.measureForward({ z: array([size, -size]), y: array([1, 1]), "
        "h: array([size, -size]) }, { batch: 2, outputs: 1, activation: 'relu' }).z_rms)",
        [1e200, 1e-200, 0, 3],
    )
    assert sizes == pytest.approx([1e200, 1e-200, 0, 3], rel=1e-12)


@pytest.mark.parametrize("activation", winit.ACTIVATIONS)
def test_theory(lab, activation):
    depth, width = 12, 64
    for initializer, gain in THEORY:
        state = {"depth": depth, "width": width, "batch": 32, "activation": activation, "bn": 0}
        state |= {"initializer": initializer, "gain": gain}
        sizes, spreads = lab("return [theory.sizes(given), theory.spreads(given)]", state)
        sigma = gain * winit.INITIALIZERS[initializer].std((width, width)) * width**0.5
        lengths = meanfield.length_map(activation, sigma_w=sigma, depth=depth)
        slopes = np.array([moments.slope_moment(activation, q) for q in lengths])
        squares = np.array([1, *(moments.second_moment(activation, q) for q in lengths[:-1])])
        delta = slopes * np.cumprod(np.append(1, (sigma**2 * slopes)[:0:-1]))[::-1]
        close(np.square(sizes["z_rms"]), lengths, 1e-4)
        close(np.square(sizes["delta_rms"]), delta, 1e-4)
        close(np.square(sizes["weight_grad_rms"]), squares * delta / 32, 1e-4)
        close(sizes["chi"], sigma**2 * slopes[-1], 1e-4)
        apart = 1 - meanfield.correlation_map(activation, sigma_w=sigma, depth=depth, c0=0)
        seen = apart > 1e-10  # below, 1 - c has lost its digits
        close(np.array(spreads["distances"])[seen], apart[seen], 1e-4)


def test_theory_of_the_spread(lab):
    """The mean over units of their standard deviation, by brute force over the common and the own part of z."""
    own, common = np.linspace(-8, 8, 1601), np.linspace(-8, 8, 1001)[:, None]
    density, outer = (np.exp(-(g**2) / 2) / np.exp(-(g**2) / 2).sum() for g in (own, common[:, 0]))
    for activation in ("tanh", "relu", "gelu", "softsign"):
        for q, d in ((1.4, 0.3), (0.2, 0.9), (30, 0.05)):
            h = winit.ACTIVATIONS[activation].f(np.sqrt(q * (1 - d)) * common + np.sqrt(q * d) * own)
            variance = np.maximum((h**2 @ density) - (h @ density) ** 2, 0)
            found = lab("return theory.between(...given)", [activation, q, d])
            assert found["variance"] == pytest.approx(outer @ variance, rel=2e-4)
            assert found["deviation"] == pytest.approx(outer @ np.sqrt(variance), rel=2e-4)


@pytest.mark.parametrize("activation", winit.ACTIVATIONS)
def test_theory_of_inputs_that_are_nearly_equal(lab, activation):
    """Their difference sees the slope alone; just above and below the width where that is taken for granted."""
    for d in (1e-9, 1e-11, 1e-13, 1e-40):
        found = lab("return theory.between(...given)", [activation, 1.7, d])
        assert found["variance"] == pytest.approx(1.7 * d * moments.slope_moment(activation, 1.7), rel=2e-4)


@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
def test_theory_with_batch_norm(lab, activation):
    state = {"depth": 6, "width": 400, "batch": 500, "activation": activation, "initializer": "he_normal", "gain": 0.5}
    sizes, spreads = lab("return [theory.sizes(given), theory.spreads(given)]", state | {"bn": 1})
    run = winit.propagate(
        [400] * 7,
        activation=activation,
        initializer=winit.VarianceScaling(2 * 0.5**2),
        batch=500,
        batch_norm=True,
        rng=np.random.default_rng(0),
    )
    for name, line in (sizes | spreads).items():
        if name in ("z_rms", "across_sample_std", "delta_rms", "weight_grad_rms"):
            np.testing.assert_allclose(line, getattr(run, name), rtol=0.05, err_msg=name)


def sfc32(*seeds):
    """The 32 bits of each step, and how far they are from 0 to 1: the generator of PractRand (Chris Doty-Humphrey)."""
    a, b, c, counter = 0x9E3779B9, 0x243F6A88, 0xB7E15162, 1

    def bits():
        nonlocal a, b, c, counter
        total = (a + b + counter) % 2**32
        a, b, c = b ^ (b >> 9), (c + (c << 3)) % 2**32, (((c << 21) | (c >> 11)) + total) % 2**32
        counter += 1
        return total

    for seed in seeds:
        a ^= seed
        for _ in range(12):
            bits()
    return bits


def test_a_seed_gives_the_same_numbers_in_every_version(lab):
    """An address holds the seed of a network: what it opens must stay what it was."""
    bits = sfc32(3, 1, 7)
    uniform = [(bits() + 0.5) / 2**32 for _ in range(6)]
    normal = []
    while len(normal) < 202:
        x, y = (bits() / 2**31 - 1 for _ in range(2))
        if 0 < (square := x * x + y * y) < 1:
            factor = (-2 * np.log(square) / square) ** 0.5
            normal += [x * factor, y * factor]
    drawn = lab(
        "const random = numerics.generator(3, 1, 7), times = (length, name) => Array.from({ length }, random[name]);"
        "return [times(6, 'uniform'), times(101, 'normal'), [...random.normals(99)]];"
    )
    close(drawn[0], uniform, 1e-12)
    close(drawn[1] + drawn[2], [*normal[:101], *normal[102:201]], 1e-12)


MEDIAN = "const delta = array(given); return networks.measureBackward({ delta, gradient: delta }, {}).delta_median;"


@pytest.mark.parametrize("size", [1, 2, 3, 10, 501, 1000])
@pytest.mark.parametrize("factor", [1, 1e-310, 1e300])
def test_a_median(lab, size, factor):
    values = np.random.default_rng(6).standard_normal(size) * factor
    values[::3] = 0
    assert lab(MEDIAN, values.tolist()) == np.median(np.abs(values))


@pytest.mark.parametrize("values", [[1, -np.inf, np.inf], [np.inf, 2], [np.nan, 1, 2], [-0.0]])
def test_a_median_beyond_all_numbers(lab, values):
    np.testing.assert_equal(lab(MEDIAN, values), np.median(np.abs(values)))


def test_every_order_is_as_likely(lab):
    orders = lab(
        "const random = numerics.generator(8); return given.map((size) => [...numerics.permutation(size, random)]);",
        [4] * 6000 + [1, 1500],
    )
    assert orders[-2] == [0] and sorted(orders[-1]) == list(range(1500)) != orders[-1]
    kinds, counts = np.unique(orders[:6000], axis=0, return_counts=True)
    assert len(kinds) == 24 and np.abs(counts - 250).max() < 5 * 250**0.5


def test_a_histogram_counts_what_lies_between_its_edges(lab):
    values = np.random.default_rng(4).standard_normal(500)
    counts = lab("return [...networks.histogram(array(given), -1.5, 2, 7)];", [*values, -1.5, 2, -1.6, 2.1])
    inside = [*values, -1.5, 2]
    assert counts == np.histogram(inside, bins=7, range=(-1.5, 2))[0].tolist()


@pytest.mark.parametrize("units, count", [(12, 5), (5, 5), (3, 8)])
def test_a_glimpse_is_of_evenly_chosen_units(lab, units, count):
    values = np.random.default_rng(5).standard_normal((6, units))
    seen = lab(
        "const { one, sizes, spreads } = networks.glimpse(array(given.values), 6, given.units, given.count);"
        "return [one, sizes, spreads].map((list) => [...list]);",
        {"values": values.tolist(), "units": units, "count": count},
    )
    chosen = values[:, {12: [1, 3, 6, 8, 10], 5: range(5), 3: range(3)}[units]]
    close(seen[0], np.abs(chosen[0]))
    close(seen[1], np.sqrt((chosen**2).mean(axis=0)))
    close(seen[2], chosen.std(axis=0))


NETWORK = """
    return given.map((lane) => networks.network(lane).layers.map((layer) => ({
        ...layer, W: [...layer.W], beta: [...layer.beta], gamma: layer.gamma && [...layer.gamma],
        running: [[...layer.mean], [...layer.variance]],
    })));
"""


def test_a_lane_of_the_race_starts_as_its_controls_say(lab):
    lane = {"widths": [80, 60, 50, 10], "activation": "tanh", "initializer": "glorot_uniform", "gain": 1.5, "seed": 2}
    plain, normed = lab(NETWORK, [lane | {"distribution": "uniform", "bn": bn} for bn in (0, 1)])
    for l, (layer, norm) in enumerate(zip(plain, normed, strict=True)):
        shape = lane["widths"][l : l + 2]
        std = 1.5 * winit.INITIALIZERS["glorot_uniform"].std(shape)
        assert np.std(layer["W"]) == pytest.approx(std, rel=5 * (0.8 / 4 / np.prod(shape)) ** 0.5)
        assert np.abs(layer["W"]).max() <= 3**0.5 * std * (1 + 1e-12)
        assert layer["W"] == norm["W"], "batch norm draws nothing else"
        assert [layer["inputs"], layer["outputs"], len(layer["W"])] == [*shape, np.prod(shape)]
        assert layer["activation"] == norm["activation"] == ("linear" if l == 2 else "tanh")
        assert layer["beta"] == norm["beta"] == [0] * shape[1]
        assert not layer["norm"] and layer["gamma"] is None
        ones = [1] * shape[1] if l < 2 else None
        assert (norm["norm"], norm["gamma"]) == (l < 2, ones)
        assert norm["running"] == [[0] * shape[1], ones] if ones else [[], []]
    assert plain[0]["W"][:500] != plain[1]["W"][:500]


DRAW = """
    const draw = (l) => numerics.draw(given.name, given.law, ...given.shape, numerics.generator(given.seed, l));
    const mean = (f) => W.reduce((sum, _, i) => sum + f(i), 0) / W.length;
    const W = draw(0), again = draw(0), other = draw(1);
    return {
        factor: numerics.scale(given.name, given.gain, ...given.shape), W: given.whole && [...W],
        mean: mean((i) => W[i]), square: mean((i) => W[i] ** 2), fourth: mean((i) => W[i] ** 4),
        largest: W.reduce((most, w) => Math.max(most, Math.abs(w)), 0),
        same: again.every((w, i) => w === W[i]), product: mean((i) => W[i] * other[i]),
    };
"""
LAWS = ("normal", "uniform", "truncated_normal")


def test_draws_have_the_promised_law(lab):
    shape, expected = (200, 100), {"normal": (3, np.inf), "uniform": (1.8, 3**0.5), "truncated_normal": (2.365, 2.2737)}
    for name, row in winit.INITIALIZERS.items():
        for law in LAWS if hasattr(row, "distribution") or isinstance(row, winit.Normal) else LAWS[:1]:
            drawn = lab(DRAW, {"name": name, "law": law, "gain": 1.5, "shape": shape, "seed": 5})
            n = np.prod(shape)
            if isinstance(row, winit.Constant):
                assert drawn["factor"] == 1.5 * row.value
                continue
            assert drawn["factor"] == pytest.approx(1.5 * row.std(shape), rel=1e-12)
            kurtosis, bound = expected[law]
            assert abs(drawn["mean"]) < 5 / n**0.5
            assert drawn["square"] == pytest.approx(1, abs=5 * ((kurtosis - 1) / n) ** 0.5)
            if not isinstance(row, winit.Orthogonal):
                assert drawn["fourth"] == pytest.approx(kurtosis, abs=0.2)
                assert drawn["largest"] <= bound
            assert drawn["same"]
            assert abs(drawn["product"]) < 5 / n**0.5


@pytest.mark.parametrize("shape", [(6, 6), (9, 4), (4, 9), (150, 130)])
def test_orthogonal_draws(lab, shape):
    drawn = lab(DRAW, {"name": "orthogonal", "law": "normal", "gain": 1, "shape": shape, "seed": 2, "whole": True})
    W = drawn["factor"] * np.reshape(drawn["W"], shape)
    product = W.T @ W if shape[0] >= shape[1] else W @ W.T
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-12)


def test_orthogonal_draws_favour_no_direction(lab):
    """Haar's law: every entry of a 3 × 3 matrix has mean 0 and mean square 1/3, and the determinant both signs."""
    drawn = lab(
        "return given.map((seed) => [...numerics.draw('orthogonal', 'normal', 3, 3, numerics.generator(seed, 0))])",
        list(range(3000)),
    )
    Q = np.reshape(drawn, (-1, 3, 3)) / 3**0.5
    assert np.abs(Q.mean(axis=0)).max() < 5 * (1 / 3 / 3000) ** 0.5
    assert np.abs((Q**2).mean(axis=0) - 1 / 3).max() < 5 * (4 / 45 / 3000) ** 0.5
    assert abs((np.linalg.det(Q) > 0).mean() - 0.5) < 5 * 0.5 / 3000**0.5
    turned = np.sign(np.linalg.det(Q))[:, None, None] * Q  # rotations alone, whose entries have mean 0 as well
    assert np.abs(turned.mean(axis=0)).max() < 5 * (1 / 3 / 3000) ** 0.5


def test_digits(lab):
    mine = lab("""return networks.digits().then(({ x, y, testX, testY }) => {
        const whole = (list) => list.join(" "); // one string is read faster than a hundred thousand numbers
        return [x, y, testX, testY].map(whole);
    });""")
    for text, theirs in zip(mine, winit.data.digits(rng=np.random.default_rng(0)), strict=True):
        assert np.array_equal(np.array(text.split(), float), np.ravel(theirs))


STEPS = """
    const { layers } = given;
    const net = { layers: layers.map((layer, l) => ({
        inputs: layer.W.length, outputs: layer.W[0].length, W: array(layer.W), beta: array(layer.beta),
        norm: Boolean(layer.gamma), gamma: layer.gamma && array(layer.gamma),
        mean: new Float64Array(layer.W[0].length), variance: new Float64Array(layer.W[0].length).fill(1),
        activation: l < layers.length - 1 ? given.activation : "linear",
    })) };
    const losses = given.batches.map(({ x, y }) => networks.step(net, array(x), Uint8Array.from(y), given.rate));
    const accuracy = networks.accuracy(net, array(given.batches[0].x), Uint8Array.from(given.batches[0].y));
    return { losses, accuracy, W: net.layers.map(({ W }) => [...W]), beta: net.layers.map(({ beta }) => [...beta]),
        running: net.layers.map(({ mean, variance }) => [[...mean], [...variance]]) };
"""


@pytest.mark.parametrize("bn", [False, True])
@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
def test_training(lab, activation, bn):
    rng, rate = np.random.default_rng(11), 0.2
    parameters = network.init((7, 6, 5, 4), initializer="he_normal", batch_norm=bn, rng=rng, dtype=np.float64)
    given = {
        "activation": activation,
        "rate": rate,
        "layers": [
            {"W": W[0].tolist(), "beta": b[0].tolist(), "gamma": [1.0] * W.shape[2] if bn and l < 2 else None}
            for l, (W, b) in enumerate(zip(parameters.weights, parameters.biases))
        ],
        "batches": [
            {"x": rng.standard_normal((12, 7)).tolist(), "y": rng.integers(4, size=12).tolist()} for _ in range(4)
        ],
    }
    losses = []
    for batch in given["batches"]:
        trace = network.forward(parameters, np.array(batch["x"]), activation=activation)
        loss, delta = network.cross_entropy(trace.z[-1], np.array(batch["y"]))
        gradient, _ = network.backward(parameters, trace, delta)
        parameters.flat[:] -= rate * gradient.flat
        losses.append(float(loss[0]))
    mine = lab(STEPS, given)
    close(mine["losses"], losses)
    for l, (W, b) in enumerate(zip(parameters.weights, parameters.biases)):
        close(mine["W"][l], W)
        close(mine["beta"][l], b)
    for l, (mean, variance) in enumerate(parameters.running):
        close(mine["running"][l], [mean[0], variance[0]])
    first = given["batches"][0]
    trace = network.forward(parameters, np.array(first["x"]), activation=activation, train=False)
    assert mine["accuracy"] == pytest.approx((trace.z[-1][0].argmax(axis=1) == first["y"]).mean())


def test_batch_norm_without_a_scale_and_a_shift_has_those_of_one_and_zero(lab):
    plain, told = lab(
        "const shape = { batch: 4, inputs: 3, outputs: 2, activation: 'tanh', norm: true };"
        "const pass = (more) => [...networks.forward(array(given[0]), array(given[1]), { ...shape, ...more }).h];"
        "return [pass({}), pass({ gamma: array([1, 1]), beta: array([0, 0]) })];",
        [np.random.default_rng(9).standard_normal(size).tolist() for size in (12, 6)],
    )
    assert plain == told and abs(sum(plain)) < 1


def test_accuracy_counts_every_sample(lab):
    """Three samples that are their own logits; in the second case only the first is right."""
    shares = lab(
        "const layer = { W: array(given), beta: array([0, 0, 0]), inputs: 3, outputs: 3, activation: 'linear' };"
        "return [[0, 1, 2], [0, 2, 1]].map((labels) => networks.accuracy({ layers: [layer] }, array(given), labels));",
        np.eye(3).tolist(),
    )
    assert shares == pytest.approx([1, 1 / 3])
