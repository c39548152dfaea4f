"""What may import what, and how little `import winit` costs."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import winit

PACKAGE = Path(__file__).resolve().parents[1] / "winit"
# a module imports only from those before it
ORDER = (
    "arguments progress activations connectivity initializers frameworks moments blocks choosing meanfield layers "
    "network measure data specs training rbm sweep results plotting frames explorers check torch"
).split()
HEAVY = {"matplotlib", "ipywidgets", "sklearn", "scipy", "IPython", "torch"}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def imported_modules(name):
    """The modules of the package that a module imports, anywhere in its code."""
    for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text("utf8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield from [node.module] if node.module else [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "winit":
            yield node.module.partition(".")[2]
        elif isinstance(node, ast.Import):
            yield from [alias.name.partition(".")[2] for alias in node.names if alias.name.split(".")[0] == "winit"]


def test_every_module_has_its_place():
    assert set(MODULES) <= set(ORDER)


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down_only(name):
    below = ORDER[: ORDER.index(name)]
    assert set(imported_modules(name)) <= set(below)


def test_import_takes_nothing_heavy():
    command = "import sys, winit; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, encoding="utf8", check=True
    ).stdout
    assert "numpy" in loaded.split()
    assert not HEAVY & set(loaded.split())


def test_what_computing_does_not_need_is_loaded_at_first_use():
    for name in ("check", "frameworks", "plotting"):
        assert winit.__getattr__(name) is import_module(f"winit.{name}")
    for name, module in {"Explorer": "explorers", "recommend": "choosing"}.items():
        assert winit.__getattr__(name) is getattr(import_module(f"winit.{module}"), name)
    with pytest.raises(AttributeError, match="module 'winit' has no attribute 'nothing'"):
        _ = winit.nothing
    assert {"recommend", "check", "fans"} <= set(dir(winit))


def test_what_needs_pytorch_says_what_to_install():
    command = (
        "import sys; sys.modules['torch'] = None; import winit; print(hasattr(winit, 'torch')); import winit.torch"
    )
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, encoding="utf8")
    assert run.stdout == "False\n" and "ImportError: winit.torch needs PyTorch" in run.stderr
    assert "pip install torch" in run.stderr
