"""The engine beside its peers and its floor: training, RBMs, deep networks; first calls; two cores."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from winit import Spec, data, network, rbm, training

from . import floors, with_winit
from .rows import Goal, Row, at_most, faster, medians, of_floor

SEED, AGREEMENT = 0, 1e-3
ENGINES = {"ours": "with_winit", "textbook float64": "classic", "PyTorch": "with_torch", "JAX": "with_jax"}
NEEDS = {"PyTorch": "torch", "JAX": "jax"}
ROOT = Path(__file__).resolve().parents[1]


# Problems: plain arrays only, so that every engine reads them


def images(samples, pixels=784):
    """A stand-in for MNIST: its shapes."""
    rng = np.random.default_rng(SEED)
    return rng.standard_normal((samples, pixels)).astype(np.float32), rng.integers(10, size=samples)


def training_problem(specs, sets, *, steps, batch, learning_rate=1e-3):
    """What `winit.train` draws from its generator is drawn here for the others."""
    rng = np.random.default_rng(SEED)
    key = int(rng.integers(2**63))
    batches = training.mini_batches(len(sets[0]), batch, steps, rng=rng)
    networks = []
    for spec in specs:
        drawn = network.init(
            spec["widths"], initializer=spec["initializer"], rng=np.random.default_rng([key, spec["seed"]])
        )
        networks.append(arrays_of(drawn) | {"batch_norm": spec["batch_norm"]})
    return {
        "job": "train",
        "specs": specs,
        "rng": np.random.default_rng(SEED),
        "call": {"steps": steps, "learning_rate": learning_rate, "batch": batch},
        "activation": specs[0]["activation"],
        "networks": networks,
        "batches": batches,
        "sets": tuple(a.astype(np.float32 if a.dtype.kind == "f" else np.int64) for a in sets),
        "learning_rate": learning_rate,
    }


def deep_problem(depth=50, width=256, batch=256):
    rng = np.random.default_rng(SEED)
    drawn = network.init((width,) * (depth + 1), initializer="he_normal", rng=rng)
    x, labels = rng.standard_normal((batch, width)).astype(np.float32), rng.integers(width, size=batch)
    networks = [arrays_of(drawn) | {"batch_norm": False}]
    return {"job": "gradients", "networks": networks, "activation": "relu", "x": x, "labels": labels}


def boltzmann_problem(visible=784, hidden=256, samples=10_000, batch=100, learning_rate=0.05):
    """Ten prototypes, seen through noise."""
    rng = np.random.default_rng(SEED)
    prototypes = rng.random((10, visible)) < 0.3
    v = (prototypes[rng.integers(10, size=samples)] ^ (rng.random((samples, visible)) < 0.05)).astype(np.float32)
    start = rbm.start(v, hidden, rng=rng, dtype=np.float32)
    steps, samples_rng = samples // batch, np.random.default_rng(SEED)
    batches = training.mini_batches(samples, batch, steps, rng=samples_rng)
    return {
        "job": "boltzmann",
        "v": v,
        "start": tuple(vars(start).values()),
        "batches": batches,
        "learning_rate": learning_rate,
        "rng": np.random.default_rng(SEED),
        "rng_of_samples": samples_rng,
        "call": {"steps": steps, "learning_rate": learning_rate, "batch": batch},
    }


def arrays_of(parameters):
    return {name: [a[0] for a in getattr(parameters, name)] for name in ("weights", "biases")}


def problems():
    """Name, problem, goals: the share of the floor, and how many times as fast as PyTorch."""

    def deep(inputs, width, activation, initializer, batch_norm=False, seed=SEED):
        return {
            "widths": (inputs, *[width] * 5, 10),
            "activation": activation,
            "initializer": initializer,
            "batch_norm": batch_norm,
            "seed": seed,
        }

    mnist, digits = (*images(3000), *images(500)), data.digits(rng=np.random.default_rng(SEED))
    for width, share, times in ((100, 0.70, 1.5), (32, 0.52, 3.5)):
        # Times He's. Beyond 1.2 losses are chaotic, and below 0.1, where BN makes of η a rate of η / std², too
        scales = np.geomspace(0.1, 1.2, 16) * (2 / width) ** 0.5
        specs = [deep(64, width, "relu", std, norm) for std in scales.tolist() for norm in (False, True)]
        yield (
            f"16 scales × BN, digits, width {width}",
            training_problem(specs, digits, steps=300, batch=64),
            share,
            times,
        )
    specs = [deep(784, 100, "tanh", "glorot_normal", s % 2 > 0, s) for s in range(8)]
    yield "8 MLPs × BN, 784 inputs", training_problem(specs, mnist, steps=200, batch=100), 0.80, 1.3
    specs = [deep(784, 100, "relu", name) for name in ("he_normal", "glorot_normal", 0.01)]
    yield "3 initializers, 784 inputs", training_problem(specs, mnist, steps=300, batch=100), 0.82, None
    yield "RBM CD-1, 784-256, 10 000 samples", boltzmann_problem(), 0.80, 1.3
    yield "propagate: forward + backward, 50 × 256", deep_problem(), 0.80, 1.4


def floor_of(problem):
    """The matrix products of a problem, as a function."""
    if problem["job"] == "train":
        return partial(floors.train, [Spec(**s) for s in problem["specs"]], problem["batches"], problem["sets"])
    if problem["job"] == "boltzmann":
        return partial(floors.boltzmann, *problem["start"][0].shape, *problem["batches"].shape)
    widths = (problem["x"].shape[1], *(len(b) for b in problem["networks"][0]["biases"]))
    return partial(floors.descend, widths, 1, 1, len(problem["x"]), 1)


def engines_of(problem):
    """The engines that are installed: name → function without arguments."""
    found = {}
    for name, module in ENGINES.items():
        if name not in NEEDS or importlib.util.find_spec(NEEDS[name]):
            job = importlib.import_module(f"{__package__}.{module}").JOBS[problem["job"]]
            found[name] = partial(job, dict(problem))
    return found


def peers_of(seconds):
    """The seconds of every peer, None where it is absent."""
    return {name: seconds.get(name) for name in ENGINES if name != "ours"}


# One core, warm


@contextmanager
def one_core():
    """One core, one BLAS thread, one Python thread."""
    cores, available = training.CORES, os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    training.CORES = 1
    if available:
        os.sched_setaffinity(0, {max(available)})
    try:
        with threadpool_limits(1, "blas"), np.errstate(all="ignore"):
            yield
    finally:
        training.CORES = cores
        if available:
            os.sched_setaffinity(0, available)


def warm(jobs, rounds):
    """Ours, peers and floor in one process, after a first call of each, which also says whether they agree."""
    for job, problem, share, times in jobs:
        with one_core():
            engines = engines_of(problem)
            outcomes = {name: function() for name, function in engines.items()}
            seconds = medians(engines | {"floor": floor_of(problem)}, rounds)
        own, floor = seconds.pop("ours"), seconds.pop("floor")
        peers = peers_of(seconds)
        goals = [of_floor(own, floor, share), *([faster(own, peers, "PyTorch", times)] if times else [])]
        yield Row(job, own, peers, floor, [*goals, *agreement(outcomes)])


def agreement(outcomes):
    """The largest distance from the float64 reference, relative where the reference exceeds 1."""
    reference = np.asarray(outcomes["textbook float64"])
    for name, outcome in outcomes.items():
        if name != "textbook float64":
            worst = float(np.max(np.abs(outcome - reference) / np.maximum(1, np.abs(reference))))
            yield Goal(
                f"losses of {name} within {AGREEMENT:g}", f"losses of {name} within {worst:.0e}", worst <= AGREEMENT
            )


# First calls: what a student waits for


def first_calls(jobs, rounds):
    """Wall time of a new process: start, import, read the problem, compute."""
    for job, problem, _, _ in jobs:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "problem"
            file.write_bytes(pickle.dumps(problem))
            commands = {name: partial(new_process, ENGINES[name], file) for name in engines_of(problem)}
            seconds = medians(commands, rounds, time.perf_counter)
        own = seconds.pop("ours")
        peers = peers_of(seconds)
        yield Row(f"first call: {job}", own, peers, None, [faster(own, peers, name) for name in NEEDS])


def new_process(module, file):
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.first_call", module, str(file)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


# Two cores


def two_cores(jobs, rounds):
    """Threads over chunks, against shared products and, beside a busy process, against one thread; wall time."""
    if (os.cpu_count() or 1) < 2:
        return
    job, problem, *_ = next(each for each in jobs if each[0].startswith("8 MLPs"))
    specs = [Spec(**spec) for spec in problem["specs"]]
    halves = [partial(floors.train, specs[k::2], problem["batches"], problem["sets"]) for k in (0, 1)]

    def ours(cores):
        training.CORES = cores
        with_winit.train(problem)

    def floor():
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda half: half(), halves))

    cores = training.CORES
    functions = {"two": partial(ours, 2), "one": partial(ours, 1), "floor": floor}
    try:
        with threadpool_limits(1, "blas"):
            idle = medians(functions, rounds, time.perf_counter)
            with busy_process():
                busy = medians(functions, rounds, time.perf_counter)
    finally:
        training.CORES = cores
    goals = [of_floor(idle["two"], idle["floor"], 0.70)]
    yield Row(f"two cores: {job}", idle["two"], {"one thread": idle["one"]}, idle["floor"], goals)
    goal = at_most("of one thread's time", busy["two"] / busy["one"], 1)
    yield Row("two cores beside a busy process", busy["two"], {"one thread": busy["one"]}, busy["floor"], [goal])


@contextmanager
def busy_process():
    """Another program that multiplies matrices on one core as long as the block runs."""
    loop = "import numpy as np\na = np.ones((300, 300), np.float32)\nwhile True:\n    a @ a"
    process = subprocess.Popen([sys.executable, "-c", loop], env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    try:
        time.sleep(0.5)
        yield
    finally:
        process.kill()
        process.wait()


def rows(rounds):
    jobs = list(problems())
    yield from warm(jobs, rounds)
    yield from first_calls(jobs, max(3, rounds // 2))
    yield from two_cores(jobs, rounds)
