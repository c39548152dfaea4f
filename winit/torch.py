"""A look at one's own PyTorch model before it is trained: `check_up`. Imported by name, ``import winit.torch``."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from inspect import signature
from itertools import chain, takewhile
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from . import arguments, plotting
from .arguments import WrongKind, refusal
from .connectivity import Fans, fans
from .initializers import INITIALIZERS
from .results import Results

try:
    import torch
except ImportError as error:
    raise ImportError(
        "winit.torch needs PyTorch, which is not installed here: pip install torch (on Linux without a graphics card: "
        "pip install torch --index-url https://download.pytorch.org/whl/cpu)"
    ) from error
from torch import nn

__all__ = ["CheckUp", "Layer", "check_up"]

CONVOLUTIONS = nn.Conv1d, nn.Conv2d, nn.Conv3d
TRANSPOSED = nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d
TABLES = nn.Embedding, nn.EmbeddingBag
RECURRENT = nn.RNNBase, nn.RNNCellBase
LOOKED_AT = nn.Linear, *CONVOLUTIONS, *TRANSPOSED, *TABLES, *RECURRENT, nn.MultiheadAttention
KINDS = {"MultiheadAttention": "Attention", "NonDynamicallyQuantizableLinear": "Linear"}  # what the table calls them

SCHEMES = {"LeCun": "lecun_normal", "Glorot": "glorot_normal", "He": "he_normal"}
ERRORS = 4  # how many sampling errors the std of drawn weights may lie off
# What the verdict calls too small or too large, wide enough for every network of the course that learns
SMALL, LARGE = 1e-2, 1e2  # RMS z
SAME = 1e-2  # spread between samples as a share of RMS z
GONE = 1e-4  # RMS δ as a share of that of the last layer


class Layer(NamedTuple):
    """One line of a `CheckUp`; None stands for what was not to be seen.

    Attributes
    ----------
    name : str
        In the model. The projections of an attention are its ``q_proj``, ``k_proj``, ``v_proj`` and ``out_proj``.
    kind : str
        Class of the module.
    calls : int
        How often it was called; the statistics are pooled over all calls.
    z_rms : float or None
        Root mean square of the output z, over samples, positions and units.
    across_sample_std : float or None
        ``z.std(axis=0).mean()``, the spread between samples.
    delta_rms : float or None
        Root mean square of δ = dL/dz, L being the loss of one sample.
    weight_mean, weight_std : float
        Mean and standard deviation of the weights.
    promised : dict of str to float
        What LeCun, Glorot, He and PyTorch's default would give, by the true fans; an embedding, which sums nothing, has
        a default only.
    within : tuple of str
        Which of them `weight_std` is, within its sampling error.
    note : str
        Why something is missing, and what is special.

    Examples
    --------
    >>> check = check_up(torch.nn.Linear(100, 50), torch.randn(8, 100), lambda z: z.square().mean())
    >>> round(check.layers[0].promised["He"], 3)
    0.141
    """

    name: str
    kind: str
    calls: int
    z_rms: float | None
    across_sample_std: float | None
    delta_rms: float | None
    weight_mean: float
    weight_std: float
    promised: dict[str, float]
    within: tuple[str, ...]
    note: str


@dataclass(frozen=True, eq=False)
class CheckUp:
    """What `check_up` found; ``str()`` is a table with a line for each layer, and `verdict` in sentences.

    Attributes
    ----------
    layers : tuple of Layer
        In the order in which they were called first; then those that were not reached.
    loss : float
        The mean over the batch.
    samples : int
        Size of the batch.
    others : tuple of str
        Parameters with two axes or more that belong to no layer of a known kind, and were not looked at.

    Examples
    --------
    >>> x, y = torch.randn(32, 64), torch.arange(32) % 10
    >>> model = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
    >>> check = check_up(model, x, lambda logits: torch.nn.functional.cross_entropy(logits, y))
    >>> [layer.within for layer in check.layers]
    [('PyTorch',), ('PyTorch',)]
    """

    layers: tuple[Layer, ...]
    loss: float
    samples: int
    others: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """What stands out, in sentences."""
        return " ".join(_sentences(self))

    def __str__(self):
        columns = "layer", "name", "kind", "RMS z", "samples", "RMS δ", "std", *SCHEMES, "PyTorch", "fits", "note"
        rows = [
            [
                *(number, layer.name, layer.kind),
                *(
                    None if size is None else f"{size:.2g}"
                    for size in (layer.z_rms, layer.across_sample_std, layer.delta_rms)
                ),
                f"{layer.weight_std:.3g}",
                *(f"{layer.promised[name]:.3g}" if name in layer.promised else None for name in (*SCHEMES, "PyTorch")),
                *(", ".join(layer.within), layer.note),
            ]
            for number, layer in enumerate(self.layers, 1)
        ]
        about = f"loss {self.loss:.3g}; δ is {self.samples} × the gradient of the mean over {self.samples} samples"
        return f"{Results(columns, rows)}\n{about}\n{self.verdict}"

    __repr__ = __str__

    def plot(self, ax: Axes) -> Axes:
        """The chart of the clinic: RMS z and the spread between samples forward, RMS δ backward, over the layers.

        Parameters
        ----------
        ax : matplotlib.axes.Axes

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        TypeError
            No axes.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> check = check_up(torch.nn.Linear(9, 5), torch.randn(8, 9), lambda z: z.square().mean())
        >>> check.plot(Figure().add_subplot()).get_yscale()
        'log'
        """
        arguments.instance("ax", ax, Axes, "plt.subplots()[1]")
        lines = {
            r"RMS $z$ →": ("z_rms", plotting.FORWARD),
            "samples": ("across_sample_std", plotting.INK),
            r"RMS $\delta$ ←": ("delta_rms", plotting.BACKWARD),
        }
        for label, (statistic, color) in lines.items():
            values = np.array([getattr(layer, statistic) for layer in self.layers], np.float64)  # None becomes nan
            seen = np.flatnonzero(np.isfinite(values) & (values > 0))  # a log axis shows no other
            if len(seen):
                plotting.plot_measured(ax, 1 + seen, values[seen], label=label, color=color)
        ax.set(xlabel=r"layer $\ell$", ylabel="RMS", yscale="log")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        return plotting.label_lines(ax)


def check_up(model: torch.nn.Module, x: Any, loss_of: Callable[[Any], torch.Tensor], *, batch_axis: int = 0) -> CheckUp:
    """Look at every layer of a model: one forward and one backward pass, and nothing is left changed.

    It sees ``Linear``, convolutions, transposed ones too, ``Embedding``, the projections of ``MultiheadAttention`` and
    what is derived from these. The weights of ``LSTM``, ``GRU`` and ``RNN`` are compared, a gate being a layer, but
    their signals stay inside. What was not reached, lies outside the loss or is frozen says so.

    Parameters
    ----------
    model : torch.nn.Module
        On any device, in the mode it is in: call ``model.eval()`` before, to look at it as it is tested.
    x : tensor, or tuple, list or dict of tensors
        One batch. A tuple is handed to ``model.forward`` as its arguments and a dict as its keywords where they fit,
        and as a whole where they do not.
    loss_of : callable
        Takes what ``model(x)`` returns. Returns the mean loss over the batch, or a loss for each sample or token, which
        is averaged: ``lambda logits: torch.nn.functional.cross_entropy(logits, y)``.
    batch_axis : int
        Axis of x and of z that counts the samples: 0, or 1 in a model that takes ``(time, batch, units)``.

    Returns
    -------
    CheckUp

    Raises
    ------
    TypeError
        What is no module, no function of one argument, or a loss that is no tensor.
    ValueError
        A model without a layer to look at, or whose sizes or numbers are not there yet; no tensor with this axis in x;
        a loss that is cut off from the model, or neither one number nor some for each sample.

    Notes
    -----
    L is the loss of one sample. What `loss_of` returns is averaged over n samples, so each of them has 1/n of it, and δ
    is n times its gradient. So it is with an average over tokens: the loss of a sample is n times the share of its
    tokens. That is their mean where all samples have equally many; elsewhere a longer sample weighs more. A loss that
    *sums* over the batch makes δ n times too large.

    z is what the layer returns, also where the next one overwrites it in place. Its spread between samples is given
    where z has as many entries along `batch_axis` as x, and more than one. The fans are the true ones of `winit.fans`,
    with stride 1; the default is what PyTorch draws, which counts otherwise in transposed convolutions. A standard
    deviation is within its sampling error when it lies at most four errors off, ``4 std / sqrt(2 N)`` of N weights.

    Hooks, gradients, buffers such as running statistics, the attributes and the mode of the modules and the states of
    the random generators (PyTorch's, NumPy's, Python's) are as before when the function returns, and when it raises. No
    gradient is accumulated, and none of a parameter computed.

    References
    ----------
    Glorot and Bengio (2010), figures 6 and 7, for the measurement.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> model = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
    >>> x, y = torch.randn(32, 64), torch.arange(32) % 10
    >>> print(check_up(model, x, lambda logits: torch.nn.functional.cross_entropy(logits, y)).verdict)
    Signal and gradient keep their size: RMS z 0.23 … 0.59, RMS δ 0.039 … 0.3.
    """
    if not isinstance(model, nn.Module):
        raise refusal("model", "a torch.nn.Module", model, WrongKind)
    if any(isinstance(module, torch.jit.ScriptModule) for module in model.modules()):
        raise WrongKind("model must be a torch.nn.Module as it is written; torch.jit has compiled it or a part of it")
    if not callable(loss_of) or not _fits(loss_of, None):
        must = "a function of the output alone, such as lambda logits: torch.nn.functional.cross_entropy(logits, y)"
        raise refusal("loss_of", must, loss_of, WrongKind)
    batch_axis = arguments.count("batch_axis", batch_axis, least=0)
    samples = _samples(x, batch_axis)
    for name, tensor in chain(model.named_parameters(), model.named_buffers()):
        if nn.parameter.is_lazy(tensor):
            raise ValueError(f"model must know its shapes: {name} has none yet, so call model(x) once before")
        if tensor.is_meta:
            raise ValueError(f"model must hold numbers: {name} is on the device meta")

    with _unchanged(model), torch.inference_mode(False), torch.enable_grad():
        weights = {entry.name: entry for entry in _weights(model)}
        if not weights:
            must = "a model with linear, convolutional, embedding, attention or recurrent layers"
            raise refusal("model", must, type(model))
        signals = _Signals(samples, batch_axis)
        with _watched(model, signals):
            with _told("model(x)"):
                output = _called(model, _cloned(x, {}))
            with _told("loss_of(model(x))"):
                loss = loss_of(output)
        _check(loss, samples, bool(signals.held))
        signals.backward(samples * loss.mean())

        order = [*signals.calls, *(name for name in weights if name not in signals.calls)]
        first: dict[int, str] = {}
        for name in order:
            first.setdefault(id(weights[name].tensor), name)
        layers = tuple(_layer(weights[name], signals, first[id(weights[name].tensor)]) for name in order)
    known = {id(p) for module in model.modules() if isinstance(module, LOOKED_AT) for p in module.parameters()}
    others = [name for name, p in model.named_parameters() if p.ndim > 1 and id(p) not in known]
    return CheckUp(layers, float(loss.detach().mean()), samples, tuple(others))


class _Weights(NamedTuple):
    """The weights of one line, and what is to be known of them."""

    name: str
    kind: str
    tensor: torch.Tensor
    fans: Fans | None
    default: float
    frozen: bool
    unused: int | None = None  # a row that is no weight
    inside: bool = False  # the signals do not leave the module


def _weights(model) -> Iterator[_Weights]:
    """What there is to look at, in the order of the model."""
    for name, module in model.named_modules():
        kind = KINDS.get(type(module).__name__, type(module).__name__)
        if isinstance(module, nn.MultiheadAttention):
            for array, parts in _projections(name, module):
                default = INITIALIZERS["glorot_uniform"].std(array.shape)  # drawn as one array
                for part, weight in zip(parts, array.chunk(len(parts)), strict=True):
                    yield _Weights(
                        part, kind, weight, fans(weight.shape, order="out_in"), default, not array.requires_grad
                    )
        elif isinstance(module, RECURRENT):
            default = 1 / math.sqrt(3 * module.hidden_size)
            for part, weight in _matrices(name, module):  # (gates × units, inputs)
                gate = min(len(weight), module.hidden_size), weight.shape[1]
                yield _Weights(
                    part, kind, weight, fans(gate, order="out_in"), default, not weight.requires_grad, inside=True
                )
        elif isinstance(module, TABLES):
            yield _Weights(
                name or "model", kind, module.weight, None, 1.0, _is_frozen(module), unused=module.padding_idx
            )
        elif isinstance(module, (nn.Linear, *CONVOLUTIONS, *TRANSPOSED)):
            stored = fans(module.weight.shape, order="out_in", groups=getattr(module, "groups", 1))
            true = Fans(*reversed(stored)) if isinstance(module, TRANSPOSED) else stored  # (in, out / groups, …)
            default = INITIALIZERS["torch_linear_default"].std((stored.fan_in, 1))  # PyTorch goes by the shape
            yield _Weights(name or "model", kind, module.weight, true, default, _is_frozen(module))


def _is_frozen(module) -> bool:
    """Whether the weights stay; where they are computed, as under a spectral norm, what they are computed from."""
    weight = module.weight
    computed = not isinstance(weight, nn.Parameter)
    return not any(p.requires_grad for p in (module.parameters() if computed else [weight]) if p.ndim > 1)


def _projections(name, attention) -> list[tuple[torch.Tensor, list[str]]]:
    """The arrays of query, key and value, and the names of the layers that lie in each."""
    parts = [_joined(name, part) for part in ("q_proj", "k_proj", "v_proj")]
    if attention.in_proj_weight is not None:
        return [(attention.in_proj_weight, parts)]
    arrays = attention.q_proj_weight, attention.k_proj_weight, attention.v_proj_weight
    return [(array, [part]) for array, part in zip(arrays, parts, strict=True)]


def _matrices(name, recurrent) -> list[tuple[str, torch.Tensor]]:
    return [(_joined(name, part), weight) for part, weight in recurrent.named_parameters() if weight.ndim == 2]


def _joined(name, part):
    return f"{name}.{part}" if name else part


class _Signals:
    """What arrives at the layers, pooled over their calls."""

    def __init__(self, samples: int, axis: int):
        self.samples, self.axis = samples, axis
        self.calls: Counter[str] = Counter()
        self.z: dict[str, list[tuple[float, int]]] = defaultdict(list)  # a mean square, and of how many
        self.delta: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self.spread: dict[str, list[float]] = defaultdict(list)
        self.held: list[tuple[list[str], torch.Tensor]] = []

    def see(self, names: list[str], z: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        """Note the outputs of the layers that lie side by side in z; the model goes on with what is returned."""
        axis = self.axis if axis is None else axis
        for name, part in zip(names, _parts(z, names), strict=True):
            self.calls[name] += 1
            self.z[name].append(_mean_square(part))
            if self.samples > 1 and part.ndim > axis and part.shape[axis] == self.samples:
                self.spread[name].append(float(part.std(axis).mean()))
        if not z.requires_grad:
            return z
        self.held.append((names, z))
        return z.clone()  # what overwrites it in place leaves ours alone

    def backward(self, loss: torch.Tensor) -> None:
        """δ of all that was seen; nothing is accumulated."""
        outputs = [z for _, z in self.held]
        gradients = torch.autograd.grad(loss, outputs, allow_unused=True) if outputs else ()
        for (names, _), gradient in zip(self.held, gradients, strict=True):
            if gradient is not None:
                for name, part in zip(names, _parts(gradient, names), strict=True):
                    self.delta[name].append(_mean_square(part))


def _values(tensor) -> np.ndarray:
    return tensor.detach().to("cpu", torch.float64).numpy()


def _parts(z, names):
    return np.split(_values(z), len(names), axis=-1)


def _mean_square(z):
    return float(np.mean(z * z)), z.size


def _rms(squares) -> float | None:
    """The root of the pooled mean squares, None of nothing."""
    return math.sqrt(sum(mean * n for mean, n in squares) / sum(n for _, n in squares)) if squares else None


def _layer(weights: _Weights, signals: _Signals, first: str) -> Layer:
    """A line of the table; `first` is the first layer with these weights."""
    name, kind, tensor, fan, default, frozen, unused, inside = weights
    values = _values(tensor) if unused is None else np.delete(_values(tensor), unused, axis=0)
    std = float(values.std()) if np.ptp(values) else 0.0
    promised = {label: INITIALIZERS[row].std(fan) for label, row in SCHEMES.items()} if fan else {}
    promised["PyTorch"] = default
    error = ERRORS / math.sqrt(2 * values.size)

    calls, spread, delta = signals.calls[name], signals.spread[name], _rms(signals.delta[name])
    unseen = calls and not inside and delta is None
    graded = any(name in names for names, _ in signals.held)
    notes = {
        "not reached": not calls,
        f"inside {kind}": calls and inside,
        "frozen": frozen,
        "outside the loss": unseen and graded,
        "no gradient": unseen and not graded and not frozen,
        f"{calls} calls": calls > 1,
        f"weights of {first}": first != name,
    }
    return Layer(
        name=name,
        kind=kind,
        calls=calls,
        z_rms=_rms(signals.z[name]),
        across_sample_std=sum(spread) / len(spread) if spread else None,
        delta_rms=delta,
        weight_mean=float(values.mean()),
        weight_std=std,
        promised=promised,
        within=tuple(label for label, expected in promised.items() if abs(std - expected) <= error * expected),
        note=", ".join(note for note, holds in notes.items() if holds),
    )


@contextmanager
def _watched(model, signals) -> Iterator[None]:
    """Show every output of a layer to `signals`."""
    arrays: dict[int, list[str]] = {}  # the layers in each array of an attention

    def see(names, module, inputs, output):
        if isinstance(output, torch.Tensor):
            return signals.see(names, output)

    def count(names, module, inputs, output):
        signals.calls.update(names)

    linear = nn.functional.linear

    def projected(x, weight, bias=None):
        array = weight if weight._base is None else weight._base
        z, names = linear(x, weight, bias), arrays.get(id(array))
        if names is None:
            return z
        units = len(array) // len(names)
        start = (weight.storage_offset() - array.storage_offset()) // (units * array.shape[1])
        names = names[start : start + len(weight) // units]
        whole = z.numel() // z.shape[-1] % signals.samples == 0  # attention puts time first, batch second
        return signals.see(names, z.reshape(-1, signals.samples, z.shape[-1]) if whole else z, axis=1).reshape(z.shape)

    with ExitStack() as stack:
        unheard = []
        for name, module in model.named_modules():
            if isinstance(module, nn.MultiheadAttention):  # calls no module, only this function
                arrays |= {id(array): parts for array, parts in _projections(name, module)}
                arrays[id(module.out_proj.weight)] = [_joined(name, "out_proj")]
                unheard += [module, module.out_proj]
        for name, module in model.named_modules():
            if isinstance(module, LOOKED_AT) and module not in unheard:
                if isinstance(module, RECURRENT):
                    hook = partial(count, [part for part, _ in _matrices(name, module)])
                else:
                    hook = partial(see, [name or "model"])
                stack.callback(module.register_forward_hook(hook).remove)
        if arrays:
            fast = torch.backends.mha.get_fastpath_enabled()
            stack.callback(torch.backends.mha.set_fastpath_enabled, fast)
            torch.backends.mha.set_fastpath_enabled(False)  # calls not even that
            stack.callback(setattr, nn.functional, "linear", linear)
            nn.functional.linear = projected
        yield


@contextmanager
def _unchanged(model) -> Iterator[None]:
    """Leave attributes, buffers, gradients and random states as they are found."""
    places = [
        (place, dict(place))
        for module in model.modules()
        for place in (vars(module), module._parameters, module._buffers, module._modules)
    ]
    gradients = [(parameter, parameter.grad) for parameter in model.parameters()]
    tensors = [*model.buffers(), *(gradient for _, gradient in gradients if gradient is not None)]
    tensors = [(tensor, tensor.detach().clone()) for tensor in tensors]
    devices = {tensor.device for tensor in chain(model.parameters(), model.buffers())}
    states = [*_random_states(devices)]
    try:
        yield
    finally:
        for put, state in states:
            put(state)
        for place, attributes in places:
            place.clear()
            place.update(attributes)
        for parameter, gradient in gradients:
            parameter.grad = gradient
        with torch.no_grad():
            for tensor, values in tensors:
                if not torch.equal(tensor, values):
                    tensor.copy_(values)


def _random_states(devices) -> Iterator[tuple[Callable, Any]]:
    """The generators a model may draw from: how to set each, and its state."""
    yield random.setstate, random.getstate()
    yield np.random.set_state, np.random.get_state()  # noqa: NPY002
    yield torch.set_rng_state, torch.get_rng_state()
    for device in devices:
        if device.type == "mps":
            yield torch.mps.set_rng_state, torch.mps.get_rng_state()
        elif device.type != "cpu":
            module = getattr(torch, device.type)
            yield partial(module.set_rng_state, device=device), module.get_rng_state(device)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say in whose code an error was raised."""
    try:
        yield
    except Exception as error:
        error.add_note(f"raised by {what}, which winit.torch.check_up called")
        raise


def _fits(function, *args, **keywords) -> bool:
    """Whether a call has the arguments that the function takes."""
    try:
        signature(getattr(function, "forward", function)).bind(*args, **keywords)
    except TypeError:
        return False
    except ValueError:  # what is written in C may have no signature
        return True
    return True


def _called(model, x):
    if isinstance(x, Mapping) and all(isinstance(key, str) for key in x) and _fits(model, **x):
        return model(**x)
    return model(*x) if type(x) is tuple and _fits(model, *x) else model(x)


def _tensors(x) -> Iterator[torch.Tensor]:
    if isinstance(x, torch.Tensor):
        yield x
    elif isinstance(x, (Mapping, tuple, list)) and not isinstance(x, nn.utils.rnn.PackedSequence):
        for part in x.values() if isinstance(x, Mapping) else x:
            yield from _tensors(part)


def _cloned(x, clones: dict[int, torch.Tensor]):
    """The batch anew, so that a model may overwrite it; what is one tensor stays one."""
    if isinstance(x, torch.Tensor):
        if id(x) not in clones:
            clones[id(x)] = x.clone()
        return clones[id(x)]
    if type(x) is dict:
        return {key: _cloned(part, clones) for key, part in x.items()}
    return type(x)(_cloned(part, clones) for part in x) if type(x) in (tuple, list) else x


def _samples(x, axis: int) -> int:
    sizes = [tensor.shape[axis] for tensor in _tensors(x) if tensor.ndim > axis]
    if sizes and sizes[0]:
        return sizes[0]
    must = f"a batch: a tensor, or a tuple, list or dict with one, that counts its samples along axis {axis}"
    found = [tuple(tensor.shape) for tensor in _tensors(x)]
    raise ValueError(f"x must be {must}, got shape {found[0]}") if found else refusal("x", must, x, WrongKind)


def _check(loss, samples: int, graded: bool) -> None:
    """Whether a gradient of the loss can be had."""
    must = "a tensor: the mean loss over the batch, or a loss for each sample or token"
    if not isinstance(loss, torch.Tensor):
        raise refusal("what loss_of returns", must, loss, WrongKind)
    shape = tuple(loss.shape)
    if not loss.is_floating_point():
        raise refusal("what loss_of returns", f"{must}, of a floating dtype", str(loss.dtype), WrongKind)
    if loss.numel() != 1 and (not loss.numel() or loss.numel() % samples):
        raise ValueError(f"what loss_of returns must be {must}; got shape {shape} of {samples} samples")
    if graded and not loss.requires_grad:
        raise ValueError(
            "what loss_of returns must depend on the output of the model by differentiable steps; it has no gradient "
            "(argmax, detach, item, numpy and torch.no_grad cut it off)"
        )


def _sentences(check: CheckUp) -> Iterator[str]:
    """What the statistics say, and then what was not looked at."""
    found = [*_faults(check)]
    seen = [layer for layer in check.layers if layer.z_rms is not None]
    if seen and not found:
        deltas = [layer.delta_rms for layer in seen if layer.delta_rms]
        sizes = {"RMS z": [layer.z_rms for layer in seen if layer.z_rms], "RMS δ": deltas}
        ranges = (f"{name} {min(of):.2g} … {max(of):.2g}" for name, of in sizes.items() if of)
        found = [f"Signal and gradient keep their size: {', '.join(ranges)}."]
    yield from found
    zero = _zeros(check)
    still = [layer.name for layer in seen if layer.delta_rms == 0]
    if zero and still:
        yield f"δ is 0 in {_listed(still)} as long as the weights of {_listed(zero)} are."
    kinds = dict.fromkeys(f"inside {layer.kind}" for layer in check.layers)
    for note in ("frozen", "not reached", "outside the loss", "no gradient", *kinds):
        names = [layer.name for layer in check.layers if note in layer.note.split(", ")]
        if names:
            yield f"{note[0].upper()}{note[1:]}: {_listed(names)}."
    if check.others:
        yield f"Not looked at: {_listed(check.others)}."


def _faults(check: CheckUp) -> Iterator[str]:
    """What is wrong at the start, and which run of the clinic shows it."""
    lines = [*enumerate(check.layers, 1)]
    forward = [(number, layer, layer.z_rms) for number, layer in lines if layer.z_rms is not None]
    backward = [(number, layer.name, layer.delta_rms) for number, layer in lines if layer.delta_rms is not None]
    for number, layer, size in forward:
        if not math.isfinite(size):
            yield f"Layer {number} ({layer.name}): RMS z is {size}, see run 3 of the clinic."
            return

    def onward(bad: Callable[[Layer, float], bool]) -> tuple[str, list[float]]:
        """From where on all hidden layers are bad, and their sizes; the last layer may start small or at 0."""
        hidden = forward[:-1]
        start = next((i for i in range(len(hidden)) if all(bad(*line[1:]) for line in hidden[i:])), len(hidden))
        where = f"Layer {hidden[start][0]} on ({hidden[start][1].name})" if hidden[start:] else ""
        return where, [size for *_, size in hidden[start:]]

    equal = [layer.name for layer in check.layers if layer.calls and not layer.weight_std and layer.weight_mean]
    if equal:
        yield f"All weights of {_listed(equal)} are equal, and so its units stay: see run 5 of the clinic."
    where, _ = onward(lambda layer, size: size < SMALL)
    if where:
        yield f"{where}: signal below {SMALL:g}, see run 1 of the clinic."
    where, sizes = onward(lambda layer, size: size > LARGE)
    if where:
        heavy = any(layer.weight_std > 3 * layer.promised.get("He", math.inf) for _, layer, _ in forward)
        level = max(sizes) < 10 * min(sizes)  # a normalization behind each layer hides what is too large
        cure = f"see run {2 if level else 3} of the clinic" if heavy or not level else "standardize the inputs"
        yield f"{where}: signal above {LARGE:g}, {cure}."
    where, _ = onward(lambda layer, size: layer.across_sample_std is not None and layer.across_sample_std < SAME * size)
    if where:
        yield f"{where}: samples hardly differ, the signal is made of biases or of a mean."

    if not math.isfinite(check.loss) or not all(math.isfinite(size) for *_, size in backward):
        yield "The loss or its gradient is no finite number, see run 3 of the clinic."
        return
    gone = [name for _, name, size in backward if not size]
    if gone and not _zeros(check):
        yield f"δ is 0 in {_listed(gone)}: no unit behind is alive, or it is too small for the dtype."
    left = [(number, name, size / backward[-1][2]) for number, name, size in backward if size and backward[-1][2]]
    small, large = (lambda line: line[2] < GONE), (lambda line: line[2] > 1 / GONE)
    for off, told, run in ((small, f"below {GONE:g}", 1), (large, f"above {1 / GONE:g}", 3)):
        for number, name, _ in [*takewhile(off, left)][-1:]:
            yield f"Up to layer {number} ({name}): gradient {told} of the last layer's, see run {run} of the clinic."


def _zeros(check) -> list[str]:
    """The layers on the way whose weights are all 0: outputs, and branches that wake up with the first step."""
    return [layer.name for layer in check.layers if layer.calls and not layer.weight_std and not layer.weight_mean]


def _listed(names) -> str:
    """The first names, and how many there are more."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
