"""Every entrance refuses what it cannot take, by argument, value and choices and before anything is drawn or done, and
converts what it takes: which kind of number stands among the arguments changes no dtype and no bit.
"""

import dataclasses
import inspect
import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

import winit
from winit import (
    INITIALIZERS,
    RBM,
    Activation,
    Spec,
    data,
    layers,
    meanfield,
    moments,
    network,
    plotting,
    progress,
    rbm,
)
from winit.data import mini_batches

NAN, INF = math.nan, math.inf
X, ONE = np.linspace(-1, 1, 12).reshape(4, 3), np.ones(3)
V = np.array([[0, 1, 0], [1, 1, 0], [0.5, 0, 1], [1, 0, 0]])
LABELS = np.array([0, 1, 2, 1])
SETS = (X, LABELS, X, LABELS)
MACHINE = RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2))
TRACE = network.forward(network.init([3, 4, 3], initializer=1.0, rng=np.random.default_rng(0)), X, activation="tanh")
TRAINED = {"steps": 2, "batch": 2, "learning_rate": 0.1}


def axes():
    return Figure().subplots()


def parameters(**options):
    return network.init([3, 4, 3], initializer="he_normal", rng=np.random.default_rng(0), **options)


# One right call of every entrance: its arguments by name, made anew each time. `rng` is added where there is one.
CALLS = {
    "fans": (winit.fans, lambda: {"shape": (3, 4), "order": "in_out", "groups": 1}),
    "draw": (INITIALIZERS["he_truncated"], lambda: {"shape": (3, 4), "dtype": np.float32}),
    "draw uniform": (INITIALIZERS["he_uniform"], lambda: {"shape": (3, 4), "dtype": np.float32}),
    "draw normal": (winit.Normal(0.1), lambda: {"shape": (3, 4), "dtype": np.float32}),
    "draw constant": (winit.Constant(0.1), lambda: {"shape": (3, 4), "dtype": np.float32}),
    "draw orthogonal": (winit.Orthogonal(), lambda: {"shape": (3, 4), "dtype": np.float32}),
    "VarianceScaling": (winit.VarianceScaling, lambda: {"scale": 2.0, "fan": "in", "distribution": "normal"}),
    "Normal": (winit.Normal, lambda: {"sigma": 0.1}),
    "Constant": (winit.Constant, lambda: {"value": 0.1}),
    "Orthogonal": (winit.Orthogonal, lambda: {"gain": 1.1}),
    "Activation": (
        Activation,
        lambda: {"name": "sine", "f": np.sin, "df": np.cos, "kinks": (1.0,), "saturation": (-0.9, 0.9)},
    ),
    "batch_norm": (
        winit.batch_norm,
        lambda: {
            "x": X.astype(np.float32),
            "gamma": ONE,
            "beta": ONE,
            "eps": 0.1,
            "momentum": 0.3,
            "running": (np.zeros(3, np.float32), np.ones(3, np.float32)),
            "train": True,
        },
    ),
    "batch_norm_backward": (
        winit.batch_norm_backward,
        lambda: {"dy": X, "cache": winit.batch_norm(X.astype(np.float32), ONE, ONE)[1]},
    ),
    "dropout": (winit.dropout, lambda: {"h": X.astype(np.float32), "p": 0.3}),
    "dropout_backward": (
        layers.dropout_backward,
        lambda: {"dy": X.astype(np.float32), "mask": X > 0, "p": 0.3},
    ),
    "init": (
        network.init,
        lambda: {
            "widths": [3, 4, 3],
            "initializer": 0.3,
            "bias": 0.1,
            "n": 2,
            "batch_norm": True,
            "dtype": np.float32,
        },
    ),
    "forward": (
        network.forward,
        lambda: {
            "parameters": parameters(batch_norm=True),
            "x": X,
            "activation": "tanh",
            "train": True,
            "dropout": 0.3,
            "rngs": [np.random.default_rng(0)],
        },
    ),
    "backward": (
        network.backward,
        lambda: {"parameters": parameters(), "trace": TRACE, "delta": np.ones((1, 4, 3))},
    ),
    "cross_entropy": (network.cross_entropy, lambda: {"logits": X.astype(np.float32), "labels": LABELS}),
    "propagate": (
        winit.propagate,
        lambda: {
            "widths": [3, 4, 3],
            "activation": "tanh",
            "initializer": 0.3,
            "batch": 4,
            "batch_norm": True,
            "bias": 0.1,
        },
    ),
    "Spec": (
        Spec,
        lambda: {
            "widths": [3, 4, 3],
            "activation": "tanh",
            "initializer": 0.3,
            "bias": 0.1,
            "batch_norm": False,
            "dropout": 0.3,
            "seed": 1,
        },
    ),
    "train": (
        winit.train,
        lambda: {
            "specs": Spec([3, 4, 3]),
            "data": SETS,
            "steps": 2,
            "learning_rate": 0.1,
            "batch": 2,
            "weight_decay": 0.3,
            "optimizer": "sgd",
            "record": [0, 2],
        },
    ),
    "two_moons": (data.two_moons, lambda: {"n": 5, "noise": 0.1}),
    "digits": (data.digits, dict),
    "bars_and_stripes": (data.bars_and_stripes, lambda: {"size": 2}),
    "mini_batches": (mini_batches, lambda: {"samples": 5, "batch": 2, "steps": 3}),
    "RBM": (
        RBM,
        lambda: {"weights": np.zeros((3, 2), np.float32), "visible_bias": np.zeros(3), "hidden_bias": np.zeros(2)},
    ),
    "free_energy": (MACHINE.free_energy, lambda: {"v": V}),
    "hidden_probability": (MACHINE.hidden_probability, lambda: {"v": V}),
    "visible_probability": (MACHINE.visible_probability, lambda: {"h": V[:, :2]}),
    "contrastive_divergence": (MACHINE.contrastive_divergence, lambda: {"v": V, "k": 1}),
    "start": (rbm.start, lambda: {"v": V, "hidden": 2, "dtype": np.float32}),
    "ascend": (
        rbm.ascend,
        lambda: {"rbm": rbm.start(V, 2, rng=np.random.default_rng(0), dtype=np.float32), "v": V, "k": 1, **TRAINED},
    ),
    "greedy_stack": (rbm.greedy_stack, lambda: {"v": V, "widths": [2, 2], "k": 1, **TRAINED}),
    "sweep": (winit.sweep, lambda: {"function": lambda x: x, "grid": {"x": [1, 2]}}),
    "bar": (lambda steps: list(progress.bar(steps)), lambda: {"steps": [1, 2]}),
    "second_moment": (moments.second_moment, lambda: {"activation": "tanh", "q": 0.3}),
    "mean": (moments.mean, lambda: {"activation": "sigmoid", "q": 0.3}),
    "slope_moment": (moments.slope_moment, lambda: {"activation": "tanh", "q": 0.3}),
    "gain": (moments.gain, lambda: {"activation": "tanh"}),
    "length_map": (
        meanfield.length_map,
        lambda: {"activation": "tanh", "sigma_w": 1.1, "sigma_b": 0.1, "depth": 2, "q0": 0.3},
    ),
    "correlation_map": (
        meanfield.correlation_map,
        lambda: {"activation": "tanh", "sigma_w": 1.1, "sigma_b": 0.1, "depth": 2, "q0": 0.3, "c0": 0.4},
    ),
    "fixed_point": (meanfield.fixed_point, lambda: {"activation": "tanh", "sigma_w": 1.1, "sigma_b": 0.1}),
    "chi": (meanfield.chi, lambda: {"activation": "tanh", "sigma_w": 1.1, "sigma_b": 0.1}),
    "critical_sigma_w": (meanfield.critical_sigma_w, lambda: {"activation": "tanh", "sigma_b": 0.1}),
    "initializer_style": (plotting.initializer_style, lambda: {"initializer": 0.1}),
    "activation_style": (plotting.activation_style, lambda: {"activation": "tanh"}),
    "plot_measured": (plotting.plot_measured, lambda: {"ax": axes(), "x": [1, 2], "values": [1, 2], "theory": [1, 2]}),
    "plot_layers": (
        plotting.plot_layers,
        lambda: {"ax": axes(), "runs": SimpleNamespace(z_rms=ONE), "statistic": "z_rms"},
    ),
    "plot_histograms": (
        plotting.plot_histograms,
        lambda: {"ax": axes(), "run": call("propagate"), "layers": [1], "bins": 3},
    ),
    "plot_losses": (plotting.plot_losses, lambda: {"ax": axes(), "history": SimpleNamespace(losses=np.ones((1, 3)))}),
    "label_lines": (plotting.label_lines, lambda: {"ax": axes()}),
}


def call(name, /, rng=None, **changes):
    function, options = CALLS[name]
    options = options()
    assert set(changes) <= {*options, "bias"}, "a name that the entrance does not know"
    if "rng" in inspect.signature(function).parameters:
        options["rng"] = np.random.default_rng(0) if rng is None else rng
    return function(**options | changes)


def own(draw):
    """An initializer of one's own."""
    return lambda shape, *, rng, dtype: draw(shape)


def writes(z):
    z[z < 0] = 0
    return z


@pytest.mark.parametrize("name", CALLS)
def test_the_right_call_is_right(name):
    call(name)


RANDOM = [name for name, (function, _) in CALLS.items() if "rng" in inspect.signature(function).parameters]


NO_GENERATORS = {
    "int": 0,
    "RandomState": np.random.RandomState(0),
    "module": np.random,
    "function": np.random.default_rng,
    "str": "0",
    "float": 0.5,
}


@pytest.mark.parametrize("rng", NO_GENERATORS.values(), ids=NO_GENERATORS)
@pytest.mark.parametrize("name", RANDOM)
def test_what_is_no_generator_is_told_what_to_pass(name, rng):
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, .*numpy.random.default_rng\(0\), got "):
        call(name, rng=rng)


@pytest.mark.parametrize("name", RANDOM)
def test_none_is_no_generator(name):
    function, options = CALLS[name]
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, .*, got None"):
        function(**options(), rng=None)


# Of each argument: what is no such thing, whichever entrance it belongs to.
KINDS = {
    "number": (["a", None, True, NAN, INF, 1j, [0.1, 0.2], 10**400], "must be .*number"),
    "count": (["a", None, True, NAN, 0, -1, 1.5, 2.0, [1]], "must be .*integer"),
    "flag": (["no", "True", None, 1, 0.0, [True]], "must be True or False"),
    "sequence": ([3, 1.0, None, True, "12", {1: 2}], "must be a sequence of"),
    "data": ([NAN * V, V - 2, 2 * V, V[:0], V[0], 3, "v", [[1], [0, 1]], 1j * V], "v must "),
    "signal": (["x", None, 3, 1j * X, X[0], X[:0], [[1], [0, 1]]], "must "),
    "initializer": ([winit.VarianceScaling, True, {}, np.tanh, np.zeros, "he"], "initializer"),
    "bias": ([winit.Normal, True, {}, np.tanh, np.zeros, "he"], "bias"),
    "activation": ([Activation, np.tanh, None, 3, "rleu"], "activation"),
}
ARGUMENTS = {
    "number": "scale sigma value gain eps momentum p dropout noise learning_rate weight_decay q sigma_w sigma_b q0 c0",
    "count": "groups n batch steps samples hidden k depth size",
    "flag": "batch_norm train",
    "sequence": "shape widths kinks saturation record layers grid rngs",
    "initializer": "initializer",
    "bias": "bias",
    "activation": "activation",
}
EXCEPT = {("propagate", "bias"), ("train", "record"), ("plot_histograms", "layers"), ("Activation", "saturation")}
LISTS = {("train", "learning_rate"), ("train", "weight_decay")}  # one for each spec
MOMENTS = {("second_moment", "q"), ("mean", "q"), ("slope_moment", "q")}  # arrays, too
WRONG = [
    pytest.param(name, argument, value, kind, id=f"{name}-{argument}-{value!r:.20}")
    for kind, names in ARGUMENTS.items()
    for name, (_, options) in CALLS.items()
    for argument in options()
    if argument in names.split() and (name, argument) not in MOMENTS
    for value in KINDS[kind][0]
    if not (value is None and (name, argument) in EXCEPT)
    and not (argument == "grid" and isinstance(value, dict))
    and not (isinstance(value, list) and (name, argument) in LISTS)
    and name != "bar"
] + [
    pytest.param(name, argument, value, kind, id=f"{name}-{argument}-{i}")
    for kind, places in {
        "data": [("start", "v"), ("ascend", "v"), ("greedy_stack", "v"), ("contrastive_divergence", "v")],
        "signal": [
            ("batch_norm", "x"),
            ("batch_norm_backward", "dy"),
            ("forward", "x"),
            ("backward", "delta"),
            ("cross_entropy", "logits"),
            ("RBM", "weights"),
        ],
    }.items()
    for name, argument in places
    for i, value in enumerate(KINDS[kind][0])
]


@pytest.mark.parametrize(("name", "argument", "value", "kind"), WRONG)
def test_the_wrong_kind_is_named(name, argument, value, kind):
    rng = np.random.default_rng(0)
    with pytest.raises((TypeError, ValueError)) as caught:
        call(name, rng=rng, **{argument: value})
    message = str(caught.value)
    assert argument in message and len(message) < 500 and " at 0x" not in message
    if kind not in ("data", "signal"):
        assert " got " in message or "unknown" in message or "one entry" in message
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state, "drawn before it was checked"


def wrong_spec(**options):
    return lambda: Spec([3, 4, 3], **options)


def trained(*sets, **changes):
    return lambda: call("train", data=sets or SETS, **changes)


def drawing(value):
    return [
        lambda: call("init", initializer=own(value)),
        lambda: call("propagate", initializer=["he_normal", own(value)]),
        lambda: call("train", specs=Spec([3, 4, 3], initializer=own(value))),
    ]


BN = Spec([3, 4, 3], batch_norm=True)
CASES = [
    # classes, functions and names in the place of objects
    (wrong_spec(initializer=winit.VarianceScaling), "initializer must be a name, .*got the class VarianceScaling"),
    (wrong_spec(activation=Activation), "activation must be a name or an Activation, got the class Activation"),
    (trained(specs=Spec), "each of specs must be a winit.specs.Spec, .*got the class Spec"),
    (trained(specs=3), "specs must be a sequence of Spec, or one, got 3"),
    (wrong_spec(initializer=np.zeros), r"initializer must be callable as init\(shape, rng=…, dtype=…\)"),
    (lambda: plotting.activation_style(np.tanh), "activation must be a name or an Activation, got <ufunc 'tanh'>"),
    (lambda: winit.VarianceScaling(2, "fan_in"), r"got 'fan_in' \(did you mean 'in'\?\)"),
    (lambda: winit.VarianceScaling(2, "in", "Normal"), r"got 'Normal' \(did you mean 'normal'\?\)"),
    (lambda: winit.VarianceScaling(2, None), "fan must be one of 'in', 'out', 'avg', got None"),
    (lambda: INITIALIZERS["he" * 300], "unknown initializer 'hehe.{80,150}; choose one of zeros"),
    (lambda: call("ascend", rbm=RBM), "rbm must be a winit.rbm.RBM, .*got the class RBM"),
    (lambda: call("forward", parameters=Spec([3, 3])), r"parameters must be a winit.network.Parameters, .*got Spec\("),
    (lambda: call("backward", trace=None), "trace must be a winit.network.Trace, .*got None"),
    (lambda: call("batch_norm_backward", cache=(1, 2)), r"cache must be a winit.layers.BatchNormCache, .*got \(1, 2\)"),
    # an initializer of one's own that draws what it should not
    *[
        (c, r"initializer .*returns must have shape \(\d, \d\), got \(1, \d\)")
        for c in drawing(lambda s: np.ones((1, s[1])))
    ],
    *[
        (c, "initializer .*returns must be finite in float.., got nan or inf")
        for c in drawing(lambda s: np.full(s, NAN))
    ],
    *[
        (c, "initializer .*returns must hold real numbers, got dtype complex")
        for c in drawing(lambda s: 1j * np.ones(s))
    ],
    *[(c, "initializer .*returns must hold real numbers, got dtype object") for c in drawing(lambda s: None)],
    (lambda: call("init", bias=own(lambda s: np.ones(s[1]))), r"bias .*returns must have shape \(3, 4\), got \(4,\)"),
    # an activation of one's own
    *[
        (
            lambda f=f: call("propagate", activation=Activation("mine", f, np.cos)),
            f"f of Activation\\('mine'\\) .*{text}",
        )
        for f, text in [
            (lambda z: z.sum(), r"must return .*got shape \(\)"),
            (lambda z: z[:1], r"must return .*got shape \(1, 3\)"),
            (np.sqrt, "must return an array of finite numbers"),
            (lambda z: z * 1j, "must return .*dtype complex"),
            (math.tanh, "must return .* raised TypeError"),
            (writes, "must leave its argument as it is, but writes into it"),
        ]
    ],
    (lambda: call("gain", activation=Activation("mine", np.sin, np.sum)), "df of Activation.*got shape"),
    (lambda: Activation("mine", np.sin, None), "df must be a function of an array, got None"),
    (lambda: Activation(np.sin, np.sin, np.cos), "name must be a .*str, got <ufunc 'sin'>"),
    (lambda: call("Activation", saturation=(1, -1)), r"saturation must be a pair \(low, high\), got \(1.0, -1.0\)"),
    (lambda: call("Activation", kinks=1.0), "kinks must be a sequence of numbers, got 1.0"),
    # data
    (trained(X, X, LABELS, LABELS), r"data must be .*, got the order of train_test_split"),
    (trained(X, LABELS), r"data must be a sequence of four arrays \(x_train, y_train, x_test, y_test\), got"),
    (trained(*SETS, X), r"data must be four arrays \(x_train, y_train, x_test, y_test\), got"),
    (trained(X, LABELS, X[:0], LABELS[:0]), r"x_test must have shape \(samples, 3\), none of them 0, got \(0, 3\)"),
    (trained(X, LABELS, X * NAN, LABELS), "x_test must be finite in float32"),
    (trained(X, LABELS + 0.5, X, LABELS), "y_train must be integers, got dtype float64"),
    (trained(X, LABELS.astype(str), X, LABELS), "y_train must be integers, got dtype <U"),
    (trained(X, np.eye(3, dtype=int)[LABELS], X, LABELS), r"y_train must have shape \(4,\), one label per sample"),
    (trained(X, LABELS + 1, X, LABELS), r"y_train must lie in 0 … 2, got 1 … 3"),
    (trained(specs=[Spec([3, 3]), Spec([4, 3])]), r"specs must all have the same .*\[\(3, 3\), \(4, 3\)\]"),
    (lambda: call("cross_entropy", labels=LABELS[:0]), "labels must"),
    (lambda: call("cross_entropy", labels=[[0], [1, 2]]), r"labels must be integers, got \[\[0\], \[1, 2\]\]"),
    (lambda: call("cross_entropy", logits=X[:, :1], labels=0 * LABELS), "logits must be of at least 2 classes"),
    (lambda: Spec([3, 4, 1]), r"widths must be .* n_L ≥ 2 classes, .*got \(3, 4, 1\)"),
    (lambda: call("forward", x=NAN * X), "x must be finite in float32"),
    (lambda: call("forward", x=np.ones((3, 4, 3))), r"x must have shape \(batch, units\) or \(1, batch, units\)"),
    (lambda: call("free_energy", v=NAN * V), "v must be finite"),
    (lambda: call("visible_probability", h=[[1j, 0]]), "h must hold real numbers, got dtype complex128"),
    (lambda: moments.expectation(np.tanh, -1), "q must be finite and at least 0, got -1"),
    # batches of one
    (trained(specs=BN, batch=1), "batch under batch norm must be an integer of at least 2, got 1"),
    (lambda: call("propagate", batch=1), "batch under batch norm must be an integer of at least 2, got 1"),
    (lambda: call("forward", x=X[:1]), "x must hold at least 2 samples under batch norm in training, got a batch of 1"),
    (lambda: call("batch_norm", x=X[:1]), "x must hold at least 2 samples in training, got a batch of 1"),
    # numbers, and what belongs to each of several
    (trained(learning_rate="a"), "learning_rate must be a finite number above 0 .*got 'a'"),
    (trained(learning_rate=0), "learning_rate must be a finite number above 0 .*got 0"),
    (trained(learning_rate=[0.1, 0.2]), "learning_rate must be one for all or have one entry for each of the 1 specs"),
    (trained(weight_decay=["0"]), "weight_decay must be a finite number of at least 0 .*got '0'"),
    (trained(record=5), "record must be a sequence of numbers of steps, got 5"),
    (trained(record=[1.0]), "each of record must be an integer of at least 0 and at most 2, got 1.0"),
    (trained(optimizer="adma"), r"optimizer must be one of 'sgd', 'adam', got 'adma' \(did you mean 'adam'\?\)"),
    (wrong_spec(seed=True), "seed must be an integer of at least 0, got True"),
    (wrong_spec(batch_norm="no"), "batch_norm must be True or False, got 'no'"),
    (wrong_spec(bias=["zeros"]), "bias must be one for all or have one entry for each of the 2 layers, got 1"),
    (lambda: call("propagate", initializer=["he_normal"] * 3), "initializer must be .* each of the 2 layers, got 3"),
    (lambda: call("forward", rngs=np.random.default_rng(0)), "rngs must be a sequence of 1 Generators"),
    (lambda: call("forward", rngs=[0]), "rngs must be a numpy.random.Generator, .*got 0"),
    (lambda: call("greedy_stack", widths=3), "widths must be a sequence of numbers of hidden units, got 3"),
    (lambda: call("start", dtype=np.float16), "dtype must be one of 'float64', 'float32', got 'float16'"),
    (lambda: call("draw", dtype="flaot"), "dtype must be a floating dtype, got 'flaot'"),
    (lambda: call("draw", dtype=None), "dtype must be a floating dtype, got None"),
    (lambda: call("bars_and_stripes", size=30), "size must be a positive integer and at most 16, got 30"),
    # grids and pictures
    (lambda: winit.sweep(call, {"x": 3}), r"grid\['x'\] must be a sequence of at least one value, got 3"),
    (lambda: winit.sweep(call, {"x": "abc"}), r"grid\['x'\] must be a sequence of at least one value, got 'abc'"),
    (lambda: winit.sweep(3, [1]), "function must be a function of a point, got 3"),
    (lambda: winit.sweep(call, [1], executor=2), "executor must be a concurrent.futures.Executor, got 2"),
    (lambda: call("bar", steps=3), "steps must be something to go through, got 3"),
    (lambda: call("plot_layers", statistic="zrms"), r"statistic must be one of 'z_rms', .*\(did you mean 'z_rms'\?\)"),
    (lambda: call("plot_layers", statistic=None), "statistic must be one of 'z_rms', .*got None"),
    (
        lambda: call("plot_layers", statistic="dead"),
        "runs must be a record or records with the field dead, got namespace",
    ),
    (
        lambda: call("plot_layers", runs=[3], statistic="dead"),
        r"runs must be a record or records with the field dead, got \[3\]",
    ),
    (lambda: call("plot_histograms", layers=3), "layers must be a sequence of numbers of layers, got 3"),
    (lambda: call("plot_histograms", layers=[3]), "layer must be a positive integer and at most 2, got 3"),
    (lambda: call("plot_histograms", run=None), "run must be a winit.Propagation, got None"),
    (lambda: call("plot_losses", history=None), "history must be a winit.History, got None"),
    (lambda: call("plot_measured", values=[1, 2, 3]), r"values must have shape \(..., 2\), got \(3,\)"),
    (lambda: call("plot_measured", values=np.ones((2, 2, 2))), r"values must have shape \(2,\) or \(seeds, 2\)"),
    (lambda: call("plot_measured", theory=[1]), r"theory must have shape \(2,\), got \(1,\)"),
    *[
        (lambda name=name: call(name, ax=None), "ax must be a matplotlib.axes.*Axes, .*got None")
        for name in CALLS
        if name.startswith(("plot_", "label_"))
    ],
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("wrong", "message"), CASES)
def test_the_message_says_it(wrong, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        wrong()
    assert " at 0x" not in str(caught.value) and len(str(caught.value)) < 600


def test_what_is_refused_has_changed_nothing():
    running = np.zeros(3), np.ones(3)
    read_only = np.ones(3)
    read_only.flags.writeable = False
    for changes in ({"x": X[:1]}, {"momentum": 2}, {"running": (running[0], read_only)}, {"train": 1}):
        with pytest.raises((TypeError, ValueError)):
            call("batch_norm", **{"running": running, **changes})
        assert not running[0].any() and (running[1] == 1).all()
    given = parameters(batch_norm=True)
    for changes in ({"rngs": []}, {"dropout": 1.0}, {"x": NAN * X}, {"x": X[:1]}):
        with pytest.raises((TypeError, ValueError)):
            call("forward", parameters=given, **changes)
        assert all(not mean.any() and (variance == 1).all() for mean, variance in given.running)


# Every number in the place of a Python number: the same bits come back, in the same dtypes.
NUMBERS = {
    "numpy scalars": {bool: np.bool_, int: np.int64, float: np.float64},
    "arrays without axes": {bool: np.array, int: np.array, float: np.array},
    "fractions": {float: Fraction},
}
KEPT = {"function", "runs", "history", "run", "ax", "x", "values", "theory"}


def written(value, kinds):
    """The numbers of an argument, also those in lists, as other kinds of numbers."""
    if type(value) in (list, tuple):
        return type(value)(written(entry, kinds) for entry in value)
    if isinstance(value, Spec):
        fields = [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
        return Spec(**{name: written(field, kinds) for name, field in fields})
    return kinds.get(type(value), lambda same: same)(value)


def bits(value):
    """What a result holds, to the bit."""
    if isinstance(value, (np.ndarray, np.generic)):
        return type(value).__name__, str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, (tuple, list)):
        return [*map(bits, value)]
    if dataclasses.is_dataclass(value):
        return [type(value), *map(bits, vars(value).values())]
    return repr(value) if isinstance(value, (bool, int, float, str)) else value


@pytest.mark.parametrize("kinds", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("name", [name for name in CALLS if not name.startswith(("plot", "label", "bar"))])
def test_which_kind_of_number_changes_nothing(name, kinds):
    _, options = CALLS[name]
    for bias in [{}] if "bias" not in options() else [{}, {"bias": [0.1, 0.2]}]:
        plain = {k: v for k, v in (options() | bias).items() if k not in KEPT or name in ("batch_norm", "forward")}
        again = {k: v for k, v in (options() | bias).items() if k in plain}
        other = {k: written(v, kinds) for k, v in again.items()}
        assert bits(call(name, **other)) == bits(call(name, **plain))
        assert bits(other.get("running", 0)) == bits(plain.get("running", 0))


def test_float32_stays_float32_whatever_the_rest_is():
    one, x = np.ones(3), X.astype(np.float32)
    y, cache = winit.batch_norm(x, one, one, eps=np.float64(0.1), running=(np.zeros(3), np.ones(3)))
    assert {a.dtype for a in (y, *winit.batch_norm_backward(X, cache))} == {np.dtype(np.float32)}
    sine = Activation("sine", lambda z: np.float64(0.5) * np.sin(z), lambda z: np.float64(0.5) * np.cos(z))
    trace = network.forward(parameters(), X, activation=sine)
    gradient, deltas = network.backward(parameters(), trace, np.ones((1, 4, 3)))
    assert {a.dtype for a in (*trace.h, *trace.z, *deltas, gradient.flat)} == {np.dtype(np.float32)}


def test_half_precision_is_summed_in_float32():
    x = np.full((4096, 2), 30, np.float16)  # a sum of 122,880, where float16 ends at 65,504
    x[::2] += 1
    y, cache = winit.batch_norm(x, np.ones(2), np.zeros(2), running=(mean := np.zeros(2), np.ones(2)), momentum=1)
    dx, dgamma, _ = winit.batch_norm_backward(x, cache)
    assert y.dtype == dx.dtype == np.float16 and np.isfinite(dgamma).all()
    np.testing.assert_allclose(mean, 30.5)
    np.testing.assert_allclose(np.abs(y), 1, rtol=1e-3)
    loss, _ = network.cross_entropy(np.zeros((1, 70_000), np.float16), [0])
    assert loss == pytest.approx(math.log(70_000), rel=1e-6)


def test_no_bias_is_zeros_at_every_entrance():
    assert Spec([3, 3], bias=None) == Spec([3, 3]) == Spec([3, 3], bias="zeros")
    assert bits(call("init", bias=None)) == bits(call("init", bias="zeros"))
    assert bits(call("propagate", bias=None)) == bits(call("propagate", bias="zeros"))


def test_a_spec_takes_an_array_of_deviations_for_its_layers():
    assert Spec([3, 3, 3], initializer=np.array([0.1, 0.2])) == Spec([3, 3, 3], initializer=[0.1, 0.2])
    assert Spec([3, 3, 3], initializer=np.array(0.1)) == Spec([3, 3, 3], initializer=0.1)


def test_propagate_takes_an_initializer_for_each_layer():
    listed = call("propagate", initializer=[0.3, "he_normal"], bias=[None, 0.2])
    assert bits(listed) != bits(call("propagate", initializer=0.3, bias=None))
    assert bits(call("propagate", initializer=[0.3] * 2, bias=[0.1] * 2)) == bits(call("propagate"))
