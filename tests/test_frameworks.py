"""What a page tells the reader to write draws the row that it stands beside."""

import math
import re
from functools import partial

import nbformat
import pytest
from page_sources import sources
from rows import assert_rows

from winit import INITIALIZERS, Constant, Normal, Orthogonal, VarianceScaling
from winit.frameworks import CALLS, DEFAULTS

# The calls of the frameworks, as their documentation defines them, in the words of our own records.
FANS = {"fan_in": "in", "fan_out": "out", "fan_avg": "avg"}
KERAS_LAWS = {"untruncated_normal": "normal", "truncated_normal": "truncated_normal", "uniform": "uniform"}
JAX_LAWS = {"normal": "normal", "truncated_normal": "truncated_normal", "uniform": "uniform"}


def kaiming(distribution):
    def fill(w, a=0, nonlinearity="leaky_relu"):
        scale = {"linear": 1.0, "relu": 2.0, "leaky_relu": 2 / (1 + a**2)}[nonlinearity]
        return VarianceScaling(scale, "in", distribution)

    return fill


def scaling(laws):
    return lambda scale, mode, distribution: VarianceScaling(scale, FANS[mode], laws[distribution])


def named(normal, uniform, spell):
    """`LecunNormal()` and its like."""
    scales = {"lecun": (1.0, "in"), "glorot": (1.0, "avg"), "he": (2.0, "in")}
    return {
        spell(family) + ending: partial(VarianceScaling, *scale, law)
        for family, scale in scales.items()
        for ending, law in ((normal, "truncated_normal"), (uniform, "uniform"))
    }


MEANINGS = {
    "torch": {
        "w": None,
        "zeros_": lambda w: Constant(0.0),
        "normal_": lambda w, std=1.0: Normal(std),
        "orthogonal_": lambda w: Orthogonal(1.0),
        "kaiming_normal_": kaiming("normal"),
        "kaiming_uniform_": kaiming("uniform"),
        "xavier_normal_": lambda w: VarianceScaling(1.0, "avg", "normal"),
        "xavier_uniform_": lambda w: VarianceScaling(1.0, "avg", "uniform"),
    },
    "keras": {
        "Zeros": lambda: Constant(0.0),
        "RandomNormal": lambda stddev: Normal(stddev),
        "Orthogonal": lambda: Orthogonal(1.0),
        "VarianceScaling": scaling(KERAS_LAWS),
        **named("Normal", "Uniform", str.capitalize),
    },
    "jax": {
        "zeros": Constant(0.0),
        "normal": Normal,
        "orthogonal": lambda: Orthogonal(1.0),
        "variance_scaling": scaling(JAX_LAWS),
        **named("_normal", "_uniform", str),
    },
}
EVERY_CALL = [
    pytest.param(name, framework, call, id=f"{name}-{framework}")
    for name, calls in CALLS.items()
    for framework, call in calls._asdict().items()
    if call is not None
]


def test_every_row_of_the_initializers_has_its_calls():
    cure = "say how PyTorch, Keras and JAX spell it, None where no single call does"
    assert_rows("winit/frameworks.py: CALLS", CALLS, INITIALIZERS, cure)
    assert list(CALLS) == list(INITIALIZERS), "winit/frameworks.py: CALLS must have the order of INITIALIZERS"


@pytest.mark.parametrize("name, framework, call", EVERY_CALL)
def test_a_call_draws_its_row(name, framework, call):
    drawn, row = eval(call, {}, MEANINGS[framework]), INITIALIZERS[name]
    assert type(drawn) is type(row)
    for ours, theirs in zip(vars(row).values(), vars(drawn).values(), strict=True):
        assert math.isclose(ours, theirs, rel_tol=1e-12) if isinstance(ours, float) else ours == theirs


@pytest.mark.parametrize("default", DEFAULTS.values(), ids=DEFAULTS)
def test_a_default_is_a_row(default):
    assert {default.weights, default.bias} <= INITIALIZERS.keys()


def test_the_chapter_writes_only_known_calls():
    """The table of calls beside the listings, in each edition."""
    known = {call for calls in CALLS.values() for call in calls}
    for path in sources("05_choosing"):
        cells = nbformat.read(path, as_version=4).cells
        (calls,) = (cell.source for cell in cells if ": frameworks -->" in cell.source)
        rows = [line for line in calls.splitlines() if line.startswith("|") and " `nn.init.` " not in line]
        written = re.findall(r"`([^`]+)`", " ".join(rows))
        assert len(written) >= 12 and {call.replace("(b)", "(w)") for call in written} <= known
