"""`winit.torch.check_up` sees in a model what can be computed by hand, says so, and leaves no trace."""

import copy
import math
import random
import warnings
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from matplotlib.figure import Figure

torch = pytest.importorskip("torch", reason="needs PyTorch: make peers")

from winit import INITIALIZERS  # noqa: E402
from winit.torch import check_up  # noqa: E402

nn, F = torch.nn, torch.nn.functional
pytestmark = pytest.mark.peers
LABELS = torch.arange(6) % 4


@pytest.fixture(autouse=True)
def in_float64():
    torch.backends.mha.set_fastpath_enabled(True)  # as PyTorch starts
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def cross_entropy(logits):
    return F.cross_entropy(logits, LABELS)


def layer_of(check, name):
    (layer,) = (layer for layer in check.layers if layer.name == name)
    return layer


# Ten models, each with the same pass written out: `by_hand(model, x, see)` calls `see(name, z)` on each z.
# A case: model, x, loss_of, by_hand, which axis of z counts the samples.


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.first, self.second = nn.Conv2d(8, 8, 3, padding=1, groups=2), nn.Conv2d(8, 8, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        h = self.relu(self.norm(self.stem(x)))
        h = self.relu(h + self.second(self.relu(self.first(h))))
        return self.head(h.mean((2, 3)))


def residual(m, x, see):
    z = see("stem", F.conv2d(x, m.stem.weight, padding=1))
    mean, var = z.mean((0, 2, 3), keepdim=True), z.var((0, 2, 3), keepdim=True, correction=0)
    h = ((z - mean) / (var + m.norm.eps).sqrt()).relu()
    inner = see("first", F.conv2d(h, m.first.weight, m.first.bias, padding=1, groups=2)).relu()
    h = (h + see("second", F.conv2d(inner, m.second.weight, m.second.bias, padding=1))).relu()
    return see("head", h.mean((2, 3)) @ m.head.weight.T + m.head.bias)


class Block(nn.Module):
    """Pre-norm, as in GPT."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.wide, self.narrow = nn.Linear(8, 32), nn.Linear(32, 8)

    def forward(self, x):
        h = self.norm(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        return (x + self.narrow(F.gelu(self.wide(self.norm(x))))).mean(1)


def heads(q, k, v, n):
    """Attention of n heads over (samples, time, units)."""
    q, k, v = (a.unflatten(-1, (n, -1)).transpose(1, 2) for a in (q, k, v))
    shares = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1)
    return (shares @ v).transpose(1, 2).flatten(2)


def block(m, x, see):
    h, a = m.norm(x), m.attention
    parts = zip("qkv", a.in_proj_weight.chunk(3), a.in_proj_bias.chunk(3), strict=True)
    q, k, v = (see(f"attention.{part}_proj", h @ weight.T + bias) for part, weight, bias in parts)
    x = x + see("attention.out_proj", heads(q, k, v, 2) @ a.out_proj.weight.T + a.out_proj.bias)
    h = F.gelu(see("wide", m.norm(x) @ m.wide.weight.T + m.wide.bias))
    return (x + see("narrow", h @ m.narrow.weight.T + m.narrow.bias)).mean(1)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.lstm = nn.Embedding(20, 8, padding_idx=0), nn.LSTM(8, 16, batch_first=True)
        self.head = nn.Linear(16, 4)

    def forward(self, words):
        return self.head(self.lstm(self.words(words))[0][:, -1])


def recurrent(m, words, see):
    x = see("words", m.words.weight[words])
    h = c = torch.zeros(len(x), 16)
    for t in range(x.shape[1]):
        gates = x[:, t] @ m.lstm.weight_ih_l0.T + h @ m.lstm.weight_hh_l0.T + m.lstm.bias_ih_l0 + m.lstm.bias_hh_l0
        i, f, g, o = gates.chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    return see("head", h @ m.head.weight.T + m.head.bias)


class Twins(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared, self.head = nn.Linear(5, 7), nn.Linear(7, 4)

    def forward(self, left, right):
        return self.head((self.shared(left) - self.shared(right)).tanh())


def twins(m, x, see):
    left, right = (see("shared", side @ m.shared.weight.T + m.shared.bias) for side in x)
    return see("head", (left - right).tanh() @ m.head.weight.T + m.head.bias)


class Language(nn.Module):
    """The output layer has the weights of the embedding; the loss is an average over tokens."""

    def __init__(self):
        super().__init__()
        self.places = nn.Parameter(torch.zeros(5, 8))
        self.words, self.mix, self.head = nn.Embedding(20, 8), nn.Linear(8, 8), nn.Linear(8, 20, bias=False)
        self.head.weight = self.words.weight

    def forward(self, words, mask=None):
        h = (self.words(words) + self.places).relu_()
        return {"logits": self.head(F.dropout(self.mix(h), 0.0) * mask[..., None])}


def language(m, x, see):
    h = (see("words", m.words.weight[x["words"]]) + m.places).relu()
    z = see("mix", h @ m.mix.weight.T + m.mix.bias)
    return {"logits": see("head", z * x["mask"][..., None] @ m.words.weight.T)}


def next_word(output):
    targets = torch.arange(30).reshape(6, 5) % 20
    targets[0, 3:] = -100  # the first sample is shorter
    return F.cross_entropy(output["logits"].flatten(0, 1), targets.flatten())


def sequence(**layers):
    return nn.Sequential(OrderedDict(layers))


def perceptron(m, x, see):
    z = see("first", x @ m.first.weight.T + m.first.bias)
    z = see("second", z.relu() @ m.second.weight.T)
    return see("third", z.tanh() @ m.third.weight.T + m.third.bias)


def autoencoder(m, x, see):
    z = see("down", F.conv1d(x, m.down.weight, m.down.bias, stride=2))
    return see("up", F.conv_transpose1d(z.relu(), m.up.weight, m.up.bias, stride=2, groups=2))


def volumes(m, x, see):
    z = see("down", F.conv3d(x, m.down.weight, m.down.bias))
    z = see("up", F.conv_transpose3d(z.relu(), m.up.weight, m.up.bias))
    return see("flat", z.flatten(1) @ m.flat.weight.T + m.flat.bias)


def images(m, x, see):
    return see("up", F.conv_transpose2d(x, m.up.weight, m.up.bias, stride=2, padding=1))


def crossed(m, x, see):
    """Time first: (time, samples, units)."""
    query, key, value = x
    weights = m.q_proj_weight, m.k_proj_weight, m.v_proj_weight
    parts = zip("qkv", (query, key, value), weights, m.in_proj_bias.chunk(3), strict=True)
    q, k, v = (see(f"{part}_proj", a @ weight.T + bias) for part, a, weight, bias in parts)
    mixed = heads(*(a.transpose(0, 1) for a in (q, k, v)), 2).transpose(0, 1)
    return see("out_proj", mixed @ m.out_proj.weight.T + m.out_proj.bias), None


def looked_up(m, x, see):
    """Key and value are one tensor, so that one product gives both."""
    query, key, _ = x
    parts = zip("qkv", (query, key, key), m.in_proj_weight.chunk(3), m.in_proj_bias.chunk(3), strict=True)
    q, k, v = (see(f"{part}_proj", a @ weight.T + bias) for part, a, weight, bias in parts)
    return see("out_proj", heads(q, k, v, 2) @ m.out_proj.weight.T + m.out_proj.bias), None


def normed(m, x, see):
    g, v = m.dense.parametrizations.weight.original0, m.dense.parametrizations.weight.original1
    z = see("dense", x @ (g * v / v.norm(dim=1, keepdim=True)).T + m.dense.bias)
    return see("out", z.relu() @ m.out.weight.T + m.out.bias)


def squares(output):
    return output.square().mean()


CASES = {
    "perceptron": lambda: (
        sequence(
            first=nn.Linear(5, 9),
            relu=nn.ReLU(inplace=True),
            second=nn.Linear(9, 9, bias=False),
            tanh=nn.Tanh(),
            third=nn.Linear(9, 4),
        ),
        torch.randn(6, 5),
        cross_entropy,
        perceptron,
        0,
    ),
    "residual CNN": lambda: (Residual(), torch.randn(6, 3, 5, 5), cross_entropy, residual, 0),
    "transformer block": lambda: (Block(), torch.randn(6, 3, 8), squares, block, 0),
    "LSTM": lambda: (Recurrent(), torch.randint(1, 20, (6, 3)), cross_entropy, recurrent, 0),
    "called twice": lambda: (Twins(), (torch.randn(6, 5), torch.randn(6, 5)), cross_entropy, twins, 0),
    "tokens": lambda: (
        Language(),
        {"words": torch.randint(20, (6, 5)), "mask": torch.ones(6, 5)},
        next_word,
        language,
        0,
    ),
    "1-d": lambda: (
        sequence(
            down=nn.Conv1d(4, 6, 3, stride=2), relu=nn.ReLU(True), up=nn.ConvTranspose1d(6, 8, 4, stride=2, groups=2)
        ),
        torch.randn(6, 4, 9),
        squares,
        autoencoder,
        0,
    ),
    "2-d": lambda: (
        sequence(up=nn.ConvTranspose2d(3, 5, 4, stride=2, padding=1)),
        torch.randn(6, 3, 4, 4),
        lambda z: z.square().mean((1, 2, 3)),  # a loss for each sample
        images,
        0,
    ),
    "3-d": lambda: (
        sequence(
            down=nn.Conv3d(2, 3, 2),
            relu=nn.ReLU(),
            up=nn.ConvTranspose3d(3, 2, 2),
            flatten=nn.Flatten(),
            flat=nn.Linear(128, 4),
        ),
        torch.randn(6, 2, 4, 4, 4),
        cross_entropy,
        volumes,
        0,
    ),
    "time first": lambda: (
        nn.MultiheadAttention(8, 2, kdim=6, vdim=5),
        (torch.randn(3, 6, 8), torch.randn(4, 6, 6), torch.randn(4, 6, 5)),
        lambda output: output[0].square().mean(),
        crossed,
        1,
    ),
    "cross attention": lambda: (
        nn.MultiheadAttention(8, 2, batch_first=True),
        (torch.randn(6, 3, 8), *[torch.randn(6, 4, 8)] * 2),
        lambda output: output[0].square().mean(),
        looked_up,
        0,
    ),
    "weight norm": lambda: (
        sequence(dense=nn.utils.parametrizations.weight_norm(nn.Linear(5, 9)), relu=nn.ReLU(), out=nn.Linear(9, 4)),
        torch.randn(6, 5),
        cross_entropy,
        normed,
        0,
    ),
}


def rms(values):
    return torch.cat([value.detach().flatten() for value in values]).square().mean().sqrt().item()


@pytest.mark.parametrize("case", CASES)
def test_what_is_seen_is_what_is_computed_by_hand(case):
    model, x, loss_of, by_hand, axis = CASES[case]()
    check = check_up(model, x, loss_of, batch_axis=axis)
    seen = {}

    def see(name, z):
        z.retain_grad()
        seen.setdefault(name, []).append(z)
        return z

    loss = loss_of(by_hand(model, x, see)).mean()
    (6 * loss).backward()  # six samples
    assert check.loss == pytest.approx(loss.item(), rel=1e-9) and check.samples == 6
    assert [layer.name for layer in check.layers if layer.z_rms is not None] == [*seen]
    for name, values in seen.items():
        layer = layer_of(check, name)
        spread = np.mean([z.std(axis, correction=0).mean().item() for z in values])
        expected = rms(values), spread, rms([z.grad for z in values])
        assert (layer.z_rms, layer.across_sample_std, layer.delta_rms) == pytest.approx(expected, rel=1e-9)
        assert layer.calls == len(values)


def test_delta_is_that_of_one_sample_whatever_is_averaged():
    """Logits of 0 and two classes: δ = ±1/2 for a loss of one token, 1/T of it where a sample has T."""
    model, words = nn.Linear(3, 2), torch.randn(4, 5, 3)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    targets = torch.zeros(4, 5, dtype=torch.long)

    def delta(x, y, **options):
        return check_up(model, x, lambda z: F.cross_entropy(z.movedim(-1, 1), y, **options)).layers[0].delta_rms

    assert delta(words[:, 0], targets[:, 0]) == pytest.approx(0.5)
    assert delta(words[:1, 0], targets[:1, 0]) == pytest.approx(0.5)  # a batch of 1
    assert delta(words[:, 0], targets[:, 0], reduction="none") == pytest.approx(0.5)
    assert delta(words, targets) == delta(words, targets, reduction="none") == pytest.approx(0.5 / 5)
    targets[:, 1:] = -100  # one token counts in each sample, and a fifth of the entries of δ is not 0
    assert delta(words, targets) == pytest.approx(0.5 / math.sqrt(5))


# weights


def promised(layer):
    return [layer.promised[name] for name in ("LeCun", "Glorot", "He", "PyTorch")]


@pytest.mark.parametrize(
    ("make", "name", "fan_in", "fan_out", "default"),
    [
        (lambda: nn.Linear(12, 5), "0", 12, 5, 1 / 36),
        (lambda: nn.Conv1d(4, 6, 3), "0", 12, 18, 1 / 36),
        (lambda: nn.Conv2d(4, 6, 3, groups=2), "0", 18, 27, 1 / 54),
        (lambda: nn.Conv2d(8, 8, 3, groups=8), "0", 9, 9, 1 / 27),
        (lambda: nn.ConvTranspose2d(4, 6, 3), "0", 36, 54, 1 / 162),  # PyTorch takes fan-out for fan-in
        (lambda: nn.ConvTranspose2d(4, 6, 3, groups=2), "0", 18, 27, 1 / 81),
        (lambda: nn.LSTM(10, 20), "0.weight_ih_l0", 10, 20, 1 / 60),
        (lambda: nn.LSTM(10, 20, proj_size=7), "0.weight_hr_l0", 20, 7, 1 / 60),
        (lambda: nn.GRUCell(10, 20), "0.weight_hh", 20, 20, 1 / 60),
        (lambda: nn.MultiheadAttention(16, 2), "0.k_proj", 16, 16, 2 / 64),
        (lambda: nn.MultiheadAttention(16, 2, vdim=8), "0.v_proj", 8, 16, 2 / 24),
        (lambda: nn.MultiheadAttention(16, 2), "0.out_proj", 16, 16, 1 / 48),
    ],
)
def test_the_weights_stand_beside_the_schemes(make, name, fan_in, fan_out, default):
    class Unused(nn.Sequential):
        def forward(self, x):
            return x

    check = check_up(Unused(make()), torch.randn(2, 3), squares)
    variances = [1 / fan_in, 2 / (fan_in + fan_out), 2 / fan_in, default]
    layer = layer_of(check, name)
    assert promised(layer) == pytest.approx([math.sqrt(variance) for variance in variances], rel=1e-12)
    assert layer.note == "not reached" and layer.calls == 0
    assert abs(layer.weight_std**2 / default - 1) < 8 / math.sqrt(2 * 60)


@pytest.mark.parametrize("row", ["lecun_uniform", "glorot_normal", "he_truncated", "torch_linear_default"])
def test_what_was_drawn_is_found_within_its_sampling_error(row):
    model = nn.Linear(300, 100)
    names = {"lecun": "LeCun", "glorot": "Glorot", "he": "He", "torch": "PyTorch"}
    weights = INITIALIZERS[row]((300, 100), rng=np.random.default_rng(1)).T
    error = 1 / math.sqrt(2 * weights.size)
    for factor, within in ((1, True), (1 + 6 * error, False), (1 - 6 * error, False)):
        with torch.no_grad():
            model.weight.copy_(torch.tensor(factor * weights * INITIALIZERS[row].std((300, 100)) / weights.std()))
        found = check_up(model, torch.randn(2, 300), squares).layers[0].within
        assert found == ((names[row.split("_")[0]],) if within else ())


def test_an_embedding_has_a_default_only_and_no_padding():
    model = nn.Embedding(2000, 3, padding_idx=5)
    layer = check_up(model, torch.randint(2000, (7, 2)), squares).layers[0]
    assert layer.promised == {"PyTorch": 1.0} and layer.within == ("PyTorch",)
    weights = np.delete(model.weight.detach().numpy(), 5, axis=0)
    assert (layer.weight_mean, layer.weight_std) == pytest.approx((weights.mean(), weights.std()))


# what is not reached


class Parts(nn.Module):
    def __init__(self):
        super().__init__()
        self.frozen, self.seen, self.aside = nn.Linear(5, 5), nn.Linear(5, 4), nn.Linear(5, 4)
        self.cut, self.unused, self.quiet = nn.Linear(5, 4), nn.Conv2d(3, 4, 3), nn.Linear(5, 4)
        self.late = nn.Linear(4, 4).requires_grad_(False)
        self.frozen.requires_grad_(False)
        self.bilinear = nn.Bilinear(2, 3, 4)

    def forward(self, x):
        h = self.frozen(x).relu_()
        with torch.no_grad():
            self.quiet(h)
        return self.late(self.seen(h)) + self.cut(h).detach(), self.aside(h)


def test_what_is_not_reached_is_said():
    check = check_up(Parts(), torch.randn(6, 5), lambda output: cross_entropy(output[0]))
    notes = {layer.name: (layer.note, layer.z_rms is not None, layer.delta_rms is not None) for layer in check.layers}
    assert notes == {
        "frozen": ("frozen", True, False),
        "quiet": ("no gradient", True, False),
        "seen": ("", True, True),
        "late": ("frozen", True, True),
        "cut": ("outside the loss", True, False),
        "aside": ("outside the loss", True, False),
        "unused": ("not reached", False, False),
    }
    assert check.others == ("bilinear.weight",)
    assert check.verdict.endswith(
        "Frozen: frozen, late. Not reached: unused. Outside the loss: cut, aside. No gradient: quiet. "
        "Not looked at: bilinear.weight."
    )


@pytest.mark.parametrize("norm", [nn.utils.spectral_norm, nn.utils.parametrizations.spectral_norm])
@pytest.mark.parametrize("frozen", [False, True])
def test_computed_weights_are_frozen_with_what_they_are_computed_from(norm, frozen):
    model = sequence(first=norm(nn.Linear(5, 9)), second=nn.Linear(9, 4))
    model.first.requires_grad_(not frozen)
    layer = check_up(model, torch.randn(6, 5), cross_entropy).layers[0]
    assert layer.note == "frozen" * frozen and (layer.delta_rms is None) == frozen


def test_a_layer_that_is_half_outside_the_loss_is_judged_by_the_rest():
    class Half(nn.Sequential):
        def forward(self, x):
            return self[0](x) + self[0](100 * x).detach()

    layer = check_up(Half(nn.Linear(3, 2)), torch.randn(4, 3), lambda z: z.sum(1)).layers[0]
    assert layer.note == "2 calls" and layer.delta_rms == pytest.approx(1)


def test_inside_of_an_lstm_and_tied_weights_are_said():
    model, x, loss_of, *_ = CASES["LSTM"]()
    check = check_up(model, x, loss_of)
    assert layer_of(check, "lstm.weight_hh_l0").note == "inside LSTM"
    assert "Inside LSTM: lstm.weight_ih_l0, lstm.weight_hh_l0." in check.verdict
    model, x, loss_of, *_ = CASES["tokens"]()
    check = check_up(model, x, loss_of)
    assert layer_of(check, "head").note == "weights of words" and check.others == ("places",)


def test_a_frozen_model_is_no_mistake():
    model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval().requires_grad_(False)
    check = check_up(model, torch.randn(6, 3, 8), squares)
    assert len(check.layers) == 6 and all(layer.z_rms and "frozen" in layer.note for layer in check.layers)


def test_a_batch_of_one_has_no_spread():
    check = check_up(nn.Linear(5, 4), torch.randn(1, 5), squares)
    assert check.layers[0].across_sample_std is None and check.layers[0].delta_rms


@pytest.mark.parametrize("case", ["perceptron", "residual CNN", "transformer block", "LSTM"])
@pytest.mark.parametrize("how", ["bfloat16", "autocast"])
def test_half_precision(case, how):
    model, x, loss_of, *_ = CASES[case]()
    expected = check_up(model, x, loss_of)
    model = model.float() if how == "autocast" else model.bfloat16()
    x = (
        x.to(model.head.weight.dtype if hasattr(model, "head") else next(model.parameters()).dtype)
        if x.is_floating_point()
        else x
    )
    with torch.autocast("cpu", torch.bfloat16, enabled=how == "autocast"):
        check = check_up(model, x, loss_of)
    assert [layer[:3] for layer in check.layers] == [layer[:3] for layer in expected.layers]
    for ours, exact in zip(check.layers, expected.layers, strict=True):
        assert ours.note == exact.note
        if exact.z_rms:
            assert ours.z_rms == pytest.approx(exact.z_rms, rel=0.02)
            assert ours.delta_rms == pytest.approx(exact.delta_rms, rel=0.1)


# how x is handed over


class Pair(nn.Linear):
    def forward(self, pair):
        return super().forward(pair[0] + pair[1] if isinstance(pair, tuple) else pair["a"])


def test_a_tuple_or_a_dict_that_does_not_fit_is_handed_over_as_it_is():
    a, b = torch.randn(6, 5), torch.randn(6, 5)
    Named = namedtuple("Named", "a b")
    model = Pair(5, 4)
    for x, z in (((a, b), a + b), (Named(a, b), a + b), ({"a": a}, a)):
        check = check_up(model, x, cross_entropy)
        assert check.samples == 6
        assert check.layers[0].z_rms == pytest.approx(rms([F.linear(z, model.weight, model.bias)]))


def test_layers_that_the_loss_calls_are_seen():
    model = sequence(body=nn.Linear(5, 5), head=nn.Identity())
    model.extra = nn.Linear(5, 4)
    model.forward = lambda x: model.body(x)
    check = check_up(model, torch.randn(6, 5), lambda h: cross_entropy(model.extra(h)))
    assert [(layer.name, layer.delta_rms is not None) for layer in check.layers] == [("body", True), ("extra", True)]


# no trace


class Moody(nn.Module):
    """Draws at random from everywhere, and changes whatever a module can change in its forward pass."""

    def __init__(self, raises=False):
        super().__init__()
        self.norm, self.dense, self.dropout = nn.BatchNorm1d(5), nn.Linear(5, 8), nn.Dropout(0.5)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True, dropout=0.1)
        self.spectral = nn.utils.parametrizations.spectral_norm(nn.Linear(8, 4))
        self.register_buffer("table", torch.zeros(3))
        self.steps, self.raises = 0, raises

    def forward(self, x):
        self.steps += 1
        self.table = torch.ones(4)
        self.later = random.random() + np.random.rand()  # noqa: NPY002
        h = self.dropout(self.dense(self.norm(x.clone())))[:, None]
        h = self.attention(h, h, h)[0][:, 0]
        self.eval()
        x.zero_()
        if self.raises:
            raise ArithmeticError("in the forward pass")
        return self.spectral(h)


def state(model, x):
    """All that a pass may change, in values and in identities."""
    own = [{name: value for name, value in vars(m).items() if name[0] != "_"} for m in model.modules()]
    hooks = [sum(len(getattr(m, name)) for name in vars(m) if "hooks" in name) for m in model.modules()]
    tensors = [*model.state_dict().items(), ("x", x)] + [(n, p.grad) for n, p in model.named_parameters()]
    values = [(name, None if value is None else value.tolist()) for name, value in tensors]
    identities = [*map(id, model.parameters()), *map(id, model.buffers()), *(id(p.grad) for p in model.parameters())]
    numpys = [part.tolist() if isinstance(part, np.ndarray) else part for part in np.random.get_state()]  # noqa: NPY002
    drawn = torch.get_rng_state().tolist(), random.getstate(), numpys
    world = (
        F.linear,
        torch.backends.mha.get_fastpath_enabled(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
    )
    return copy.deepcopy((own, hooks, values, drawn)), identities, world


@pytest.mark.parametrize("graded", [False, True])
@pytest.mark.parametrize("fails", ["", "forward", "loss", "backward", "call"])
@pytest.mark.parametrize("around", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_nothing_is_left_changed(fails, graded, around):
    model, x = Moody(fails == "forward"), torch.randn(6, 5)
    if graded:
        for parameter in model.parameters():
            parameter.grad = torch.randn_like(parameter)

    def loss_of(output):
        loss = cross_entropy(output)
        if fails == "loss":
            loss.backward()
            raise ArithmeticError("in the loss")
        return loss.item() if fails == "call" else loss.detach() if fails == "backward" else loss

    with around():
        before = state(model, x)
        if fails:
            with pytest.raises((ArithmeticError, TypeError, ValueError)) as raised:
                check_up(model, x, loss_of)
            if fails in ("forward", "loss"):
                (note,) = raised.value.__notes__
                assert note.startswith("raised by model(x)," if fails == "forward" else "raised by loss_of(model(x)),")
        else:
            assert all(layer.delta_rms is not None for layer in check_up(model, x, loss_of).layers)
        assert state(model, x) == before


# what it says


def deep(std=None, *, activation=nn.Tanh, width=64, depth=12, norm=False, bias=False):
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(width, width, bias=bias), *[nn.BatchNorm1d(width)] * norm, activation()]
    model = nn.Sequential(*layers, nn.Linear(width, 4, bias=bias))
    for layer in model:
        if isinstance(layer, nn.Linear) and std:
            nn.init.normal_(layer.weight, std=std)
    return model


def verdict(model, x=None):
    x = torch.randn(32, 64) if x is None else x
    return check_up(model, x, lambda z: F.cross_entropy(z, torch.arange(32) % 4)).verdict


def test_the_verdict_names_the_run_of_the_clinic():
    assert verdict(deep(1 / 8)).startswith("Signal and gradient keep their size: RMS z ")
    assert verdict(deep(0.01)).startswith(
        "Layer 2 on (2): signal below 0.01, see run 1 of the clinic. Up to layer 9 (16): "
    )
    assert verdict(deep(100.0, activation=nn.ReLU, norm=True)) == (
        "Layer 1 on (0): signal above 100, see run 2 of the clinic."
    )
    exploding = verdict(deep(1.0, activation=nn.ReLU))
    assert exploding.startswith("Layer 3 on (4): signal above 100, see run 3 of the clinic. Up to layer ")
    assert "gradient above 10000 of the last layer's, see run 3" in exploding
    assert "standardize the inputs" in verdict(deep(depth=3, activation=nn.ReLU), 1000 * torch.randn(32, 64))
    assert "Layer 1 (0): RMS z is nan, see run 3" in verdict(deep(), torch.full((32, 64), math.nan))
    constant = deep(1 / 8)
    nn.init.constant_(constant[2].weight, 0.02)
    assert verdict(constant).startswith("All weights of 2 are equal, and so its units stay: see run 5 of the clinic.")
    biased = deep(0.001, depth=4, bias=True)
    assert "Layer 2 on (2): samples hardly differ, the signal is made of biases" in verdict(biased)
    dead = deep(1 / 8, depth=3, activation=nn.ReLU, bias=True)
    nn.init.constant_(dead[2].bias, -100)
    assert "δ is 0 in 0, 2: no unit behind is alive" in verdict(dead)


def test_an_output_that_starts_at_zero_is_no_fault():
    model = deep(1 / 8, depth=2)
    nn.init.zeros_(model[-1].weight)
    said = verdict(model)
    assert said.startswith("Signal and gradient keep their size")
    assert said.endswith("δ is 0 in 0, 2 as long as the weights of 4 are.")


def test_the_table_has_a_line_a_layer():
    check = check_up(deep(0.01, depth=3), torch.randn(32, 64), squares)
    head, *lines, about, said = str(check).splitlines()
    assert head.split() == "layer name kind RMS z samples RMS δ std LeCun Glorot He PyTorch fits note".split()
    assert [line.split()[:3] for line in lines] == [[str(i + 1), str(2 * i), "Linear"] for i in range(4)]
    first = check.layers[0]
    shown = [first.z_rms, first.across_sample_std, first.delta_rms, first.weight_std, *promised(first)]
    assert [float(cell) for cell in lines[0].split()[3:]] == pytest.approx(shown, rel=0.05)
    assert about.endswith("δ is 32 × the gradient of the mean over 32 samples") and said == check.verdict
    assert repr(check) == str(check)


def test_the_chart():
    check = check_up(Parts(), torch.randn(6, 5), lambda output: cross_entropy(output[0]))
    ax = Figure().add_subplot()
    assert check.plot(ax) is ax and ax.get_yscale() == "log"
    z, samples, delta = ax.get_lines()
    assert z.get_xdata().tolist() == samples.get_xdata().tolist() == [1, 2, 3, 4, 5, 6]
    assert z.get_ydata().tolist() == [layer.z_rms for layer in check.layers[:6]]
    assert [(x, y) for x, y in zip(delta.get_xdata(), delta.get_ydata(), strict=True)] == [
        (number, layer.delta_rms) for number, layer in enumerate(check.layers, 1) if layer.delta_rms
    ]
    assert {text.get_text() for text in ax.texts} == {"RMS $z$ →", "samples", "RMS $\\delta$ ←"}
    with pytest.raises(TypeError, match="ax must be a"):
        check.plot(None)


# wrong calls

DENSE, X = nn.Linear(5, 4), torch.randn(6, 5)
with warnings.catch_warnings(action="ignore"):
    SCRIPT = nn.Sequential(torch.jit.script(nn.Linear(5, 4)))


@pytest.mark.parametrize(
    ("model", "x", "loss_of", "kind", "message"),
    [
        (np.zeros(3), X, squares, TypeError, r"model must be a torch\.nn\.Module, got array \(3,\)"),
        (SCRIPT, X, squares, TypeError, "as it is written; torch.jit has compiled it"),
        (nn.ReLU(), X, squares, ValueError, "model must be a model with linear, .* layers, got the class ReLU"),
        (nn.LazyLinear(4), X, squares, ValueError, "its shapes: weight has none yet, so call"),
        (
            nn.Linear(5, 4, device="meta"),
            X,
            squares,
            ValueError,
            "model must hold numbers: weight is on the device meta",
        ),
        (DENSE, "text", squares, TypeError, "x must be a batch: a tensor, .*, got 'text'"),
        (DENSE, {}, squares, TypeError, "x must be a batch"),
        (DENSE, torch.tensor(1.0), squares, ValueError, r"counts its samples along axis 0, got shape \(\)"),
        (DENSE, X[:0], squares, ValueError, r"counts its samples along axis 0, got shape \(0, 5\)"),
        (DENSE, X, torch.tensor(1.0), TypeError, "loss_of must be a function of the output alone"),
        (DENSE, X, nn.CrossEntropyLoss(), TypeError, "loss_of must be a function of the output alone"),
        (DENSE, X, F.cross_entropy, TypeError, "loss_of must be a function of the output alone"),
        (DENSE, X, lambda z: None, TypeError, "what loss_of returns must be a tensor: the mean loss .*, got None"),
        (DENSE, X, lambda z: z.sum().item(), TypeError, "what loss_of returns must be a tensor"),
        (DENSE, X, lambda z: z.argmax(1), TypeError, "of a floating dtype, got 'torch.int64'"),
        (DENSE, X, lambda z: z[0], ValueError, r"or a loss for each sample or token; got shape \(4,\) of 6 samples"),
        (DENSE, X, lambda z: z.detach().mean(), ValueError, "must depend on the output of the model"),
    ],
)
def test_a_wrong_call_is_named(model, x, loss_of, kind, message):
    with pytest.raises(kind, match=message):
        check_up(model, x, loss_of)


def test_a_wrong_axis_is_named():
    with pytest.raises(ValueError, match="batch_axis must be an integer of at least 0, got -1"):
        check_up(DENSE, X, squares, batch_axis=-1)
    with pytest.raises(ValueError, match="along axis 2, got shape"):
        check_up(DENSE, X, squares, batch_axis=2)
