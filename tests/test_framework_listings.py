"""The listings that a page gives its readers to copy into PyTorch, Keras, JAX or Flax run there."""

import re
from importlib.util import find_spec
from inspect import ismodule

import pytest
from page_sources import listings
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

# What a listing without an import stands in, by the framework that it names, in a comment or in its calls.
AROUND = {
    "Keras": ("keras.", "import keras"),
    "Flax": ("kernel_init=", "import jax\nfrom flax import linen as nn, nnx\nrngs = nnx.Rngs(0)"),
    "JAX": ("jax.", "import jax\nfrom jax import numpy as jnp"),
    "PyTorch": (
        "nn.",
        "import torch\nfrom torch import nn\nlayer = nn.Linear(784, 100)\nx = torch.ones(5, 784)\n"
        "model = nn.Sequential(layer)\noutput = model(x)\nloss = output.square().mean()",
    ),
}
# TensorFlow takes nearly as much room as all the rest (1.3 GB) for this one listing of five lines: the weekly workflow
# installs it, `make peers` does not.
TENSORFLOW = "import tensorflow as tf\n\nW = tf.Variable("
NAMES = re.compile(r"\b(torch|keras|tensorflow|jax|flax|nnx|nn\.\w+)\b")


def parts(listing):
    """A listing for several frameworks has the name of each in a comment of its own."""
    return [part for part in re.split(rf"^(?=# (?:{'|'.join(AROUND)})$)", listing, flags=re.MULTILINE) if part.strip()]


def runnable(part):
    """The part with what it stands in."""
    if re.search("^(import|from) ", part, re.MULTILINE):
        return part
    for name, (sign, around) in AROUND.items():
        if part.startswith(f"# {name}\n") or (part[0] != "#" and sign in part):
            return f"{around}\n{part}"
    return part


def listings_of(path):
    """The parts of all listings of a page for a framework, as a reader meets them."""
    for language, listing in listings(path):
        left_out = listing.startswith(TENSORFLOW) and not find_spec("tensorflow")
        if language == "python" and NAMES.search(listing) and not left_out:
            yield from parts(listing)


PATHS = {tuple(listings_of(path)): path for edition in read_editions(ROOT) for path in edition.sources}
PAGES = [pytest.param(found, id=str(path.relative_to(ROOT))) for found, path in PATHS.items() if found]


def test_there_are_such_listings_of_every_framework():
    text = "\n".join(runnable(part) for found in PATHS for part in found)
    assert len(PAGES) >= 7
    assert all(re.search(rf"^(import|from) {name}", text, re.MULTILINE) for name in ("torch", "keras", "jax", "flax"))


@pytest.mark.peers
@pytest.mark.parametrize("found", PAGES)
def test_the_listings_of_a_page_run(found):
    """A listing may go on with what one before it has made, and brings its own imports."""
    scope = {}
    for text in found:
        scope = {name: value for name, value in scope.items() if not ismodule(value)} | {"__name__": "test_listing"}
        try:
            exec(runnable(text), scope)
        except Exception as error:
            error.add_note(f"in the listing\n{text}")
            raise
