"""Run the tests that reach a mutant, each mutant in a fork of one process that has everything imported but `winit`."""

from __future__ import annotations

import difflib
import importlib
import importlib.machinery
import os
import resource
import signal
import sys
import traceback
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from winit_book.paths import ROOT

QUIET = "-q --no-header --tb=no -r N --assert=plain -p no:cacheprovider -p no:xdist -p no:nbval".split()
MARKED = ["-m", "not site and not builds and not slow and not peers"]
BUDGET = 20  # seconds of the processor that the tests of one mutant may need, as they were measured
MEMORY = 8 << 30
BROKEN = 70


class Reach:
    """What `reach.py` has measured, by the lines of `winit`."""

    def __init__(self, kept: dict):
        self.seconds: dict[str, float] = {}
        self.failed = [test for of_file in kept["files"].values() for test in of_file["failed"]]
        self.lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for of_file in kept["files"].values():
            for test, (seconds, reached) in of_file["tests"].items():
                self.seconds[test] = seconds
                for name, lines in reached.items():
                    for line in lines:
                        self.lines[name][line].append(test)

    def tests(self, mutant) -> set[str]:
        """Where a line runs while its module is imported, or lies within a statement, those of all lines around it."""
        lines = self.lines[mutant.file]
        found = set(lines.get(mutant.line, ()))
        start, end = mutant.span
        found = found or {test for line, tests in lines.items() if start <= line <= end for test in tests}
        return found or {test for tests in lines.values() for test in tests} or set(self.seconds)

    def rounds(self, mutant) -> tuple[list[tuple[str, set[str]]], float]:
        """Files with the tests of them that reach a mutant, its own first, then the quickest; at last the rest of its
        own file, because a result that several tests share is computed, and so reached, in the first of them alone; and
        the seconds of the processor that they need.
        """
        files = defaultdict(list)
        for test in sorted(self.tests(mutant), key=lambda test: (self.seconds[test], test)):
            files[test.partition("::")[0]].append(test)
        stem = "check" if "/check/" in mutant.file else Path(mutant.file).stem
        own = f"tests/test_{stem}.py"
        cost = {file: sum(self.seconds[test] for test in tests) for file, tests in files.items()}
        spent, found = 0.0, []
        for file in sorted(files, key=lambda file: (file != own, cost[file])):
            chosen = set()
            for test in files[file]:
                if file == own or spent + self.seconds[test] < BUDGET:
                    spent += self.seconds[test]
                    chosen.add(test)
            found.append((file, chosen))
        rest = {test for test in self.seconds if test.startswith(f"{own}::")} - set(files[own])
        seconds = sum(self.seconds[test] for test in rest)
        return ([*found, (own, rest)], spent + seconds) if 0 < seconds < BUDGET else (found, spent)


def changed_lines(before: str, after: str) -> tuple[str, str]:
    found = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]
    return tuple(" ".join(line[2:].strip() for line in found if line[0] == sign) for sign in "-+")


class Failed:
    """A plugin that remembers the first test that failed."""

    test = ""

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.test = self.test or report.nodeid


class Chosen(Failed):
    """It runs some tests of a file, too."""

    def __init__(self, tests: set[str]):
        self.tests = tests

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid in self.tests]


class Changed(importlib.machinery.SourceFileLoader):
    """The loader of a module whose source is another than that on the disk."""

    def __init__(self, name, path, source):
        super().__init__(name, path)
        self.source = source.encode()

    def get_data(self, path):
        return self.source

    def path_stats(self, path):  # no bytecode is kept
        raise OSError


class Finder:
    def __init__(self, file: str, source: str):
        self.name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.path, self.source = str(ROOT / file), source

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        loader = Changed(name, self.path, self.source)
        return importlib.util.spec_from_file_location(
            name,
            self.path,
            loader=loader,
            submodule_search_locations=[os.path.dirname(self.path)] if self.path.endswith("__init__.py") else None,
        )


def test(mutant, reach: Reach, heard: Path):
    """Leave in `heard` the first test that fails."""
    rounds, seconds = reach.rounds(mutant)
    limit(20 + 3 * seconds)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.meta_path.insert(0, Finder(mutant.file, mutant.source))
    for file, tests in rounds:
        chosen = Chosen(tests)
        code = pytest.main([*QUIET, "-x", *MARKED, file], plugins=[chosen])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            heard.write_text(chosen.test or f"{file} cannot be imported", "utf8")
            return


def limit(seconds: float):
    """The end of this process, and of each that it starts, where a mutant never comes to one."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(20 * seconds))  # for what waits, and for a machine with other work


def leave_the_terminal():
    """A group of its own, which is ended as a whole, and no output."""
    os.setpgid(0, 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def forked(tasks: list, work: Callable, jobs: int, folder: Path) -> Iterator[tuple[int, str, float]]:
    """Number of each task, what its fork left (or how it ended), and its seconds of the processor, as they end."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting, running = list(enumerate(tasks)), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            i, task = waiting.pop(0)
            heard = folder / f"{i}.txt"
            heard.unlink(missing_ok=True)
            pid = os.fork()
            if not pid:
                try:
                    leave_the_terminal()
                    work(task, heard)
                except BaseException:
                    heard.write_text(traceback.format_exc(), "utf8")
                    os._exit(BROKEN)
                os._exit(0)
            running[pid] = i, heard
        pid, status, usage = os.wait3(0)
        i, heard = running.pop(pid)
        try:
            os.killpg(pid, signal.SIGKILL)  # what a test may have left running
        except ProcessLookupError:
            pass
        if os.waitstatus_to_exitcode(status) == BROKEN:
            raise RuntimeError(f"no mutant, but the tests could not be run: {heard.read_text('utf8')}")
        said = heard.read_text("utf8") if heard.exists() else "took too long" if os.WIFSIGNALED(status) else ""
        yield i, said, usage.ru_utime + usage.ru_stime


def import_all(modules: Iterable[str]):
    """What the tests need but `winit` and what belongs to the project, once for all forks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            try:
                importlib.import_module(name)
            except Exception:
                pass
