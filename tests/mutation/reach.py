"""Which test reaches which line of `winit`, and what each test costs: measured once, kept until a file changes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from itertools import chain
from pathlib import Path

import pytest
from winit_book.paths import ROOT

from mutation.run import MARKED, QUIET

KEPT = ROOT / "_build" / "mutation" / "reach.json"
IMPORTS = re.compile(r"^(import winit$|from winit( |\.))", re.MULTILINE)
SOURCES = ("winit", "winit/check", "tests", "tests/checks")


def test_files() -> list[str]:
    """The tests that call `winit` in their own process."""
    files = sorted((ROOT / "tests").glob("test_*.py"))
    return [f"tests/{path.name}" for path in files if IMPORTS.search(path.read_text("utf8"))]


def key() -> str:
    """It changes with any source that a test or `winit` consists of."""
    digest = hashlib.sha256()
    for path in sorted(chain.from_iterable((ROOT / place).glob("*.py") for place in SOURCES)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


class Watch:
    """A plugin that tells coverage which test runs, and notes what passed and for how many seconds of the processor."""

    def __init__(self, coverage):
        self.coverage, self.seconds, self.failed = coverage, {}, set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.coverage.switch_context(item.nodeid)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = round(time.process_time() - start, 3)
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report):
        if report.outcome != "passed":
            self.failed.add(report.nodeid)


def measured() -> dict:
    from coverage import Coverage

    os.environ["COVERAGE_CORE"] = "ctrace"  # the quicker core of newer Pythons knows no contexts
    coverage = Coverage(data_file=None, source=[str(ROOT / "winit")], messages=False, config_file=False)
    watch = Watch(coverage)
    coverage.start()
    pytest.main([*QUIET, *MARKED, *test_files()], plugins=[watch])
    coverage.stop()
    data, tests = coverage.get_data(), sorted(set(watch.seconds) - watch.failed)
    number = {test: i for i, test in enumerate(tests)}
    lines = {}
    for file in sorted(data.measured_files()):
        reached = {
            line: sorted(number[context] for context in contexts if context in number)
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        lines[Path(file).relative_to(ROOT).as_posix()] = reached
    return {
        "key": key(),
        "tests": tests,
        "seconds": [watch.seconds[test] for test in tests],
        "failed": sorted(watch.failed),
        "lines": lines,
        "modules": sorted(name for name, module in sys.modules.items() if is_foreign(name, module)),
    }


def is_foreign(name, module) -> bool:
    file = getattr(module, "__file__", None) or ""
    return name != "__main__" and not (file.startswith(str(ROOT)) and f"{os.sep}site-packages{os.sep}" not in file)


def main():
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(measured()), "utf8")


if __name__ == "__main__":
    main()
