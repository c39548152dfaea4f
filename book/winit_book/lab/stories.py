"""What the Init Lab can be set to: its controls, the stories that set them, and the lanes of a race."""

from __future__ import annotations

import winit

# Names in the address and of the inputs; `values` of the menus come from winit's tables
DEFAULTS = {
    "depth": 50,
    "width": 128,
    "batch": 64,
    "activation": "relu",
    "initializer": "he_normal",
    "gain": 1,
    "distribution": "normal",
    "bn": 0,
    "seed": 0,
}
RANGES = {  # least, most, step
    "depth": (1, 100, 1),
    "width": (2, 512, 1),
    "batch": (2, 256, 1),
    "gain": (0.01, 4, 0.01),
    "seed": (0, 9999, 1),
}
OPENING = "b10"  # the story that an address without a state opens on
# A story: the chapter that tells it, and how it differs from DEFAULTS. `race` holds lanes, see lab-race.js.
STORIES = {
    "fan": ("02", {"depth": 10, "width": 100, "activation": "linear", "initializer": "standard_normal"}),
    "zeros": ("01", {"depth": 5, "width": 100, "activation": "tanh", "initializer": "zeros"}),
    "a1": ("01", {"depth": 5, "width": 100, "batch": 256, "activation": "sigmoid", "initializer": "standard_normal"}),
    "a1-tanh": ("01", {"depth": 6, "width": 500, "activation": "tanh", "initializer": "standard_normal"}),
    "a3": ("01", {"depth": 5, "width": 100, "batch": 256, "activation": "sigmoid", "initializer": "glorot_normal"}),
    "a5": ("01", {"depth": 6, "width": 500, "activation": "tanh", "initializer": "small_normal"}),
    "a10": ("03", {"depth": 5, "width": 100, "activation": "tanh", "initializer": "lecun_normal", "gain": 0.1}),
    "xavier": ("03", {"depth": 5, "width": 100, "batch": 256, "activation": "tanh", "initializer": "glorot_normal"}),
    "a2": (
        "03",
        {
            "depth": 5,
            "width": 100,
            "activation": "sigmoid",
            "initializer": "glorot_normal",
            "gain": 4,
            "race": {
                "hidden": 5,
                "lanes": [
                    {"activation": "sigmoid", "initializer": "glorot_normal"},
                    {"activation": "sigmoid", "initializer": "standard_normal"},
                    {"activation": "sigmoid", "initializer": "glorot_normal", "gain": 4},
                    {"activation": "tanh", "initializer": "glorot_normal"},
                ],
            },
        },
    ),
    "xavier-relu": ("04", {"depth": 30, "initializer": "glorot_normal"}),
    "he": ("04", {"depth": 50}),
    "b10": ("05", {"depth": 50, "initializer": "torch_linear_default"}),
    "gelu": ("05", {"depth": 50, "activation": "gelu", "initializer": "lecun_normal", "gain": 1.53}),
    "bn-scale": (
        "06",
        {
            "depth": 20,
            "width": 100,
            "activation": "tanh",
            "initializer": "small_normal",
            "bn": 1,
            "race": {
                "hidden": 5,
                "lanes": [
                    {"activation": "tanh", "initializer": "small_normal", "bn": 0},
                    {"activation": "tanh", "initializer": "small_normal", "bn": 1},
                    {"activation": "tanh", "initializer": "glorot_normal", "bn": 1},
                    {"activation": "tanh", "initializer": "standard_normal", "bn": 1},
                ],
            },
        },
    ),
    "bn-deep": ("06", {"depth": 50, "batch": 256, "bn": 1}),
    "rbm": (
        "07",
        {
            "depth": 5,
            "width": 100,
            "activation": "sigmoid",
            "initializer": "small_normal",
            "race": {
                "hidden": 5,
                "lanes": [
                    {"activation": "sigmoid", "initializer": "small_normal"},
                    {"activation": "tanh", "initializer": "small_normal"},
                    {"activation": "tanh", "initializer": "glorot_normal"},
                    {"activation": "relu", "initializer": "he_normal"},
                ],
            },
        },
    ),
    "critical-tanh": ("09", {"depth": 100, "activation": "tanh", "initializer": "lecun_normal"}),
    "chaos": ("09", {"depth": 50, "activation": "tanh", "initializer": "lecun_normal", "gain": 2}),
    "orthogonal": ("10", {"depth": 100, "width": 64, "activation": "linear", "initializer": "orthogonal"}),
    "selu": ("03", {"depth": 50, "activation": "selu", "initializer": "lecun_normal"}),
    "dead": ("12", {"depth": 50, "width": 6, "batch": 256}),
}
LANE = {key: DEFAULTS[key] for key in ("activation", "initializer", "gain", "distribution", "bn", "seed")}
RACE = {
    "hidden": 8,
    "units": 64,
    "rate": 0.1,
    "lanes": [
        {"initializer": "he_normal"},
        {"initializer": "torch_linear_default"},
        {"initializer": "small_normal"},
        {"initializer": "standard_normal"},
    ],
}
RACE_RANGES = {"hidden": (1, 10, 1), "units": (10, 128, 1)}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
DISTRIBUTIONS = ("normal", "uniform", "truncated_normal")


def menus() -> dict[str, list[str]]:
    """The choices of each menu."""
    return {
        "activation": list(winit.ACTIVATIONS),
        "initializer": list(winit.INITIALIZERS),
        "distribution": list(DISTRIBUTIONS),
    }


def complete(state: dict) -> dict:
    """A story with the distribution of its initializer and, if it has lanes, all of their values."""
    state = {"distribution": distribution_of(state.get("initializer", DEFAULTS["initializer"]))} | state
    return DEFAULTS | state | ({"race": complete_race(state["race"])} if "race" in state else {})


def complete_race(race: dict) -> dict:
    lanes = [LANE | {"distribution": distribution_of(lane["initializer"])} | lane for lane in race["lanes"]]
    return RACE | race | {"lanes": lanes}


def distribution_of(initializer: str) -> str:
    """The law of a row of `INITIALIZERS`; what has none of the three is called normal."""
    return getattr(winit.INITIALIZERS[initializer], "distribution", "normal")
