"""Code to copy: a whole model and its start, in PyTorch, Keras and Flax; `winit.recommend` chooses what is drawn.

A block is made line by line of what the frameworks call things, and of the calls in `winit.frameworks`. It holds no
comment, because it is read in two languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .frameworks import CALLS
from .initializers import INITIALIZERS, VarianceScaling

__all__ = ["FRAMEWORKS", "Network", "block"]

FRAMEWORKS = ("PyTorch", "Keras", "Flax")
# as PyTorch, Keras and JAX call them; none for the identity
ACTIVATIONS = {
    "linear": (None, None, None),
    "relu": ("ReLU", "relu", "relu"),
    "leaky_relu": ("LeakyReLU", None, "leaky_relu"),
    "elu": ("ELU", "elu", "elu"),
    "selu": ("SELU", "selu", "selu"),
    "gelu": ("GELU", "gelu", "gelu"),
    "silu": ("SiLU", "silu", "silu"),
    "mish": ("Mish", "mish", "mish"),
    "tanh": ("Tanh", "tanh", "tanh"),
    "softsign": ("Softsign", "softsign", "soft_sign"),
    "sigmoid": ("Sigmoid", "sigmoid", "sigmoid"),
}
SMALL = 0.01  # of an output layer
EMBEDDING = 0.02


class Network(NamedTuple):
    """What a block must know: a layer of `winit.choosing.LAYERS` and what stands around it."""

    layer: str
    activation: str
    initializer: VarianceScaling
    normalization: str
    residual: bool
    depth: int

    @property
    def width(self) -> int:
        return 256 if self.layer == "dense" else 64

    @property
    def sizes(self) -> str:
        return f"depth, width, classes = {self.depth}, {self.width}, 10"


def block(framework: str, network: Network) -> str:
    """The code, ready to run.

    Examples
    --------
    >>> relu = Network("dense", "relu", INITIALIZERS["he_normal"], "none", False, 20)
    >>> print(block("Keras", relu))
    import keras
    from keras import layers
    <BLANKLINE>
    depth, width, classes = 20, 256, 10
    inputs = x = keras.Input((64,))
    for _ in range(depth):
        draw = keras.initializers.HeNormal()
        x = layers.Dense(width, kernel_initializer=draw)(x)
        x = layers.Activation("relu")(x)
    small = keras.initializers.RandomNormal(stddev=0.01)
    outputs = layers.Dense(classes, kernel_initializer=small)(x)
    model = keras.Model(inputs, outputs)
    """
    if network.layer in OTHERS:
        text = OTHERS[network.layer][FRAMEWORKS.index(framework)].strip("\n")
        return text.replace(*RESIDUAL_END[framework]) if network.residual else text
    return "\n".join({"PyTorch": _torch, "Keras": _keras, "Flax": _flax}[framework](network))


def call(framework: str, initializer: VarianceScaling) -> str:
    """How the framework draws it, by the shortest of its calls.

    Examples
    --------
    >>> call("PyTorch", INITIALIZERS["glorot_normal"]), call("Flax", VarianceScaling(1.55))
    ('xavier_normal_(w)', 'variance_scaling(1.55, "fan_in", "normal")')
    """
    column = FRAMEWORKS.index(framework)
    same = [
        CALLS[name][column]
        for name, row in INITIALIZERS.items()
        if isinstance(row, VarianceScaling) and (row.scale, row.fan) == (initializer.scale, initializer.fan)
    ]
    if found := [text for text in same if text]:
        return min(found, key=len)
    own = {
        "PyTorch": "normal_(w, std=({} / w[0].numel()) ** 0.5)",
        "Keras": 'VarianceScaling({}, "fan_in", "untruncated_normal")',
        "Flax": 'variance_scaling({}, "fan_in", "normal")',
    }
    return own[framework].format(f"{initializer.scale:.3g}")


def _std(initializer: VarianceScaling) -> str:
    """The standard deviation, by fan-in, for a layer whose fans the framework would read wrong."""
    return f"({initializer.scale:.3g} / fan_in) ** 0.5"


def _torch(net: Network) -> Iterator[str]:
    image = net.layer != "dense"
    kind, more = {
        "dense": ("Linear", ""),
        "convolution": ("Conv2d", ", 3, padding=1"),
        "transposed": ("ConvTranspose2d", ", 4, stride=2, padding=1"),
    }[net.layer]
    norm = {
        "none": None,
        "batch": f"BatchNorm{2 if image else 1}d(width)",
        "layer": "GroupNorm(1, width)" if image else "LayerNorm(width)",
    }[net.normalization]
    function = ACTIVATIONS[net.activation][0]
    act = [f"nn.{function}()"] if function else []
    norms = [f"nn.{norm}"] if norm else []
    yield from ("import torch", "from torch import nn", "", "")
    if net.residual:
        yield from (
            "class Residual(nn.Module):",
            "    def __init__(self, *branch):",
            "        super().__init__()",
            "        self.branch = nn.Sequential(*branch)",
            "",
            "    def forward(self, x):",
            "        return x + self.branch(x)",
            "",
            "",
        )
    yield from ("@torch.no_grad()", "def initialize(model, output):", "    for layer in model.modules():")
    yield f"        if isinstance(layer, nn.{kind}):"
    if net.layer == "transposed":
        yield "            fan_in = layer.in_channels * 4 * 4 / 2**2"
        yield f"            nn.init.normal_(layer.weight, std={_std(net.initializer)})"
    else:
        draw = re.sub(r"\bw\b", "layer.weight", call("PyTorch", net.initializer))
        yield f"            nn.init.{draw}"
    yield from ("            if layer.bias is not None:", "                nn.init.zeros_(layer.bias)")
    if norm:
        yield f"        elif isinstance(layer, nn.{norm.partition('(')[0]}):"
        yield from ("            nn.init.ones_(layer.weight)", "            nn.init.zeros_(layer.bias)")
    if net.residual:
        yield from (
            "    for block in model.modules():",
            "        if isinstance(block, Residual):",
            "            nn.init.zeros_(block.branch[-1].weight)",
        )
    yield from (f"    nn.init.normal_(output.weight, std={SMALL})", "    nn.init.zeros_(output.bias)", "", "")
    start = 3 if net.layer == "convolution" else 64
    if net.residual:
        inner = f"nn.{kind}(width, width{more})"
        yield "def block():"
        yield "    return Residual("
        yield from (f"        {part}," for part in [*norms, inner, *act, inner])
        yield "    )"
        yield from ("", "", net.sizes)
        yield f"first = nn.{kind}({start}, width{more})"
        yield "blocks = [block() for _ in range(depth)]"
        body = ", ".join(["first", "*blocks", *norms])
    else:
        yield "def hidden(n):"
        yield f"    layer = nn.{kind}(n, width{more})"
        yield f"    return [{', '.join(['layer', *norms, *act])}]"
        yield from ("", "", net.sizes)
        yield f"first = hidden({start})"
        yield "rest = [part for _ in range(depth - 1) for part in hidden(width)]"
        body = "*first, *rest"
    if net.layer == "transposed":
        end = ["nn.Conv2d(width, 3, 3, padding=1)"]
    else:
        end = ["nn.AdaptiveAvgPool2d(1)", "nn.Flatten()"] * image + ["nn.Linear(width, classes)"]
    yield f"parts = [{', '.join([body, *end[:-1]])}]"
    yield f"output = {end[-1]}"
    yield "model = nn.Sequential(*parts, output)"
    yield "initialize(model, output)"


def _keras(net: Network) -> Iterator[str]:
    image = net.layer != "dense"
    kind, size, more = {
        "dense": ("Dense", "(64,)", ""),
        "convolution": ("Conv2D", "(32, 32, 3)", ', 3, padding="same"'),
        "transposed": ("Conv2DTranspose", "(4, 4, 64)", ', 4, 2, "same"'),
    }[net.layer]
    norm = {
        "none": [],
        "batch": ["layers.BatchNormalization()"],
        "layer": ["layers.GroupNormalization(1)" if image else "layers.LayerNormalization()"],
    }[net.normalization]
    function = ACTIVATIONS[net.activation][1]
    act = [f'layers.Activation("{function}")'] if function else []
    if net.activation == "leaky_relu":
        act = ["layers.LeakyReLU(negative_slope=0.01)"]
    draw = f"draw = keras.initializers.{call('Keras', net.initializer)}"

    def layer(draw):
        return f"layers.{kind}(width{more}, kernel_initializer={draw})"

    yield from ("import keras", "from keras import layers", "", net.sizes)
    yield f"inputs = x = keras.Input({size})"
    if net.residual:
        yield from (draw, f"x = {layer('draw')}(x)")
    yield "for _ in range(depth):"
    if net.layer == "transposed":
        yield "    fan_in = x.shape[-1] * 4 * 4 / 2**2"
        draw = f"draw = keras.initializers.RandomNormal(stddev={_std(net.initializer)})"
    yield f"    {draw}"
    if net.residual:
        parts = [*norm, layer("draw"), *act, layer('"zeros"')]
        yield from (f"    y = {part}({'xy'[at > 0]})" for at, part in enumerate(parts))
        yield "    x = layers.Add()([x, y])"
        yield from (f"x = {part}(x)" for part in norm)
    else:
        yield from (f"    x = {part}(x)" for part in [layer("draw"), *norm, *act])
    if net.layer == "convolution":
        yield "x = layers.GlobalAveragePooling2D()(x)"
    yield f"small = keras.initializers.RandomNormal(stddev={SMALL})"
    last = 'Conv2D(3, 3, padding="same"' if net.layer == "transposed" else "Dense(classes"
    yield f"outputs = layers.{last}, kernel_initializer=small)(x)"
    yield "model = keras.Model(inputs, outputs)"


def _flax(net: Network) -> Iterator[str]:
    image = net.layer != "dense"
    kind, start, more = {
        "dense": ("Linear", 64, ""),
        "convolution": ("Conv", 3, ", (3, 3)"),
        "transposed": ("ConvTranspose", 64, ", (4, 4), strides=2"),
    }[net.layer]
    norm = {
        "none": [],
        "batch": ["nnx.BatchNorm(width, rngs=rngs)"],
        "layer": [f"nnx.{'GroupNorm(width, num_groups=1' if image else 'LayerNorm(width'}, rngs=rngs)"],
    }[net.normalization]
    function = ACTIVATIONS[net.activation][2]
    act = [f"jax.nn.{function}"] if function else []

    def layer(n, draw="draw"):
        return f"nnx.{kind}({n}, width{more}, kernel_init={draw}, rngs=rngs)"

    yield from ("import jax", "from flax import nnx", "")
    if net.residual:
        yield from (
            "",
            "class Residual(nnx.Module):",
            "    def __init__(self, *branch):",
            "        self.branch = nnx.Sequential(*branch)",
            "",
            "    def __call__(self, x):",
            "        return x + self.branch(x)",
            "",
            "",
        )
    yield from (net.sizes, "rngs = nnx.Rngs(0)")
    if net.layer != "transposed":
        yield f"draw = jax.nn.initializers.{call('Flax', net.initializer)}"
    yield f"small = jax.nn.initializers.normal({SMALL})"
    if net.residual:
        yield "zeros = jax.nn.initializers.zeros"
        yield f"parts = [{layer(start)}]"
        yield "for _ in range(depth):"
        yield "    branch = ["
        yield from (f"        {part}," for part in [*norm, layer("width"), *act, layer("width", "zeros")])
        yield from ("    ]", "    parts += [Residual(*branch)]")
        yield from (f"parts += [{part}]" for part in norm)
    else:
        yield "parts = []"
        yield f"for n in [{start}] + [width] * (depth - 1):"
        if net.layer == "transposed":
            yield "    fan_in = n * 4 * 4 / 2**2"
            yield f"    draw = jax.nn.initializers.normal({_std(net.initializer)})"
        yield f"    parts += [{layer('n')}]"
        yield from (f"    parts += [{part}]" for part in [*norm, *act])
    if net.layer == "convolution":
        yield "parts += [lambda x: x.mean(axis=(1, 2))]"
    last = "Conv(width, 3, (3, 3)" if net.layer == "transposed" else "Linear(width, classes"
    yield f"output = nnx.{last}, kernel_init=small, rngs=rngs)"
    yield "model = nnx.Sequential(*parts, output)"


# Layers that stand alone, in the order of FRAMEWORKS
OTHERS = {
    "recurrent": (
        """
import torch
from torch import nn

layer = nn.LSTM(128, 256)

with torch.no_grad():
    for name, parameter in layer.named_parameters():
        gates = parameter.chunk(4)
        if "weight_ih" in name:
            for gate in gates:
                nn.init.xavier_uniform_(gate)
        elif "weight_hh" in name:
            for gate in gates:
                nn.init.orthogonal_(gate)
        else:
            nn.init.zeros_(parameter)
            if "bias_ih" in name:
                nn.init.ones_(gates[1])
""",
        """
import keras
from keras import layers

n, h = 128, 256
layer = layers.LSTM(h, unit_forget_bias=True)
layer.build((None, None, n))


def gates(draw, size):
    return keras.ops.concatenate([draw()((size, h)) for _ in range(4)], axis=1)


layer.cell.kernel.assign(gates(keras.initializers.GlorotUniform, n))
layer.cell.recurrent_kernel.assign(gates(keras.initializers.Orthogonal, h))
""",
        """
import jax
from flax import nnx

draw = jax.nn.initializers.glorot_uniform()
cell = nnx.LSTMCell(128, 256, kernel_init=draw, rngs=nnx.Rngs(0))
cell.hf.bias[...] = jax.numpy.ones(256)
layer = nnx.RNN(cell)
""",
    ),
    "attention": (
        """
import torch
from torch import nn

layer = nn.MultiheadAttention(256, 8)

with torch.no_grad():
    for matrix in layer.in_proj_weight.chunk(3):
        nn.init.xavier_uniform_(matrix)
    nn.init.xavier_uniform_(layer.out_proj.weight)
    nn.init.zeros_(layer.in_proj_bias)
    nn.init.zeros_(layer.out_proj.bias)
""",
        """
import keras
from keras import layers

n, heads = 256, 8
draw = keras.initializers.RandomNormal(stddev=n**-0.5)
layer = layers.MultiHeadAttention(heads, n // heads, kernel_initializer=draw)
layer.build((None, None, n), (None, None, n))
""",
        """
import jax
from flax import nnx

draw = jax.nn.initializers.glorot_uniform()
end = draw
options = {"in_features": 256, "decode": False, "rngs": nnx.Rngs(0)}
layer = nnx.MultiHeadAttention(8, kernel_init=draw, out_kernel_init=end, **options)
""",
    ),
    "embedding": (
        f"""
from torch import nn

layer = nn.Embedding(1000, 256)
nn.init.normal_(layer.weight, std={EMBEDDING})
output = nn.Linear(256, 1000, bias=False)
output.weight = layer.weight
""",
        f"""
import keras
from keras import layers

draw = keras.initializers.RandomNormal(stddev={EMBEDDING})
layer = layers.Embedding(1000, 256, embeddings_initializer=draw)
layer.build()


def output(h):
    return h @ keras.ops.transpose(layer.embeddings)
""",
        f"""
import jax
from flax import nnx

draw = jax.nn.initializers.normal({EMBEDDING})
layer = nnx.Embed(1000, 256, embedding_init=draw, rngs=nnx.Rngs(0))
output = layer.attend
""",
    ),
    "output": (
        f"""
import torch
from torch import nn

shares = torch.full((10,), 1 / 10)
output = nn.Linear(256, 10)

with torch.no_grad():
    nn.init.normal_(output.weight, std={SMALL})
    output.bias.copy_(shares.log())
""",
        f"""
import keras
import numpy as np
from keras import layers

shares = np.full(10, 1 / 10)
small = keras.initializers.RandomNormal(stddev={SMALL})
output = layers.Dense(10, kernel_initializer=small)
output.build((None, 256))
output.bias.assign(np.log(shares))
""",
        f"""
import jax
from flax import nnx

shares = jax.numpy.full(10, 1 / 10)
small = jax.nn.initializers.normal({SMALL})
output = nnx.Linear(256, 10, kernel_init=small, rngs=nnx.Rngs(0))
output.bias[...] = jax.numpy.log(shares)
""",
    ),
}
# the end of a residual branch of attention
RESIDUAL_END = {
    "PyTorch": ("nn.init.xavier_uniform_(layer.out_proj.weight)", "nn.init.zeros_(layer.out_proj.weight)"),
    "Keras": (
        "layer.build((None, None, n), (None, None, n))",
        "layer.build((None, None, n), (None, None, n))\n"
        "layer.output_dense.kernel.assign(keras.ops.zeros((heads, n // heads, n)))",
    ),
    "Flax": ("end = draw", "end = jax.nn.initializers.zeros"),
}
