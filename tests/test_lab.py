"""What the Init Lab knows of `winit`, and that its stories are true."""

import dataclasses
import inspect
import json
import re

import numpy as np
import pytest
from rows import assert_rows
from threadpoolctl import threadpool_limits
from winit_book.building.editions import read_editions
from winit_book.lab import data, links, stories
from winit_book.paths import ROOT

import winit

EDITIONS = read_editions(ROOT)


def test_the_data_is_json_and_light():
    text = json.dumps(data.data() | data.tables(), allow_nan=False)
    assert len(text) < 90_000


def test_batch_norm_has_the_constants_of_winit():
    """No script has its own; `tests/site/test_lab_numerics.py` compares what they compute."""
    defaults = inspect.signature(winit.batch_norm).parameters
    constants = data.tables()["constants"]
    assert (constants["epsilon"], constants["momentum"]) == (defaults["eps"].default, defaults["momentum"].default)
    for script in (ROOT / "book" / "assets").glob("lab-*.js"):
        assert "EPSILON =" not in script.read_text("utf8"), script.name


def test_stories_are_complete_and_fit_the_controls():
    told = data.data()["stories"]
    for edition in EDITIONS:
        assert set(edition.catalogue["lab"]["stories"]) == set(stories.STORIES)
    for name, state in told.items():
        assert set(state) - {"race"} == set(stories.DEFAULTS), name
        for key, (least, most, step) in stories.RANGES.items():
            assert least <= state[key] <= most and abs(state[key] / step - round(state[key] / step)) < 1e-9, name
        for key, values in stories.menus().items():
            assert state[key] in values, name
    states = [tuple(state[key] for key in stories.DEFAULTS) for state in told.values()]
    assert len(set(states)) == len(states)


def test_the_scripts_know_every_activation():
    path = "book/assets/lab-numerics.js"
    table = re.search(r"^  const activations = \{\n(.*?)^  \};", (ROOT / path).read_text("utf8"), re.M | re.S)[1]
    rows = re.findall(r"^    (\w+): \{", table, re.M)
    assert_rows(
        f"{path}: activations", rows, winit.ACTIVATIONS, "write f and df, which the site's tests hold to winit's"
    )
    assert rows == list(winit.ACTIVATIONS), f"{path}: activations must have the order of ACTIVATIONS"


def test_names_in_the_address():
    assert list(stories.DEFAULTS) == "depth width batch activation initializer gain distribution bn seed".split()


def test_an_initializer_of_another_kind_is_refused():
    @dataclasses.dataclass
    class Odd:
        def std(self, shape):
            return 1.0

    with pytest.raises(ValueError, match="'odd'"):
        data._initializer("odd", Odd())


@pytest.mark.parametrize(
    "state, wrong",
    [
        ("preset=he", []),
        ("preset=he&gain=2", []),
        ("depth=10&activation=sigmoid&initializer=lecun_normal&bn=1&seed=3&race=2-50-0.1*relu-he_normal", []),
        ("preset=no", ["preset=no"]),
        ("initialiser=he_normal", ["initialiser"]),
        ("activation=he_normal&depth=200", ["activation=he_normal", "depth=200"]),
    ],
)
def test_addresses_in_chapters_are_read(state, wrong):
    assert links.troubles(state) == wrong


def test_lanes_of_a_race_fit():
    for name, (_, changes) in {**stories.STORIES, "": ("", {"race": stories.RACE})}.items():
        if "race" not in changes:
            continue
        race = stories.complete_race(changes["race"])
        assert 1 <= len(race["lanes"]) <= 4 and race["rate"] in stories.RATES, name
        for lane in race["lanes"]:
            assert list(lane) == list(stories.LANE)
            assert lane["activation"] in winit.ACTIVATIONS and lane["initializer"] in winit.INITIALIZERS


def run(name, **changes):
    state = stories.complete(stories.STORIES[name][1]) | changes
    init = winit.INITIALIZERS[state["initializer"]]
    if isinstance(init, winit.VarianceScaling):
        init = dataclasses.replace(init, scale=init.scale * state["gain"] ** 2)
    with threadpool_limits(1, "blas"):  # small matrices: two threads only wait for each other
        return winit.propagate(
            [state["width"]] * (state["depth"] + 1),
            activation=state["activation"],
            initializer=init,
            batch=state["batch"],
            batch_norm=bool(state["bn"]),
            rng=np.random.default_rng(1),
        )


def test_what_the_stories_say():
    """Each line is a sentence of a story."""
    fan = run("fan")
    assert fan.z_rms[1:] / fan.z_rms[:-1] == pytest.approx([10] * 9, rel=0.25)
    a1 = run("a1")
    assert a1.saturated.mean() == pytest.approx(0.5, abs=0.1)
    assert a1.delta_rms[0] > 0.5 * a1.delta_rms[-1] and a1.delta_median[0] < 0.02 * a1.delta_rms[0]
    tanh = run("a1-tanh")
    assert tanh.saturated.min() > 0.88 and tanh.delta_rms[0] > 100 * tanh.delta_rms[-1]
    a3 = run("a3")
    assert a3.across_sample_std[1:] / a3.across_sample_std[:-1] == pytest.approx([0.25] * 4, rel=0.2)
    assert a3.h_std.min() > 0.1
    a5 = run("a5")
    assert np.ptp(a5.weight_grad_rms) < 0.1 * a5.weight_grad_rms[0] < 1e-4
    a10 = run("a10")
    assert a10.z_rms[:-1] / a10.z_rms[1:] == pytest.approx([10] * 4, rel=0.1)
    assert 1e-5 < run("xavier-relu").z_rms[-1] < 1e-4
    assert run("b10").z_rms[-1] < 1e-15
    assert run("gelu").z_rms[-1] > 10 and run("gelu", gain=1.4).z_rms[-1] < 1e-2
    deep = [run("bn-deep", initializer=name) for name in ("he_normal", "small_normal")]
    for bn in deep:
        assert (bn.delta_rms[0] / bn.delta_rms[-1]) ** (2 / 49) == pytest.approx(1.467, rel=0.03)
    critical = run("critical-tanh")
    assert critical.z_rms[-1] == pytest.approx((1 / 200) ** 0.5, rel=0.5) and critical.delta_rms[0] > 0.03
    chaos = run("chaos")
    assert chaos.across_sample_std[-1] > 0.5 and chaos.delta_rms[0] > 1e3 * chaos.delta_rms[-1]
    assert run("orthogonal").z_rms == pytest.approx([1] * 100, rel=0.02)
    assert run("selu").h_rms[-1] == pytest.approx(1, rel=0.1)
    assert run("selu", initializer="he_normal").h_rms[-1] > 3
    assert [run("dead").dead[-1], run("zeros").delta_rms[0]] == [1, 0]
