"""A name becomes its object, an object stays itself, and a wrong name gets the right hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winit import ACTIVATIONS, INITIALIZERS, Spec
from winit.arguments import LONGEST, lookup, shown

TABLES = {"activation": ACTIVATIONS, "initializer": INITIALIZERS}
ROWS = [(kind, name) for kind, table in TABLES.items() for name in table]


@pytest.mark.parametrize(("kind", "name"), ROWS)
def test_names_and_objects(kind, name):
    table = TABLES[kind]
    assert lookup(table, name, kind) is table[name]
    assert lookup(table, table[name], kind) is table[name]


def test_what_is_no_string_passes():
    assert lookup(INITIALIZERS, 0.5, "initializer") == 0.5
    assert lookup(INITIALIZERS, None, "initializer") is None


@pytest.mark.parametrize(
    ("kind", "wrong", "nearest"),
    [
        ("initializer", "he-normal", "he_normal"),
        ("initializer", "Glorot_Uniform", "glorot_uniform"),
        ("initializer", "xavier_norml", "xavier_normal"),
        ("initializer", "kaiming_unifrom", "kaiming_uniform"),
        ("activation", "ReLU", "relu"),
        ("activation", "leakyrelu", "leaky_relu"),
        ("activation", "sigmod", "sigmoid"),
    ],
)
def test_the_nearest_choice_is_suggested(kind, wrong, nearest):
    with pytest.raises(ValueError) as caught:
        lookup(TABLES[kind], wrong, kind)
    assert f"unknown {kind} {wrong!r} (did you mean {nearest!r}?); choose one of " in str(caught.value)


def test_all_of_a_family_are_suggested():
    with pytest.raises(ValueError) as caught:
        lookup(INITIALIZERS, "lecun", "initializer")
    family = "'lecun_normal', 'lecun_uniform' or 'lecun_truncated'"
    assert f"unknown initializer 'lecun' (did you mean {family}?)" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("zero", "'zeros'"),
        ("ones", "Constant(1)"),
        ("constant", "Constant(value)"),
        ("default", "'torch_linear_default'"),
    ],
)
def test_what_others_call_otherwise_is_known(name, meaning):
    with pytest.raises(ValueError) as caught:
        lookup(INITIALIZERS, name, "initializer")
    assert f"unknown initializer {name!r} (did you mean {meaning}?)" in str(caught.value)


@given(st.sampled_from(ROWS), st.text(max_size=12))
def test_an_unknown_name_lists_every_choice(row, name):
    kind, _ = row
    table = TABLES[kind]
    if name in table:
        return
    with pytest.raises(ValueError) as caught:
        lookup(table, name, kind)
    assert repr(name) in str(caught.value)
    assert str(caught.value).endswith("; choose one of " + ", ".join(table))


def test_a_long_list_is_shown_by_its_ends():
    assert shown([*range(1000, 1050)]) == "[1000, … 48 more …, 1049]"


def test_a_record_is_shown_as_a_whole():
    spec = Spec([3, 4, 2])
    assert shown(spec) == repr(spec) and len(repr(spec)) > LONGEST
