"""What authors and readers' machines wait for: executing the chapters, building the site, building it again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .binder import copy
from .rows import Row, at_most

ROOT = Path(__file__).resolve().parents[1]
# In a process of its own, whose children are the kernels: seconds, and the most memory one of them took
EXECUTE = """
import resource, sys, time
from pathlib import Path
from winit_book.building.editions import read_editions
from winit_book.building.execution import fill_cache
root, edition = Path(sys.argv[1]), int(sys.argv[2])
notebooks = read_editions(root)[edition].notebooks
start = time.perf_counter()
fill_cache(root, notebooks)
seconds = time.perf_counter() - start
print("RESULT", seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000)
"""


def run(folder, *command):
    """Seconds of a command in the folder, and what it printed."""
    paths = os.pathsep.join(map(str, (folder, folder / "book")))
    environment = os.environ | {"PYTHONPATH": paths}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, text=True, encoding="utf8", stdout=-1, stderr=-2
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
    return time.perf_counter() - start, done.stdout


def build(folder):
    return run(folder, str(Path(sys.executable).with_name("jupyter-book")), "build", ".")[0]


def the_course():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy(folder)
        first, second = (run(folder, "-c", EXECUTE, name, str(k))[1].split("RESULT")[1].split() for k in (0, 1))
        (once, memory), again = map(float, first), float(second[0])
        pages = build(folder)
        unchanged = build(folder)
    cold = once + pages
    yield Row("all chapters of one edition executed", once, {}, None, [at_most("seconds", once, 90, "{:.0f}", " s")])
    goal = at_most("share of the first", again / once, 0.10, "{:.1%}")
    yield Row("the second edition executed", again, {"first edition": once}, None, [goal])
    goal = at_most("share of a cold build", unchanged / cold, 0.15, "{:.1%}")
    yield Row("an unchanged book built again", unchanged, {"cold build": cold}, None, [goal])
    goal = at_most("peak memory of a kernel", memory, 500, "{:.0f}", " MB")
    yield Row("memory of the chapters", once, {}, None, [goal])


def growth(sizes=(2, 4, 6, 8, 10)):
    """Cold builds of a book of equal chapters; ten take what two and six foretell."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "book")]
    import tiny_book

    def chapter(number):
        cells = [
            tiny_book.text(f"# {number} chapter\n\nA claim."),
            tiny_book.code(f"import numpy as np\n\nn = {number}"),
        ]
        for section in range(20):
            formula = f"$$\\operatorname{{Var}}(z_{{{section}}}) = n \\sigma^2 q_{{{section}}}$$"
            cells += [
                tiny_book.text(
                    f"<!-- section: part-{section} -->\n## Part {section}\n\nWords and $x_{section}$.\n\n{formula}"
                ),
                tiny_book.code(f"print(n, {section}, np.random.default_rng(n).standard_normal(10**5).std().round(1))"),
            ]
        return tiny_book.notebook(*cells)

    seconds = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            chapters = {f"{k:02d}_chapter": chapter(k) for k in range(1, size + 1)}
            pages = {"index": "# Course\n\nWords.\n"} | chapters
            folder = tiny_book.write(Path(name), {language: pages for language in ("ko", "en")})
            seconds[size] = build(folder)
    line = seconds[2] + 2 * (seconds[6] - seconds[2])
    peers = {f"{size} chapters": seconds[size] for size in sizes[:-1]}
    goal = at_most("time of the straight line through 2 and 6 chapters ×", seconds[10] / line, 1.15)
    yield Row("a book of 10 chapters, cold", seconds[10], peers, line, [goal])


def rows(rounds):
    yield from the_course()
    yield from growth()
