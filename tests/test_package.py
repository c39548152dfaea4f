"""What a reader gets from `pip install .`, and that every version is pinned."""

import json
import re
import subprocess
import sys
import tomllib
from itertools import chain

import pytest
from winit_book.paths import ROOT
from winit_book.supply import read_pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
LIGHT = {"numpy", "scipy", "matplotlib", "ipywidgets", "scikit-learn", "pillow", "threadpoolctl"}


def name_of(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")


def pinned(file):
    return [pin.line for pin in read_pins(ROOT / file)]


def test_the_light_package_is_light():
    assert {name_of(requirement) for requirement in PROJECT["dependencies"]} == LIGHT


def test_every_requirement_is_pinned_exactly():
    lines, peers = pinned("requirements.txt"), pinned("tests/peers.txt")
    assert {name_of(line) for line in lines}.isdisjoint(map(name_of, peers))
    torch = re.search(r"^TORCH := (torch==.*)", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE)[1]
    wanted = PROJECT["optional-dependencies"]["peers"]
    assert torch in wanted and {name_of(requirement) for requirement in wanted} <= {*map(name_of, peers), "torch"}
    extras = [names for extra, names in PROJECT["optional-dependencies"].items() if extra not in ("peers", "torch")]
    wanted = [*PROJECT["dependencies"], *chain.from_iterable(extras)]
    assert {name_of(requirement) for requirement in wanted} <= {name_of(line) for line in lines}


@pytest.mark.slow
def test_an_installed_package_works_away_from_the_repository(tmp_path):
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--target", tmp_path, ROOT], check=True)
    installed = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*.py")}
    assert installed == {"winit"}
    command = "import winit; print(winit.__file__, winit.fans((5, 5, 3, 10)))"
    run = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {command}"]
    output = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, encoding="utf8", check=True).stdout
    assert output.startswith(str(tmp_path)) and output.strip().endswith("Fans(fan_in=75, fan_out=250)")


def test_the_linter_of_scripts_and_styles_is_pinned_and_comes_from_any_registry():
    wanted = json.loads((ROOT / "package.json").read_text("utf8"))
    assert wanted.keys().isdisjoint({"dependencies", "scripts"}), "the site itself takes nothing from npm"
    packages = json.loads((ROOT / "package-lock.json").read_text("utf8"))["packages"]
    for name, version in wanted["devDependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in package and "resolved" not in package for name, package in packages.items() if name)
