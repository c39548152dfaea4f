"""Run notebooks: once for all editions, from a cache that knows when it is stale."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
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
from sqlalchemy.exc import DatabaseError

from .editions import named, stop
from .made import digest

CELL_SECONDS = 120
LOG = logging.getLogger("winit.execution")  # nbclient's own logger would chatter through Sphinx's handlers
LOG.propagate = False
# what the build adds to a kernel, extensions of IPython
PAGE_FORMS = ("winit_book.content.page_form", "winit_book.content.page_figure")
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def cache_path(root: Path) -> Path:
    """The cache of executions for the site; jupyter-cache keys on code cells alone, so the rest is in the path.

    The rest is the helper package, the installed versions, and the forms that explorers and figures take on a page.
    """
    forms = (f"book/{form.replace('.', '/')}.py" for form in PAGE_FORMS)
    return root / "_build" / ".cache" / f"{digest(root, 'winit/**/*', *forms)}-page"


def execute(notebook: nbformat.NotebookNode, path: Path, extensions: Iterable[str] = ()) -> float:
    """Run the notebook in place, in its own folder, with a new kernel that imports this tree's `winit`.

    Parameters
    ----------
    notebook : NotebookNode
        It gets the outputs.
    path : Path
        Where it lies in the repository, ``chapters/<language>/<name>.ipynb``.
    extensions : iterable of str
        Modules of this tree that the kernel loads as extensions of IPython; a reader's kernel has none.

    Returns
    -------
    float
        Seconds it took.

    Raises
    ------
    SystemExit
        Naming the notebook, the cell and the error when a cell or its display raises, dies or takes too long.
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
        extra_arguments=[
            "--IPKernelApp.log_level=ERROR",
            "--IPKernelApp.reraise_ipython_extension_failures=True",
            *(f"--IPKernelApp.extra_extensions={extension}" for extension in extensions),
        ],
        log=LOG,
    )
    try:
        root = path.parents[2]
        paths = [root, root / "book"] if extensions else [root]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "OPENBLAS_NUM_THREADS": "1"}
        with ThreadPoolExecutor(max_workers=1) as own:  # the caller may run in a loop, `execute` leaves one open
            own.submit(_in_a_loop, client.async_execute, env=environment).result()
    except CellExecutionError as error:
        _refuse_errors(notebook, path)
        print(error.traceback, file=sys.stderr)
        raise stop(f"{named(path)}, cell {running + 1} raised {error.ename}: {error.evalue}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise stop(f"{named(path)}, cell {running + 1}: {error}") from None
    _refuse_errors(notebook, path)
    return time.perf_counter() - start


def _in_a_loop(function, **options) -> None:
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as loop:  # Windows' own is of no use to zmq
        loop.run(function(**options))


def _refuse_errors(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Stop at the first error or warning among the outputs; IPython goes on after what a display raises."""
    for number, cell in enumerate(notebook.cells, 1):
        wanted = "raises-exception" in cell.metadata.get("tags", ())
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and not wanted:
                print("\n".join(output.traceback), file=sys.stderr)
                raise stop(f"{named(path)}, cell {number} raised {output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                print(output.text, file=sys.stderr)
                raise stop(f"{named(path)}, cell {number} warns: {output.text.strip().splitlines()[0]}")


def _holds(cache, notebook: nbformat.NotebookNode) -> bool:
    """Whether the cache knows a notebook and can read what it kept of it."""
    try:
        cache.get_cache_bundle(cache.match_cache_notebook(notebook).pk)
    except (KeyError, ValueError, AttributeError):  # unknown; not there any more; no notebook, or half of one
        return False
    return True


def fill_cache(root: Path, notebooks: Iterable[Path]) -> None:
    """Execute the notebooks whose code is not in the cache yet, two at a time; the rest costs nothing.

    The editions share their code cells and so their entries: the caller passes one edition's notebooks. The short ones
    come last, so that both hands end at about the same time; what runs long has large outputs.
    """
    folder = cache_path(root)
    folder.mkdir(parents=True, exist_ok=True)  # a book without notebooks writes nothing there
    wanted = [(path, nbformat.read(path, as_version=4)) for path in notebooks]
    try:
        cache = get_cache(folder)
        missing = [(path, notebook) for path, notebook in wanted if not _holds(cache, notebook)]
    except (DatabaseError, RuntimeError):  # cut short, empty, or not written by SQLite at all
        print("the cache of executions is damaged; its notebooks are executed anew", flush=True)
        shutil.rmtree(folder)
        folder.mkdir()
        cache, missing = get_cache(folder), wanted
    missing.sort(key=lambda job: -job[0].stat().st_size)

    def run(job):
        number, (path, notebook) = job
        print(f"executing {named(path)} ({number} of {len(missing)}) ...", flush=True)
        return path, notebook, execute(notebook, path, PAGE_FORMS)

    with ThreadPoolExecutor(max_workers=2) as pool:
        for path, notebook, seconds in pool.map(run, enumerate(missing, 1)):
            print(f"executed {named(path)} in {seconds:.1f} s", flush=True)
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
            _, key = cache.create_hashed_notebook(notebook)
            shutil.rmtree(folder / "executed" / key, ignore_errors=True)  # half an entry, of a build that was killed
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    for stale in folder.parent.iterdir():  # what an older winit or older versions produced
        if stale != folder and time.time() - stale.stat().st_mtime > 30 * 86400:
            shutil.rmtree(stale, ignore_errors=True)
