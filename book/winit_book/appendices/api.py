"""The page of the package: signatures and docstrings of what is public in `winit`, module by module.

`:::{made-api} moments` documents the names in `__all__` of a module, each under an anchor of its own, its shortest
address in code: ``api.html#winit.fans``, ``api.html#winit.moments.gain``. The docstrings are English in every edition,
and the page says so to a screen reader; the titles of their sections are in the language of the edition.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.ext.autodoc.mock import mock
from sphinx.ext.napoleon import NumpyDocstring
from sphinx.locale import _
from sphinx.util.nodes import make_refnode

import winit

MODULES = (
    "activations connectivity initializers moments meanfield layers network measure data specs training rbm sweep "
    "plotting results explorers progress frameworks choosing check torch"
).split()
PEERS = [name for name in ("torch",) if find_spec(name) is None]  # a docstring is read without what it speaks of
MARKUP, ESCAPED = re.compile("([*_|])"), r"\\\1"  # the task of an exercise is plain text


def held(module: str) -> ModuleType:
    """A module of the package, to be read and not to be used."""
    with mock(PEERS):
        return import_module(f"winit.{module}")


def public(module: str) -> dict[str, Any]:
    """What is in `__all__` of a module."""
    found = held(module)
    return {name: vars(found)[name] for name in found.__all__}


def explained(module: str) -> dict[str, Any]:
    """The functions and classes among it; the rest are tables and exercises."""
    return {name: value for name, value in public(module).items() if inspect.isroutine(value) or inspect.isclass(value)}


def methods(value) -> list[str]:
    """The public methods of a class, and what makes its objects callable."""
    own = vars(value).items() if inspect.isclass(value) else ()
    return [name for name, method in own if inspect.isfunction(method) and (name[0] != "_" or name == "__call__")]


def address(module: str, name: str) -> str:
    """The shortest way to write a name: ``winit.fans``, ``winit.moments.gain``."""
    at_the_top = name in winit.__all__ and getattr(winit, name) is public(module)[name]
    return f"winit.{name}" if at_the_top else f"winit.{module}.{name}"


def entry(module: str, name: str) -> list[str]:
    """What the page says of a name, in reStructuredText."""
    value, full = public(module)[name], address(module, name)
    if name not in explained(module):
        rows = f"The rows are {', '.join(f'``{row}``' for row in value)}." if isinstance(value, Mapping) else None
        said = rows or MARKUP.sub(ESCAPED, value.task)
        return [f".. py:data:: {name}", f"   :module: {full.removesuffix(f'.{name}')}", "", f"   {said}", ""]
    if not inspect.isclass(value):
        return [f".. autofunction:: {full}", ""]
    signature = "()" if getattr(value, "_is_protocol", False) else ""  # nobody makes an object of it
    members = [f"   :members: {', '.join(methods(value))}", "   :member-order: bysource"] if methods(value) else []
    return [f".. autoclass:: {full}{signature}", *members, ""]


class MadeApi(Directive):
    """`:::{made-api} moments`: what a module says of itself, and all that is public in it."""

    required_arguments = 1

    def run(self):
        module, environment = self.arguments[0], self.state.document.settings.env
        found = held(module)
        environment.note_dependency(found.__file__)
        said = NumpyDocstring(inspect.getdoc(found), environment.config).lines()
        entries = [line for name in public(module) for line in entry(module, name)]
        lines = ["```{eval-rst}", f".. py:currentmodule:: winit.{module}", "", *said, "", *entries, "```"]
        box = nodes.container(classes=["api", "language-en"], support_smartquotes=False)  # {"in", "out"} is code
        self.state.nested_parse(StringList(lines, f"{module}.py"), self.content_offset, box)
        for title in box.findall(lambda node: isinstance(node, (nodes.rubric, nodes.field_name))):
            title["classes"].append(f"language-{environment.config.edition}")
            title[:] = [nodes.Text(_(title.astext()))]
        return [box]


def setup(app):
    app.add_directive("made-api", MadeApi)
    app.connect("missing-reference", _find_at_the_top)


def _find_at_the_top(app, env, node, contnode):
    """A docstring calls by its own name what has an address right below `winit`."""
    name = f"winit.{node.get('reftarget')}"
    found = env.domains["py"].objects.get(name) if node.get("refdomain") == "py" else None
    return found and make_refnode(app.builder, node["refdoc"], found.docname, found.node_id, contnode, name)
