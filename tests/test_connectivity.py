"""Fans are counts of connections, so they are counted."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winit import Fans, fans


@pytest.mark.parametrize(
    ("shape", "options", "expected"),
    [
        ((784, 100), {}, (784, 100)),
        ((100, 784), {"order": "out_in"}, (784, 100)),
        ((5, 5, 3, 10), {}, (75, 250)),
        ((10, 3, 5, 5), {"order": "out_in"}, (75, 250)),
        ((3, 3, 1, 8), {"groups": 8}, (9, 9)),  # depthwise
        ((8, 1, 3, 3), {"order": "out_in", "groups": 8}, (9, 9)),
        ((3, 3, 1, 16), {"groups": 8}, (9, 18)),  # depthwise with multiplier 2
        ((3, 4, 6), {"groups": 2}, (12, 9)),
        ((1, 1), {}, (1, 1)),
    ],
)
def test_on_paper(shape, options, expected):
    assert fans(shape, **options) == Fans(*expected)


def connections(n_in, n_out, width, groups):
    """True where output (position, channel) depends on input (position, channel) of a 1-D convolution on a ring."""
    ring = width + 3
    linked = np.zeros((ring, n_in, ring, n_out), bool)
    for i in range(n_in):
        for o in range(n_out):
            if i // (n_in // groups) == o // (n_out // groups):
                for position in range(ring):
                    linked[(position + np.arange(width)) % ring, i, position, o] = True
    return linked


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_against_counted_connections(in_per_group, out_per_group, width, groups):
    n_in, n_out = groups * in_per_group, groups * out_per_group
    linked = connections(n_in, n_out, width, groups)
    counted = Fans(int(linked[:, :, 0, 0].sum()), int(linked[0, 0].sum()))
    assert fans((width, in_per_group, n_out), groups=groups) == counted
    assert fans((n_out, in_per_group, width), order="out_in", groups=groups) == counted


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5))
def test_the_two_orders_are_one_layer(shape):
    *spatial, n_in, n_out = shape
    result = fans(shape)
    assert result == fans((n_out, n_in, *spatial), order="out_in")
    assert result.fan_in * n_out == result.fan_out * n_in == math.prod(shape)


@pytest.mark.parametrize("shape", [(np.int64(3), np.int32(4)), [3, 4], np.array([3, 4])])
def test_any_sequence_of_any_integers(shape):
    result = fans(shape)
    assert result == (3, 4)
    assert all(type(fan) is int for fan in result)


@pytest.mark.peers
def test_against_torch_and_where_torch_is_wrong():
    import torch

    theirs = torch.nn.init._calculate_fan_in_and_fan_out
    for layer in (torch.nn.Linear(7, 5), torch.nn.Conv2d(3, 10, 5), torch.nn.Conv1d(4, 6, 3)):
        assert theirs(layer.weight) == fans(layer.weight.shape, order="out_in")
    depthwise = torch.nn.Conv2d(8, 8, 3, groups=8)
    assert theirs(depthwise.weight) == (9, 72)
    assert fans(depthwise.weight.shape, order="out_in", groups=8) == (9, 9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shape": ()}, "shape must be a sequence of rank 2 or more, got ()"),
        ({"shape": (3,)}, "shape must be a sequence of rank 2 or more, got (3,)"),
        ({"shape": 3}, "shape must be a sequence of rank 2 or more, got 3"),
        ({"shape": None}, "shape must be a sequence of rank 2 or more, got None"),
        ({"shape": (3, 0)}, "every size in shape must be a positive integer, got 0"),
        ({"shape": (-3, 4)}, "every size in shape must be a positive integer, got -3"),
        ({"shape": (3.0, 4)}, "every size in shape must be a positive integer, got 3.0"),
        ({"shape": (True, 4)}, "every size in shape must be a positive integer, got True"),
        ({"shape": "34"}, "shape must be a sequence of rank 2 or more, got '34'"),
        ({"shape": (3, 4), "order": "oi"}, "order must be one of 'in_out', 'out_in', got 'oi'"),
        ({"shape": (3, 4), "groups": 0}, "groups must be a positive integer, got 0"),
        ({"shape": (3, 4), "groups": 1.0}, "groups must be a positive integer, got 1.0"),
        ({"shape": (3, 4), "groups": 3}, "groups must divide the 4 output channels of shape (3, 4), got 3"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError) as caught:
        fans(**arguments)
    assert message in str(caught.value)
