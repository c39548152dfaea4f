"""What the docstrings of `winit` promise is there: sections, names of arguments, types, and examples that run."""

import doctest
import inspect
import pkgutil
import re
import typing
from importlib import import_module

import matplotlib as mpl
import numpy as np
import pytest
from winit_book.appendices.api import MODULES, explained, methods, public
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

import winit

WALKED = ["winit", *sorted(info.name for info in pkgutil.walk_packages(winit.__path__, "winit."))]
SECTION = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)


def documented():
    """Every public function, class and method, by its full name."""
    for module in MODULES:
        for name, value in explained(module).items():
            yield f"winit.{module}.{name}", value
            for method in methods(value):
                yield f"winit.{module}.{name}.{method}", getattr(value, method)


DOCUMENTED = dict(documented())


def sections(value) -> dict[str, str]:
    """The sections of a docstring by their titles."""
    pieces = SECTION.split(inspect.getdoc(value) or "")
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def arguments_of(value) -> list[str]:
    return [name.lstrip("*") for name in inspect.signature(value).parameters if name != "self"]


def named(value) -> list[str]:
    """The names that the sections of arguments and attributes explain."""
    said = sections(value)
    heads = re.findall(r"^(\S.*)$", said.get("Parameters", "") + said.get("Attributes", ""), re.MULTILINE)
    return [name.strip().lstrip("*\\") for head in heads for name in head.partition(" : ")[0].split(",")]


def missing(value, shared=False) -> list[str]:
    """What a docstring lacks; a method of every `Initializer` explains its arguments there, once for all."""
    said = sections(value)
    lacks = [] if "Examples" in said and ">>> " in said["Examples"] else ["an example"]
    if inspect.isclass(value):
        fields = set(getattr(value, "_fields", ())) | set(getattr(value, "__annotations__", ()))
        return lacks + [f"an explanation of {name}" for name in sorted(fields - set(named(value)))]
    if shared:
        return lacks
    given = arguments_of(value)
    if given and "Parameters" not in said:
        lacks.append("Parameters")
    elif set(named(value)) != set(given):
        lacks.append(f"Parameters for {given}: it has {named(value)}")
    if given and "Raises" not in said:
        lacks.append("Raises")
    if not {"Returns", "Yields"} & said.keys() and inspect.signature(value).return_annotation != "None":
        lacks.append("Returns")
    return lacks


def is_shared(name: str) -> bool:
    module, _, method = name.rpartition(".")
    own = module.startswith("winit.initializers.") and not module.endswith(".Initializer")
    return own and hasattr(winit.Initializer, method)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_public_docstring_says_it_all(name):
    lacks = missing(DOCUMENTED[name], is_shared(name))
    assert not lacks, f"the docstring of {name} lacks {', '.join(lacks)}"


@pytest.mark.parametrize("name", [name for name, value in DOCUMENTED.items() if inspect.isfunction(value)])
def test_a_public_function_is_annotated(name):
    for variant in typing.get_overloads(DOCUMENTED[name]) or [DOCUMENTED[name]]:
        signature = inspect.signature(variant)
        bare = [p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != "self"]
        bare += ["its result"] * (signature.return_annotation is signature.empty)
        assert not bare, f"{name} has no annotation of {', '.join(bare)}"


def test_every_module_of_the_package_has_its_public_names():
    for name in winit.__all__:
        if inspect.ismodule(getattr(winit, name)):
            assert name in MODULES
        else:
            assert any(name in public(module) for module in MODULES), name


def test_the_page_of_the_package_has_a_section_for_every_module():
    for edition in read_editions(ROOT):
        text = (ROOT / "chapters" / edition.language / "api.md").read_text("utf8")
        assert re.findall(r"<!-- section: (\w+) -->\n## .+\n\n:::{made-api} (\w+)\n", text) == [(m, m) for m in MODULES]


@pytest.fixture
def plainly():
    """How arrays are written, whatever another test has set; figures in the style of Matplotlib."""
    with np.printoptions(precision=8, suppress=False, legacy=False), mpl.rc_context():
        yield


EXAMPLES = [pytest.param(name, marks=[pytest.mark.peers] * (name == "winit.torch")) for name in WALKED]


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_give_what_they_show(module, plainly, capsys):
    result = doctest.testmod(import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert not result.failed, capsys.readouterr().out


def incomplete(shape, *, rng):
    """Nothing but this line.

    Parameters
    ----------
    rng : numpy.random.Generator
    """


def test_what_is_missing_is_noticed():
    assert missing(incomplete) == [
        "an example",
        "Parameters for ['shape', 'rng']: it has ['rng']",
        "Raises",
        "Returns",
    ]
