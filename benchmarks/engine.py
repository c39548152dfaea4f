"""The engine beside its peers and its floor: warm, from the start of a process, and on two cores."""

import importlib
import importlib.util
import os
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import partial
from pathlib import Path

import numpy as np

from winit import training

from . import floors, with_winit
from .jobs import jobs
from .rows import Row, at_most, faster, medians, of_floor, one_core

NEEDS = {"PyTorch": "torch", "JAX": "jax"}
ENGINES = {"ours": "with_winit", "textbook float64": "classic", "PyTorch": "with_torch", "JAX": "with_jax"}
INSTALLED = {name: module for name, module in ENGINES.items() if importlib.util.find_spec(NEEDS.get(name, "numpy"))}
FIRST_CALL = """
import importlib, pickle, sys
module, solve, file = sys.argv[1:]
print(getattr(importlib.import_module(f"benchmarks.{module}"), solve)(pickle.load(open(file, "rb"))))
"""
BUSY = "import numpy as np\na = np.ones((300, 300), np.float32)\nwhile True:\n    a @ a"


def rows(rounds):
    every = list(jobs())
    for job in every:
        yield warm(job, rounds)
    for job in every:
        yield first_call(job, max(3, rounds // 2))
    if (os.cpu_count() or 1) > 1:
        yield from two_cores(next(job for job in every if job.name.startswith("8 MLPs")), rounds)


def warm(job, rounds):
    """All engines in one process, after a first call of each, which also says whether they agree."""
    modules = {name: importlib.import_module(f"{__package__}.{module}") for name, module in INSTALLED.items()}
    solvers = {name: partial(getattr(module, job.solve), copy(job.problem)) for name, module in modules.items()}
    with one_core(), np.errstate(all="ignore"):
        outcomes = {name: solver() for name, solver in solvers.items()}
        solvers["floor"] = partial(getattr(floors, job.solve), job.problem)
        seconds = medians(dict.fromkeys(ENGINES) | solvers, rounds)
    reference = outcomes["textbook float64"]  # distances are relative where it exceeds 1
    distances = [np.max(np.abs(found - reference) / np.maximum(1, np.abs(reference))) for found in outcomes.values()]
    goals = [of_floor(job.share, seconds), at_most(1e-3, np.max(distances), "{:.0e} between losses")]
    return Row(job.name, seconds, goals + ([faster(job.times, seconds, "PyTorch")] if job.times else []))


def first_call(job, rounds):
    """What a student waits for, wall time of a new process: start, import, read the problem, compute."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem"
        file.write_bytes(pickle.dumps(job.problem))
        solvers = {name: partial(new_process, FIRST_CALL, m, job.solve, str(file)) for name, m in INSTALLED.items()}
        seconds = medians(dict.fromkeys(ENGINES) | solvers, rounds, time.perf_counter)
    return Row(f"first call: {job.name}", seconds, [faster(1, seconds, name) for name in NEEDS])


def new_process(code, *arguments):
    """Run some Python; modules are compiled once."""
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folder = Path(__file__).parents[1]
    subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


def two_cores(job, rounds):
    """Threads over chunks, against the products and, beside a busy process, against one thread; wall time."""
    halves = [copy(job.problem), copy(job.problem)]
    for k, half in enumerate(halves):
        half.specs = job.problem.specs[k::2]

    def ours(cores):
        training.CORES = cores
        with_winit.train(job.problem)

    def floor():
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(floors.train, halves))

    cores, functions = training.CORES, {"ours": partial(ours, 2), "one thread": partial(ours, 1), "floor": floor}
    idle = medians(functions, rounds, time.perf_counter)
    other = subprocess.Popen([sys.executable, "-c", BUSY])
    try:
        busy = medians(functions, rounds, time.perf_counter)
    finally:
        other.kill()
        training.CORES = cores
    yield Row(f"two cores: {job.name}", idle, [of_floor(0.70, idle)])
    goal = at_most(1, busy["ours"] / busy["one thread"], "{:.2f} × the time of one thread")
    yield Row("two cores beside a busy process", busy, [goal])
