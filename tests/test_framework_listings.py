"""The listings that a page gives its readers to copy into PyTorch, Keras, JAX or Flax run there."""

import re
from importlib.util import find_spec

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


FOUND = {
    (text, number): path.relative_to(ROOT / "chapters")
    for edition in read_editions(ROOT)
    for path in edition.sources
    for language, listing in listings(path)
    if language == "python"
    and NAMES.search(listing)
    and (find_spec("tensorflow") or not listing.startswith(TENSORFLOW))
    for number, text in enumerate(parts(listing))
}


def test_there_are_such_listings_of_every_framework():
    text = "\n".join(runnable(part) for part, _ in FOUND)
    assert len(FOUND) >= 20 and all(
        f"import {name}" in text or f"from {name}" in text for name in ("torch", "keras", "jax", "flax")
    )


@pytest.mark.peers
@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{page}-{i}") for i, ((text, _), page) in enumerate(FOUND.items())]
)
def test_a_listing_runs(text):
    exec(runnable(text), {"__name__": "test_listing"})
