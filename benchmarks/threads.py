"""A chapter as a reader runs it, with all threads that BLAS takes unless told otherwise, and with one; wall time.

The chapter is the one of many small products, which two threads once made twice as slow as one.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial

from .book import ROOT
from .engine import BUSY
from .rows import Row, at_most, medians

CHAPTER = "03_xavier"
BESIDE = 4  # busy processes


def rows(rounds):
    functions = {"ours": partial(execute, ""), "one thread": partial(execute, "1")}
    for job, others in ((f"{CHAPTER} at default settings", 0), (f"{CHAPTER} beside {BESIDE} busy processes", BESIDE)):
        with busy(others):
            seconds = medians(functions, max(1, rounds // 2), time.perf_counter)
        goal = at_most(1.05, seconds["ours"] / seconds["one thread"], "{:.2f} × the time of one thread")
        yield Row(job, seconds, [goal])


def execute(threads):
    """Run the chapter in a kernel of its own that is told how many threads to take, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "jupyter", "execute", f"--output={folder}/done", f"{CHAPTER}.ipynb"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": threads}
        subprocess.run(command, check=True, cwd=ROOT / "chapters" / "en", env=environment, stderr=subprocess.DEVNULL)


@contextmanager
def busy(count):
    """Processes of one thread each that multiply matrices without end."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
