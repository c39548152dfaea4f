"""How the frameworks spell the rows of `INITIALIZERS`, and what they draw when nobody asks.

Read in the sources of PyTorch 2.13, Keras 3.15, JAX 0.10, Flax 0.12 and scikit-learn 1.9.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CALLS", "DEFAULTS", "Call", "Default"]


class Call(NamedTuple):
    """What to write for a row of `INITIALIZERS`; None where no single call draws it.

    Attributes
    ----------
    torch : str or None
        A function of ``torch.nn.init``, which fills the tensor ``w``.
    keras : str or None
        A class of ``keras.initializers``.
    jax : str or None
        A function of ``jax.nn.initializers``.

    Examples
    --------
    >>> CALLS["he_normal"].torch
    'kaiming_normal_(w, nonlinearity="relu")'
    """

    torch: str | None
    keras: str | None
    jax: str | None


class Default(NamedTuple):
    """What a layer draws if it is told nothing.

    Attributes
    ----------
    layer : str
        What the framework calls it.
    weights, bias : str
        Rows of `INITIALIZERS`.

    Examples
    --------
    >>> DEFAULTS["Keras"]
    Default(layer='layers.Dense', weights='glorot_uniform', bias='zeros')
    """

    layer: str
    weights: str
    bias: str


# Keras and JAX cut their `*_normal` at two standard deviations and correct for it; PyTorch does not cut.
CALLS: dict[str, Call] = {
    "zeros": Call("zeros_(w)", "Zeros()", "zeros"),
    "standard_normal": Call("normal_(w)", "RandomNormal(stddev=1.0)", "normal(1.0)"),
    "small_normal": Call("normal_(w, std=0.01)", "RandomNormal(stddev=0.01)", "normal(0.01)"),
    "lecun_normal": Call(
        'kaiming_normal_(w, nonlinearity="linear")',
        'VarianceScaling(1.0, "fan_in", "untruncated_normal")',
        'variance_scaling(1.0, "fan_in", "normal")',
    ),
    "lecun_uniform": Call('kaiming_uniform_(w, nonlinearity="linear")', "LecunUniform()", "lecun_uniform()"),
    "lecun_truncated": Call(None, "LecunNormal()", "lecun_normal()"),
    "glorot_normal": Call(
        "xavier_normal_(w)",
        'VarianceScaling(1.0, "fan_avg", "untruncated_normal")',
        'variance_scaling(1.0, "fan_avg", "normal")',
    ),
    "glorot_uniform": Call("xavier_uniform_(w)", "GlorotUniform()", "glorot_uniform()"),
    "glorot_truncated": Call(None, "GlorotNormal()", "glorot_normal()"),
    "he_normal": Call(
        'kaiming_normal_(w, nonlinearity="relu")',
        'VarianceScaling(2.0, "fan_in", "untruncated_normal")',
        'variance_scaling(2.0, "fan_in", "normal")',
    ),
    "he_uniform": Call('kaiming_uniform_(w, nonlinearity="relu")', "HeUniform()", "he_uniform()"),
    "he_truncated": Call(None, "HeNormal()", "he_normal()"),
    "torch_linear_default": Call(
        "kaiming_uniform_(w, a=5**0.5)",
        'VarianceScaling(1/3, "fan_in", "uniform")',
        'variance_scaling(1/3, "fan_in", "uniform")',
    ),
    "orthogonal": Call("orthogonal_(w)", "Orthogonal()", "orthogonal()"),
}

DEFAULTS: dict[str, Default] = {
    "PyTorch": Default("nn.Linear", "torch_linear_default", "torch_linear_default"),
    "Keras": Default("layers.Dense", "glorot_uniform", "zeros"),
    "Flax": Default("nnx.Linear", "lecun_truncated", "zeros"),
    "scikit-learn": Default("MLPClassifier", "glorot_uniform", "glorot_uniform"),
}
