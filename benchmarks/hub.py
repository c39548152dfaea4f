"""A school's JupyterHub: thirty students run a chapter on two cores, a few at a time, with no settings of its own."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .book import ROOT
from .rows import Row, at_most

CHAPTER = ROOT / "chapters" / "en" / "02_fan_in_fan_out.ipynb"
STUDENTS, AT_ONCE = 30, 6
TICK = os.sysconf("SC_CLK_TCK")


def rows(rounds):
    free = hub(STUDENTS)
    alone = hub(STUDENTS // 3, OPENBLAS_NUM_THREADS="1")
    seconds = {"ours": cpu(free), "one BLAS thread": cpu(alone)}
    goals = [
        at_most(1.15, seconds["ours"] / seconds["one BLAS thread"], "{:.2f} × with one BLAS thread"),
        at_most(350, max(megabytes for _, megabytes in free), "{:.0f} MB, the largest kernel"),
    ]
    yield Row(f"{STUDENTS} kernels on a hub, {AT_ONCE} at a time: a chapter, each", seconds, goals)


def cpu(kernels):
    """CPU seconds of a kernel, all of its threads together."""
    return sum(seconds for seconds, _ in kernels) / len(kernels)


def hub(students, **variables):
    """CPU seconds and megabytes at most of each student's kernel."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment = kept | {"PYTHONPATH": str(ROOT)} | variables
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: kernel(environment), range(students)))


def kernel(environment):
    """Run the chapter in a kernel of its own."""
    seen = []

    def look(cell, cell_index, execute_reply):
        seen.append(used(client.km.provisioner.pid))

    client = NotebookClient(
        nbformat.read(CHAPTER, as_version=4),
        timeout=600,
        resources={"metadata": {"path": str(CHAPTER.parent)}},
        on_cell_executed=look,
    )
    asyncio.run(client.async_execute(env=environment))
    return seen[-1]


def used(pid):
    """CPU seconds so far, and the most memory so far, of a process."""
    numbers = Path(f"/proc/{pid}/stat").read_text("utf8").rpartition(")")[2].split()
    most = next(line for line in Path(f"/proc/{pid}/status").read_text("utf8").splitlines() if line.startswith("VmHWM"))
    return (int(numbers[11]) + int(numbers[12])) / TICK, int(most.split()[1]) / 1000
