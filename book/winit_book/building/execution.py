"""Run notebooks: once for all editions, from a cache that knows when it is stale."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import logging
import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .editions import named, stop

CELL_SECONDS = 120
LOG = logging.getLogger("winit.execution")  # nbclient's own logger would chatter through Sphinx's handlers
LOG.propagate = False
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def digest(root: Path, *patterns: str) -> str:
    """Fingerprint of the files that match and of every installed version."""
    content = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                content.update(path.relative_to(root).as_posix().encode())
                content.update(path.read_bytes())
    versions = sorted(f"{d.name}=={d.version}" for d in importlib.metadata.distributions())
    content.update("\n".join(versions).encode())
    return content.hexdigest()[:16]


def cache_path(root: Path) -> Path:
    """The cache of executions; jupyter-cache keys on code cells alone, so the rest is in the path.

    The rest is the helper package, the installed versions, and what the explorers are asked to emit.
    """
    form = os.environ.get("WINIT_EXPLORER", "live")
    return root / "_build" / ".cache" / f"{digest(root, 'winit/**/*')}-{form}"


def execute(notebook: nbformat.NotebookNode, path: Path) -> float:
    """Run the notebook in place, in its own folder, with a new kernel that imports this tree's `winit`.

    Returns
    -------
    float
        Seconds it took.

    Raises
    ------
    SystemExit
        Naming the notebook, the cell and the error when a cell raises, dies or takes too long.
    """
    running = 0

    def remember(cell, cell_index):
        nonlocal running
        running = cell_index

    start = time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name=KERNELSPEC["name"],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # how often a kernel flushes is chance
        on_cell_start=remember,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        log=LOG,
    )
    try:
        environment = os.environ | {"PYTHONPATH": str(path.parents[2]), "OPENBLAS_NUM_THREADS": "1"}
        with ThreadPoolExecutor(
            max_workers=1
        ) as own:  # of the loop: the caller may run in one, `execute` leaves one open
            own.submit(lambda: asyncio.run(client.async_execute(env=environment))).result()
    except CellExecutionError as error:
        print(error.traceback, file=sys.stderr)
        raise stop(f"{named(path)}, cell {running + 1} raised {error.ename}: {error.evalue}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise stop(f"{named(path)}, cell {running + 1}: {error}") from None
    return time.perf_counter() - start


def fill_cache(root: Path, notebooks: Iterable[Path]) -> None:
    """Execute the notebooks whose code is not in the cache yet, two at a time; the rest costs nothing.

    The editions share their code cells and so their entries: the caller passes one edition's notebooks.
    """
    folder = cache_path(root)
    folder.mkdir(parents=True, exist_ok=True)  # a book without notebooks writes nothing there
    cache = get_cache(folder)
    missing = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            missing.append((path, notebook))

    def run(job):
        path, notebook = job
        return path, notebook, execute(notebook, path)

    with ThreadPoolExecutor(max_workers=2) as pool:
        for path, notebook, seconds in pool.map(run, missing):
            print(f"executed {named(path)} in {seconds:.1f} s", flush=True)
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    for stale in folder.parent.iterdir():  # what an older winit or older versions produced
        if stale != folder and time.time() - stale.stat().st_mtime > 30 * 86400:
            for file in sorted(stale.rglob("*"), reverse=True):
                file.rmdir() if file.is_dir() else file.unlink()
            stale.rmdir()
