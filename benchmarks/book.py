"""What authors and readers' machines wait for: executing the chapters, building the site, building it again."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from .rows import Row, at_most

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import binder_replay  # noqa: E402

# In a process of its own, whose children are the kernels: seconds, and the most memory one of them took
EXECUTE = """
import resource, sys, time
from pathlib import Path
from winit_book.building.editions import read_editions
from winit_book.building.execution import fill_cache
notebooks = read_editions(Path.cwd())[int(sys.argv[1])].notebooks
start = time.perf_counter()
fill_cache(Path.cwd(), notebooks)
print("RESULT", time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000)
"""


def rows(rounds):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        binder_replay.copy(folder)
        first, memory = execute(folder, 0)
        second, _ = execute(folder, 1)
        cold, unchanged = first + build(folder), build(folder)
        change(folder / "chapters" / "en" / "02_fan_in_fan_out.ipynb")
        changed = build(folder)
    yield Row("all chapters of one edition executed", {"ours": first}, [at_most(90, first, "{:.0f} s")])
    goal = at_most(0.10, second / first, "{:.1%} of the first")
    yield Row("the second edition executed", {"ours": second, "first edition": first}, [goal])
    yield Row("the book built", {"ours": cold}, [at_most(100, cold, "{:.0f} s")])
    yield Row("an unchanged book built again", {"ours": unchanged}, [at_most(8, unchanged, "{:.1f} s")])
    yield Row("one Markdown cell changed", {"ours": changed}, [at_most(10, changed, "{:.1f} s")])
    yield Row("memory of the chapters", {"ours": first}, [at_most(350, memory, "{:.0f} MB, the largest kernel")])


def execute(folder, edition):
    """Seconds of all chapters of an edition, and the megabytes of the largest kernel."""
    return map(float, run(folder, "-c", EXECUTE, str(edition)).split("RESULT")[1].split())


def build(folder):
    start = time.perf_counter()
    run(folder, "-m", "winit_book.building")
    return time.perf_counter() - start


def change(path):
    """Add a sentence to a paragraph."""
    notebook = nbformat.read(path, as_version=4)
    cells = (cell for cell in notebook.cells if cell.cell_type == "markdown")
    next(cell for cell in cells if cell.source.endswith(".") and "<" not in cell.source).source += " It goes on."
    nbformat.write(notebook, path)


def run(folder, *command):
    """What a command of this Python prints, run in the folder with the packages that are there."""
    paths = os.pathsep.join(map(str, (folder, folder / "book")))
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf8"}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, text=True, encoding="utf8", stdout=-1, stderr=-2
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
    return done.stdout
