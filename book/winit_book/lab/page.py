"""The Init Lab: initializations at different depths, alive in the reader's browser.

What the lab knows of `winit` (tables, constants, digits) is written into one script at build time, `lab-data.js`, so
that nothing of it is typed twice; what it says comes from the catalogue. The page is chapters/<language>/lab.md, and
``<!-- lab -->`` in it is where the template goes. The scripts are book/assets/lab-*.js.

A chapter leads to a state of the lab with an ordinary link, ``[text](lab.md?preset=he)`` or
``[text](lab.md?depth=20&gain=2#race)``.
"""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from urllib.parse import parse_qsl

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ..building.editions import edition_of
from ..content.page import icon

logger = logging.getLogger(__name__)

PAGE, PLACE = "lab", "<!-- lab -->"
SCRIPTS = ("data", "numerics", "theory", "network", "worker", "drawing", "python", "race", "panel")  # in this order

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
    "orthogonal": ("09", {"depth": 100, "width": 64, "activation": "linear", "initializer": "orthogonal"}),
    "selu": ("09", {"depth": 50, "activation": "selu", "initializer": "lecun_normal"}),
    "dead": ("10", {"depth": 50, "width": 6, "batch": 256}),
}
LANE = {key: DEFAULTS[key] for key in ("activation", "initializer", "gain", "distribution", "bn", "seed")}
RACE = {
    "hidden": 2,
    "units": 100,
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
BINS = 48  # of a histogram
DISTRIBUTIONS = ("normal", "uniform", "truncated_normal")


class Links(SphinxTransform):
    """Links to a state of the lab; MyST would look for a file whose name ends in it."""

    default_priority = 210

    def apply(self):
        for link in list(self.document.findall(addnodes.pending_xref)):
            page, _, address = link["reftarget"].partition("?")
            if page == f"{PAGE}.md" and address:
                for trouble in troubles(address.partition("#")[0]):
                    logger.warning(f"the lab has no {trouble}: {link['reftarget']}", location=link)
                words = link.children[0].children if link.children else []
                link.replace_self(nodes.reference("", "", *words, refuri=f"{PAGE}.html?{address}", internal=True))


def troubles(state: str) -> list[str]:
    """What of an address the lab would not understand."""
    values = dict(parse_qsl(state, keep_blank_values=True))
    known = {"preset": STORIES, **{name: None for name in DEFAULTS}, **menus()}
    wrong = [name for name in values if name not in known and name != "race"]
    wrong += [f"{name}={values[name]}" for name in values if known.get(name) and values[name] not in known[name]]
    for name, (least, most, _) in RANGES.items():
        if name in values and not least <= float(values[name]) <= most:
            wrong.append(f"{name}={values[name]}")
    return wrong


def setup(app):
    if PAGE in edition_of(app).pages:
        app.add_transform(Links)
        app.connect("builder-inited", _write_data)
        app.connect("html-page-context", _add_lab, priority=900)  # after page.py


def _write_data(app):
    folder = Path(app.outdir).parent / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab-data.js").write_text(f"const labData = {json.dumps(data(), separators=(',', ':'))};\n", "utf8")
    app.config.html_static_path.append(str(folder))


def _add_lab(app, pagename, templatename, context, doctree):
    if pagename != PAGE:
        return
    for name in SCRIPTS:
        app.add_js_file(f"lab-{name}.js", loading_method="defer")
    app.add_css_file("lab.css")
    context["favicon_url"] = icon()  # Chromium asks for it again whenever the address changes
    edition = edition_of(app)
    chapters = {page[:2]: {"href": f"{page}.html", "title": app.env.titles[page].astext()} for page in edition.pages}
    html = app.builder.templates.render(
        "lab.html",
        context
        | {
            "words": edition.catalogue["lab"] | {"script": edition.catalogue["script"]},
            "stories": {name: chapter for name, (chapter, _) in STORIES.items()},
            "told": {key: chapter for key, chapter in chapters.items() if key.isdigit()},
            "defaults": DEFAULTS,
            "ranges": RANGES,
            "race": RACE,
            "race_ranges": RACE_RANGES,
            "rates": RATES,
            "menus": menus(),
        },
    )
    context["body"] = context["body"].replace(PLACE, html)


def menus() -> dict[str, list[str]]:
    """The choices of each menu."""
    import winit

    return {
        "activation": list(winit.ACTIVATIONS),
        "initializer": list(winit.INITIALIZERS),
        "distribution": list(DISTRIBUTIONS),
    }


def data() -> dict:
    """What the scripts need to know of `winit`."""
    import winit
    from winit import activations, initializers, layers, moments

    return {
        "defaults": DEFAULTS,
        "ranges": RANGES | RACE_RANGES,
        "stories": {name: complete(state) for name, (_, state) in STORIES.items()},
        "chapters": {name: chapter for name, (chapter, _) in STORIES.items()},
        "distributions": DISTRIBUTIONS,
        "bins": BINS,
        "lane": LANE,
        "race": complete_race(RACE),
        "rates": RATES,
        "activations": {
            name: {
                "kinks": [0, *row.kinks],
                "range": _range(row),
                "saturation": layers.SATURATION.get(name),
            }
            for name, row in winit.ACTIVATIONS.items()
        },
        "constants": {
            "leak": activations.LEAK,
            "seluScale": activations.SELU_SCALE,
            "seluAlpha": activations.SELU_ALPHA,
        },
        "initializers": {name: _initializer(name, row) for name, row in winit.INITIALIZERS.items()},
        "truncation": {"cut": initializers.CUT, "std": initializers.CUT_STD},
        "legendre": _legendre(len(moments.legendre()[0])) | {"finest": moments.FINEST, "reach": moments.REACH},
        "coarse": _legendre(5) | {"finest": 2, "reach": 7},
        "erfc": _erfc(),
        "digits": _digits(),
    }


def state_of(name: str, **changes) -> dict:
    """The nine values of a story, or of DEFAULTS for the name ``""``."""
    state = DEFAULTS | (STORIES[name][1] if name else {}) | changes
    state.pop("race", None)
    return state


def complete(state: dict) -> dict:
    """A story with the distribution of its initializer and, if it has lanes, all of their values."""
    state = {"distribution": distribution_of(state.get("initializer", DEFAULTS["initializer"]))} | state
    return DEFAULTS | state | ({"race": complete_race(state["race"])} if "race" in state else {})


def complete_race(race: dict) -> dict:
    lanes = [LANE | {"distribution": distribution_of(lane["initializer"])} | lane for lane in race["lanes"]]
    return RACE | race | {"lanes": lanes}


def distribution_of(initializer: str) -> str:
    """The law of a row of `INITIALIZERS`; what has none of the three is called normal."""
    import winit

    return getattr(winit.INITIALIZERS[initializer], "distribution", "normal")


def _initializer(name, row) -> dict:
    """A row of `INITIALIZERS` as the lab's scripts read it."""
    import winit

    match row:
        case winit.VarianceScaling():
            return {"kind": "scaling", "scale": row.scale, "fan": row.fan, "distribution": row.distribution}
        case winit.Normal():
            return {"kind": "fixed", "std": row.sigma, "distribution": "normal"}
        case winit.Constant():
            return {"kind": "constant", "value": row.value}
        case winit.Orthogonal():
            return {"kind": "orthogonal", "gain": row.gain}
    raise ValueError(f"the lab cannot draw {name!r} of INITIALIZERS: {row!r}; add its kind here and in lab-numerics.js")


def _range(activation):
    """Where a bounded activation lies; None for the others."""
    low, high = activation.f([-1e9, 1e9])
    return [round(low), round(high)] if abs(low) < 2 and abs(high) < 2 else None


def _legendre(order) -> dict:
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(order)
    return {"nodes": nodes.tolist(), "weights": weights.tolist()}


def _erfc() -> list[float]:
    """Chebyshev coefficients on [0, 1] of P, erfc(x) = t exp(P(t) - x²) with t = 2 / (2 + x); relative error 1e-13."""
    import numpy as np
    from scipy.special import erfcx

    def exponent(t):
        x = 2 / np.maximum(t, 1e-9) - 2
        return np.log(erfcx(x) / np.maximum(t, 1e-9))

    return np.polynomial.Chebyshev.interpolate(exponent, 24, domain=[0, 1]).coef.tolist()


def _digits() -> dict:
    """The digits in the order that `winit.data.digits` gives them for seed 0: every pixel one of a few levels."""
    import numpy as np

    import winit

    split = winit.data.digits(rng=np.random.default_rng(0))
    x, y = np.concatenate([split.x_train, split.x_test]), np.concatenate([split.y_train, split.y_test])
    levels, pixels = np.unique(x, return_inverse=True)
    packed = pixels.astype(np.uint8).tobytes() + y.astype(np.uint8).tobytes()
    return {
        "train": len(split.x_train),
        "samples": len(x),
        "levels": levels.tolist(),
        "deflated": base64.b64encode(zlib.compress(packed, 9)[2:-4]).decode(),  # raw, without zlib's frame
    }
