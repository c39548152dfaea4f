"""Which test reaches which line of `winit`, and what each test costs: measured once, and kept for a file of tests until
the file or `winit` changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from winit_book.paths import ROOT

from mutation.run import MARKED, QUIET

KEPT = ROOT / "_build" / "mutation" / "reach.json"
TESTS = ROOT / "tests"
IMPORTS = re.compile(r"^(import winit$|from winit( |\.))", re.MULTILINE)


def test_files() -> list[str]:
    """The tests that call `winit` in their own process."""
    files = sorted(TESTS.glob("test_*.py"))
    return [f"tests/{path.name}" for path in files if IMPORTS.search(path.read_text("utf8"))]


def digest(paths: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()


def key_of(file: str) -> str:
    """Of a file of tests with the helpers that it names."""
    words = set(re.findall(r"\w+", (ROOT / file).read_text("utf8")))
    helpers = [path for path in TESTS.glob("[!t]*.py") if path.stem in words]
    return digest([ROOT / file, *helpers, *(TESTS.glob("checks/*.py") if "checks" in words else ())])


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


def measured(files: list[str]) -> dict:
    """Of each file: the tests that fail or are skipped, and the seconds of each other and the lines it reaches."""
    from coverage import Coverage

    os.environ["COVERAGE_CORE"] = "ctrace"  # the quicker core of newer Pythons knows no contexts
    coverage = Coverage(data_file=None, source=[str(ROOT / "winit")], messages=False, config_file=False)
    watch = Watch(coverage)
    coverage.start()
    pytest.main([*QUIET, *MARKED, *files], plugins=[watch])
    coverage.stop()
    found = {file: {"key": key_of(file), "failed": [], "tests": {}} for file in files}
    for test, seconds in watch.seconds.items():
        if test in watch.failed:
            found[file_of(test)]["failed"].append(test)
        else:
            found[file_of(test)]["tests"][test] = [seconds, {}]
    data = coverage.get_data()
    for path in data.measured_files():
        name = Path(path).relative_to(ROOT).as_posix()
        for line, contexts in data.contexts_by_lineno(path).items():
            for test in contexts:
                if test and test not in watch.failed:
                    found[file_of(test)]["tests"][test][1].setdefault(name, []).append(line)
    return found


def file_of(test: str) -> str:
    return test.partition("::")[0]


def is_foreign(name, module) -> bool:
    file = getattr(module, "__file__", None) or ""
    return name != "__main__" and not (file.startswith(str(ROOT)) and f"{os.sep}site-packages{os.sep}" not in file)


def main():
    """Measure what has changed; run in a process of its own, because it imports `winit`."""
    winit = digest((ROOT / "winit").rglob("*.py"))
    kept = json.loads(KEPT.read_text("utf8")) if KEPT.exists() else {}
    files = kept["files"] if kept.get("winit") == winit else {}
    files = {file: files[file] for file in test_files() if file in files and files[file]["key"] == key_of(file)}
    if new := [file for file in test_files() if file not in files]:
        print("which test reaches which line of winit is measured:", *new, flush=True)
        files |= measured(new)
        modules = {name for name, module in sys.modules.items() if is_foreign(name, module)}
        modules |= set(kept.get("modules", ()))
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(json.dumps({"winit": winit, "files": files, "modules": sorted(modules)}), "utf8")


if __name__ == "__main__":
    main()
