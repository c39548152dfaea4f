"""What chapter 11 says that its listings print is what they print, in PyTorch, in Keras and in JAX."""

import re
from itertools import pairwise

import pytest
from page_sources import listings, sources

LISTINGS, *OTHERS = (listings(path) for path in sources("11_real_networks"))
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[-+]\d+)?(?![\w.])")
TOLD = [
    (code, text) for (language, code), (other, text) in pairwise(LISTINGS) if (language, other) == ("python", "text")
]
NAMES = "deep dense network", "frozen backbone", "transformer block", "depthwise convolutions", "Keras", "JAX"


def unit(number: str) -> float:
    """One unit of the last digit that is written."""
    mantissa, _, power = number.partition("e")
    return 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))


def differences(seen: str, told: str) -> list[str]:
    """What differs in two texts: all but the numbers exactly, numbers by more than a unit of the last digit."""
    ours, theirs = ([NUMBER.sub("#", " ".join(line.split())) for line in text.splitlines()] for text in (seen, told))
    if ours != theirs:
        return [f"{line!r} is {other!r}" for line, other in zip(ours, theirs) if line != other] or ["another length"]
    pairs = zip(NUMBER.findall(seen), NUMBER.findall(told), strict=True)
    return [f"{a} is {b}" for a, b in pairs if abs(float(a) - float(b)) > 1.01 * max(unit(a), unit(b))]


def test_a_wrong_digit_differs():
    assert not differences("a  0.071 64\nb 1e-05", "a 0.072 64\nb  2e-05")
    assert differences("a 0.071", "a 0.073") == ["0.071 is 0.073"]
    assert differences("a 1.2e-05", "a 1.2e-06") and differences("fits He", "fits Glorot") and differences("a", "a\nb")


def test_the_editions_show_the_same_listings():
    assert len(TOLD) == len(NAMES)
    assert OTHERS and all(other == LISTINGS for other in OTHERS)


@pytest.mark.peers
@pytest.mark.parametrize("listing", TOLD, ids=NAMES)
def test_a_listing_prints_what_the_chapter_says(listing, capsys):
    code, told = listing
    exec(code, {"__name__": "listing"})
    assert differences(capsys.readouterr().out, told) == []


@pytest.mark.peers
def test_initialize_draws_what_its_lines_say():
    import torch
    from torch import nn

    (code,) = (code for language, code in LISTINGS if "def initialize" in code)
    scope = {}
    exec(code, scope)

    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.norm = nn.Conv2d(64, 128, 3, groups=8), nn.BatchNorm2d(128)
            self.up = nn.ConvTranspose2d(64, 32, 4, stride=2, groups=2)
            self.embed, self.gates = nn.Embedding(500, 64), nn.LSTM(64, 96)
            self.dense, self.out = nn.Linear(200, 300), nn.Linear(300, 10)

    torch.manual_seed(0)
    model = Mixed()
    scope["initialize"](model, output=model.out)
    promised = {
        model.conv.weight: (2 / (8 * 9)) ** 0.5,
        model.up.weight: (2 / (32 * 16 / 4)) ** 0.5,
        model.dense.weight: (2 / 200) ** 0.5,
        model.embed.weight: 0.02,
        model.gates.weight_ih_l0: (2 / (64 + 96)) ** 0.5,
    }
    for weight, std in promised.items():
        assert abs(weight.std().item() - std) < 5 * std / (2 * weight.numel()) ** 0.5
    for gate in model.gates.weight_hh_l0.chunk(4):
        assert torch.allclose(gate @ gate.T, torch.eye(96), atol=1e-5)
    assert [part.eq(value).all().item() for part, value in zip(model.gates.bias_ih_l0.chunk(4), (0, 1, 0, 0))] == [
        True
    ] * 4
    for zeros in (model.out.weight, model.gates.bias_hh_l0, model.conv.bias, model.up.bias, model.dense.bias):
        assert not zeros.any()
    assert model.norm.weight.eq(1).all()


@pytest.mark.peers
def test_an_initializer_object_of_keras_repeats_itself():
    from keras import initializers

    for draw in (initializers.HeNormal(), initializers.HeNormal(seed=1)):
        assert (draw((8, 8)) == draw((8, 8))).all()
