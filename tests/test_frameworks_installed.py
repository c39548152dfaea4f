"""What the appendix says about the frameworks is what the installed ones do."""

import inspect
import math
import re
from importlib import import_module

import numpy as np
import pytest
from winit_book.appendices.tables import data

from winit import INITIALIZERS
from winit.frameworks import CALLS

DATA = data("frameworks")
MODULES = {"PyTorch": "torch", "Keras": "keras", "JAX": "jax", "Flax": "flax", "scikit-learn": "sklearn"}
LAYERS = ("PyTorch", "Keras", "Flax")
N, M, H, D, K = 300, 200, 160, 128, 3  # fan-in, units, units of a gate, size of an embedding, side of a kernel
WORDS = 1000


def law(text, **sizes):
    """The kind and the parameter of a law as the table writes it: ("U", limit), ("N", variance), ("T", variance)."""
    match = re.fullmatch(r"U\(±(.+)\)|([NT])\(0, (.+)\)", text)
    if not match:
        return text, None
    formula = re.sub(r"√(\w+)", r"√(\1)", match[1] or match[3]).replace("√", "sqrt")
    formula = re.sub(r"(\d)([a-z])", r"(\1*\2)", formula)
    return match[2] or "U", eval(formula, {"sqrt": math.sqrt, **sizes})


def follows(w, text, **sizes):
    """Whether the numbers of `w` come from the law: standard deviation within 5 errors, no value beyond the limit."""
    kind, parameter = law(text, **sizes)
    w = np.asarray(w, dtype=np.float64)
    if kind == "0":
        return not w.any()
    if kind == "orthogonal":
        return np.allclose(w @ w.T, np.eye(len(w)), atol=1e-4)
    std = {"U": parameter / math.sqrt(3), "N": math.sqrt(parameter), "T": math.sqrt(parameter)}[kind]
    kurtosis = {"U": 1.8, "N": 3.0, "T": 2.4}[kind]
    limit = {"U": parameter, "N": math.inf, "T": 2 * std / 0.8796}[kind]
    near = math.isclose(np.abs(w).max(), limit, rel_tol=0.03) if kind != "N" else np.abs(w).max() > 3 * std
    error = std * math.sqrt((kurtosis - 1) / (4 * w.size))
    return abs(w.std() - std) < 5 * error and np.abs(w).max() <= limit * (1 + 1e-5) and near


def test_a_neighbour_does_not_follow():
    rng = np.random.default_rng(0)
    w = INITIALIZERS["glorot_uniform"]((N, M), rng=rng)
    assert follows(w, "U(±√(6/(n+m)))", n=N, m=M)
    for wrong in ("U(±1/√n)", "T(0, 1/n)", "N(0, 2/n)", "0", "orthogonal"):
        assert not follows(w, wrong, n=N, m=M)
    assert law("U(±√(6/4n))", n=150) == ("U", 0.1)


def torch_weights(nn):
    conv, lstm = nn.Conv2d(N // K, M, K), nn.LSTM(N, H)
    return [
        nn.Linear(N, M).weight.T,
        nn.Linear(N, 5000).bias,
        (conv.weight, {"n": N // K * K * K}),
        nn.Embedding(WORDS, D).weight,
        lstm.weight_ih_l0,
        lstm.weight_hh_l0,
        (nn.MultiheadAttention(N, 4).in_proj_weight[:N], {"n": N, "m": N}),
    ]


def keras_weights(layers):
    def built(layer, *shapes):
        layer.build(*shapes)
        return [np.asarray(weights) for weights in layer.get_weights()]

    dense, lstm = built(layers.Dense(M), (1, N)), built(layers.LSTM(H), (1, 5, N))
    query = built(layers.MultiHeadAttention(4, N // 4), (1, 5, N), (1, 5, N))[0].reshape(N, -1)
    return [
        dense[0],
        dense[1],
        (built(layers.Conv2D(M, K), (1, 9, 9, N // K))[0], {"n": N * K, "m": M * K * K}),
        built(layers.Embedding(WORDS, D), (1, 5))[0],
        lstm[0],
        lstm[1],
        (query, {"n": N, "m": N}),
    ]


def flax_weights(nnx):
    rngs = nnx.Rngs(0)
    dense = nnx.Linear(N, M, rngs=rngs)
    lstm = nnx.OptimizedLSTMCell(N, H, rngs=rngs)
    attention = nnx.MultiHeadAttention(num_heads=4, in_features=N, decode=False, rngs=rngs)
    return [
        dense.kernel[...],
        dense.bias[...],
        (nnx.Conv(N // K, M, (K, K), rngs=rngs).kernel[...], {"n": N * K}),
        nnx.Embed(WORDS, D, rngs=rngs).embedding[...],
        lstm.dense_i.kernel[...],
        lstm.dense_h.kernel[...],
        attention.query.kernel[...],
    ]


WEIGHTS = {
    "PyTorch": lambda: torch_weights(import_module("torch.nn")),
    "Keras": lambda: keras_weights(import_module("keras.layers")),
    "Flax": lambda: flax_weights(import_module("flax.nnx")),
}


@pytest.mark.peers
@pytest.mark.parametrize("framework", LAYERS)
def test_layers_draw_what_the_table_says(framework):
    sizes = {"n": N, "m": M, "h": H, "d": D}
    for row, drawn in zip(DATA["layers"], WEIGHTS[framework](), strict=True):
        w, own = drawn if isinstance(drawn, tuple) else (drawn, {})
        w = w.detach().numpy() if hasattr(w, "detach") else w
        assert follows(w, row[framework], **sizes | own), f"{row['en']}: not {row[framework]}"


@pytest.mark.parametrize("row", DATA["classifiers"], ids=lambda row: row["activation"])
def test_scikit_learn_draws_what_the_table_says(row):
    from sklearn.neural_network import MLPRegressor

    settings = {"max_iter": 1, "random_state": 0, "learning_rate_init": 1e-12}
    net = MLPRegressor(hidden_layer_sizes=(M,), activation=row["activation"], **settings)
    rng = np.random.default_rng(0)
    with pytest.warns(match="Maximum iterations"):
        net.fit(rng.standard_normal((200, N)), rng.standard_normal(200))
    assert follows(net.coefs_[0], row["law"], n=N, m=M)
    assert np.abs(net.intercepts_[0]).max() <= law(row["law"], n=N, m=M)[1] * (1 + 1e-6)


SIGNATURES = [pytest.param(name, text, id=text) for row in DATA["signatures"] for name, text in row.items()]


@pytest.mark.peers
@pytest.mark.parametrize("framework, text", SIGNATURES)
def test_defaults_of_arguments(framework, text):
    path, _, arguments = text.rstrip(")").partition("(")
    framework = "Flax" if path.startswith("nnx.") else framework
    found = import_module(f"{MODULES[framework]}.{path.rpartition('.')[0]}")
    called = getattr(found, path.rpartition(".")[2])
    signature = inspect.signature(called.__init__ if inspect.isclass(called) else called)
    for argument in arguments.split(", "):
        name, _, value = argument.partition("=")
        assert signature.parameters[name].default == eval(value), f"{name} is {signature.parameters[name].default!r}"


CALLED = [
    pytest.param(framework, name, call, id=f"{name}-{framework}")
    for name, calls in CALLS.items()
    for framework, call in zip(("PyTorch", "Keras", "JAX"), calls)
    if call is not None
]


@pytest.mark.peers
@pytest.mark.parametrize("framework, name, call", CALLED)
def test_a_call_draws_the_std_of_its_row(framework, name, call):
    shape = (N, M)
    if framework == "PyTorch":
        import torch

        w = torch.empty(*reversed(shape))
        w = eval(call, {"w": w, **vars(import_module("torch.nn.init"))}).numpy().T
    elif framework == "Keras":
        w = np.asarray(eval(call, vars(import_module("keras.initializers")).copy())(shape))
    else:
        import jax

        w = np.asarray(eval(call, vars(import_module("jax.nn.initializers")).copy())(jax.random.key(0), shape))
    promised = INITIALIZERS[name].std(shape)
    assert w.shape == shape and abs(w.std() - promised) <= 5 * promised / math.sqrt(2 * w.size) + 1e-12


@pytest.mark.parametrize(
    "framework", [pytest.param(name, marks=[pytest.mark.peers] * (name != "scikit-learn")) for name in MODULES]
)
def test_the_versions_are_those_of_the_table(framework):
    installed = import_module(MODULES[framework]).__version__
    cure = f"{framework} {installed} is installed: read its changes, then the table"
    assert installed.split(".")[:2] == DATA["versions"][framework].split("."), cure
