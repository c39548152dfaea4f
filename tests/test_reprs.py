"""A record prints what it is: shapes in the place of arrays, no addresses, the same in each run."""

import re
import subprocess
import sys

import numpy as np
import pytest

import winit
from winit import Activation, Spec, data, network

RECORDS = """
import numpy as np
import winit
from winit import Activation, Spec, network

def own(shape, *, rng, dtype):
    return np.ones(shape)

class Own:
    def __call__(self, shape, *, rng, dtype):
        return np.ones(shape)

rng = np.random.default_rng(0)
x, y = rng.standard_normal((6, 3)), rng.integers(2, size=6)
spec = Spec([3, 4, 2], Activation("sine", lambda z: np.sin(z), lambda z: np.cos(z)), [own, Own()], batch_norm=True)
deep = Spec([3, *[4] * 50, 2], initializer=[own] * 51)
specs = [spec, *[Spec([3, 4, 2], seed=i) for i in range(9)]]
history = winit.train(specs, (x, y, x, y), steps=1, learning_rate=1, batch=4, rng=rng)
machine = winit.RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2))
trace = network.forward(history.parameters[0], x, activation="tanh")
RECORDS = [
    spec, deep, spec.activation, history, history.layers, history.parameters[0], trace, trace.norms[0], machine,
    machine.contrastive_divergence(np.eye(3), rng=rng), winit.fans((3, 4)), winit.data.Split(x, y, x, y),
    winit.propagate([3, 4], activation="tanh", initializer=1.0, rng=rng), winit.INITIALIZERS["he_normal"],
]
"""


def printed():
    code = RECORDS + "\nfor record in RECORDS:\n    print(repr(record))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf8")
    return run.stdout.splitlines()


def test_every_record_prints_one_short_line_and_the_same_in_each_run():
    first, second = printed(), printed()
    assert first == second and len(first) == 14  # no record breaks its line, as an array would
    for line in first:
        assert re.match(r"[A-Z]\w+\(", line) and " at 0x" not in line and "<lambda>" not in line
        assert len(line) < 1500, line


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (
            winit.RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2)),
            "RBM(weights=array (3, 2), visible_bias=array (3,), hidden_bias=array (2,))",
        ),
        (
            Spec([64, 100, 10], "tanh", 0.01, seed=np.int64(3)),
            "Spec(widths=(64, 100, 10), activation=Activation('tanh'), initializer=Normal(sigma=0.01), "
            "bias=Constant(value=0.0), batch_norm=False, dropout=0.0, seed=3)",
        ),
        (
            network.init([3, 4, 2], initializer="zeros", batch_norm=True, rng=np.random.default_rng(0)),
            "Parameters(flat=array (1, 30), widths=(3, 4, 2), running=[(array (1, 4), array (1, 4))])",
        ),
        (winit.fans((3, 3, 8, 16)), "Fans(fan_in=72, fan_out=144)"),
        (Activation("sine", np.sin, np.cos), "Activation('sine')"),
        (
            data.Split(np.ones((4, 2)), np.ones(4), np.ones((1, 2)), np.ones(1)),
            "Split(x_train=array (4, 2), y_train=array (4,), x_test=array (1, 2), y_test=array (1,))",
        ),
    ],
)
def test_what_it_prints(record, text):
    assert repr(record) == text


def test_the_package_lists_what_it_has():
    assert set(winit.__all__) <= set(dir(winit)) and {"check", "plotting", "frameworks", "Explorer"} <= set(dir(winit))
    code = "import winit; print(winit.plotting.INK, winit.__version__, *[type(getattr(winit, n)) for n in dir(winit)])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf8", check=True)
    assert re.match(r"#\w+ \d+\.\d+\.\d+ ", run.stdout)
    with pytest.raises(AttributeError, match="module 'winit' has no attribute 'plots'"):
        winit.plots  # noqa: B018


TEN_TIMES = Activation("tanh", lambda z: np.tanh(10 * z), lambda z: 10 / np.cosh(np.clip(10 * z, -300, 300)) ** 2)


def test_an_activation_of_ones_own_is_what_it_is_and_not_what_it_is_called():
    options = {"initializer": "lecun_normal", "rng": np.random.default_rng(0)}
    run = winit.propagate([20, 20, 20], activation=TEN_TIMES, **options)
    assert np.isnan(run.saturated).all()  # it names no limits
    assert run.h_rms[0] > 0.9
    assert winit.moments.second_moment(TEN_TIMES) == pytest.approx(winit.moments.second_moment("tanh", 100), rel=1e-6)
    assert winit.plotting.activation_style(TEN_TIMES) != winit.plotting.activation_style("tanh")
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 3)), rng.integers(2, size=20)
    specs = [Spec([3, 8, 2], "tanh"), Spec([3, 8, 2], TEN_TIMES)]
    together = winit.train(specs, (x, y, x, y), steps=3, learning_rate=0.1, batch=10, rng=np.random.default_rng(0))
    alone = winit.train(specs[1], (x, y, x, y), steps=3, learning_rate=0.1, batch=10, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(together.losses[1], alone.losses[0])
    assert (together.layers.h_rms[0, 0, 0] < together.layers.h_rms[1, 0, 0]).all()


def test_rows_of_the_table_are_not_tried():
    """A trial of gelu or erf would load SciPy where nobody needs it."""
    code = """
import sys, winit, pickle
from winit.activations import activation_of
for row in winit.ACTIVATIONS.values():
    assert activation_of(row.name) is row and activation_of(pickle.loads(pickle.dumps(row))) == row
assert "scipy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_one_of_ones_own_is_tried_once():
    calls = []
    mine = Activation("mine", lambda z: calls.append(1) or np.sin(z), np.cos)
    for _ in range(3):
        assert winit.activations.activation_of(mine) is mine
    assert len(calls) == 1
