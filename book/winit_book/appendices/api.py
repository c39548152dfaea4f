"""The page of the package: signatures and docstrings of what is public in `winit`, module by module.

`:::{made-api} connectivity` documents the names in `__all__` of a module, each under an anchor of its own, which is its
shortest address in code: ``api.html#winit.fans``, ``api.html#winit.moments.gain``. The docstrings are English in every
edition, and say so to a screen reader.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType
from typing import Any

import winit

MODULES = [
    f"winit.{name}"
    for name in (
        "connectivity activations initializers moments meanfield layers network measure data specs training sweep rbm "
        "plotting explorers progress frameworks"
    ).split()
]


def public(module: str) -> dict[str, Any]:
    """The functions and classes in `__all__` of a module, in its order."""
    held = import_module(module)
    return {name: vars(held)[name] for name in held.__all__ if inspect.isroutine(vars(held)[name]) or inspect.isclass(vars(held)[name])}


def methods(value) -> list[str]:
    """The public methods of a class, those that make its objects callable among them."""
    own = vars(value).items() if inspect.isclass(value) else ()
    return [name for name, method in own if inspect.isfunction(method) and (name[0] != "_" or name == "__call__")]
