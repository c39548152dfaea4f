"""Binder installs what the chapters need, as pinned for everybody, and nothing twice."""

import importlib.metadata
import os
import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from winit_book.paths import ROOT
from winit_book.supply import read_pins

BINDER = ROOT / "binder"
on_linux = pytest.mark.skipif(os.name == "nt", reason="a script of bash, for Binder's Linux")


def name_of(line):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower()


def needed(names):
    """The packages that come with these, themselves included."""
    found, left = set(), list(names)
    while left:
        name = name_of(left.pop())
        if name in found:
            continue
        found.add(name)
        requirements = map(Requirement, importlib.metadata.requires(name) or [])
        left += [r.name for r in requirements if not r.marker or r.marker.evaluate({"extra": ""})]
    return found


def test_every_line_is_a_pin_of_the_whole_project():
    ours, all_of_them = (read_pins(folder / "requirements.txt") for folder in (BINDER, ROOT))
    assert set(ours) <= set(all_of_them)


def test_nothing_is_missing_and_nothing_too_much():
    listed = {name_of(pin.name) for pin in read_pins(BINDER / "requirements.txt")}
    compute = re.search(r"^COMPUTE := (.*)", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE)[1].split()
    assert listed == needed(compute) == needed({"numpy", "scipy", "matplotlib", "scikit-learn"})
    assert not {name for name in listed if "jupyter" in name or "sphinx" in name}


def test_the_python_is_named_as_repo2docker_wants_it():
    version = re.fullmatch(r"python-3\.(\d+)\n", (BINDER / "runtime.txt").read_text("utf8"))
    assert version and int(version[1]) >= 11


@on_linux
def test_the_package_itself_comes_last():
    assert os.access(BINDER / "postBuild", os.X_OK)
    assert "pip install --no-cache-dir --no-deps ." in (BINDER / "postBuild").read_text("utf8")


@on_linux
def test_it_starts_with_one_thread():
    code = "from winit import training; print(training.CORES)"
    command = [BINDER / "start", sys.executable, "-c", code]
    assert (
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf8").stdout == "1\n"
    )


@on_linux
def test_the_plan_of_repo2docker(monkeypatch):
    app = pytest.importorskip("repo2docker.app", reason="pip install jupyter-repo2docker")
    monkeypatch.chdir(ROOT)
    plan = app.Repo2Docker(repo=".", dry_run=True)
    packs = (pack(base_image=plan.base_image) for pack in plan.buildpacks)
    pack = next(pack for pack in packs if pack.detect())
    assert type(pack).__name__ == "PythonBuildPack" and pack.binder_dir == "binder"
    version = (BINDER / "runtime.txt").read_text("utf8").strip().removeprefix("python-")
    assert pack.python_version == version
    before_the_copy = "\n".join(script for _, script in pack.get_preassemble_scripts())
    assert "binder/requirements.txt" in before_the_copy  # so that a commit of ours keeps this layer
    assert not [script for _, script in pack.get_assemble_scripts() if "pip install" in script]
    assert pack.get_post_build_scripts() == ["binder/postBuild"]
    assert pack.get_start_script() == "${REPO_DIR}/binder/start"
