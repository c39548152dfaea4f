"""Small faults in what the scripts of the page compute and judge, as Stryker makes them, and the tests that find them.

The tests are those of the site, but a script runs in Node instead of a browser: the same engine, without a page.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import pytest
from winit_book.paths import ROOT

from mutation.run import QUIET, Failed, changed_lines, limit

TOOLS = ROOT / "_build" / "mutation" / "scripts"
HERE, SITE = Path(__file__).parent, ROOT / "_build" / "html"
LAB = ("lab-numerics", "lab-theory", "lab-network")
TESTS = {  # of a script, or of all whose names begin like this: files, and words of the names of their tests
    "judge": [("tests/test_judge.py", "page_says")],
    "lab": [("tests/site/test_lab_numerics.py", "not a_browser")],  # Node 20 has not all that a browser has
    "live-fans": [("tests/site/test_live_explorers.py", "fans_are")],
    "live-compromise": [("tests/site/test_live_explorers.py", "the_compromise_is")],
    "live-relu_depth": [("tests/site/test_live_explorers.py", "depth_is")],
    "live-maps": [("tests/site/test_live_explorers.py", "lengths_and_correlations")],
    "live-residual": [("tests/site/test_live_explorers.py", "blocks_are")],
    "search": [
        ("tests/site/test_search.py", "particles_fall_off"),
        ("tests/site/test_site_search.py", "best_page or names or spelling or chapter_prints or call"),
    ],
}
WORDS = re.compile(r"""["'`].*\s""", re.DOTALL)


@dataclass(frozen=True)
class Mutant:
    file: str
    line: int
    text: str
    start: int
    end: int
    after: str
    function = ""

    @cached_property
    def source(self) -> str:
        return self.text[: self.start] + self.after + self.text[self.end :]

    @cached_property
    def lines(self) -> tuple[str, str]:
        return changed_lines(self.text, self.source)


def scripts() -> list[str]:
    names = ["judge", *LAB, *(name for name in TESTS if name.startswith("live")), "search-ranking"]
    return [f"book/assets/{name}.js" for name in names]


def numbers_end(file: str, text: str) -> int:
    """Where the drawing of an explorer begins."""
    return text.index("\n  }\n", text.index("  function numbers(")) if "/live-" in file else len(text)


def places(seed: int):
    run = ["node", HERE / "stryker.mjs", TOOLS, *scripts()]
    found = json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, encoding="utf8").stdout)
    variants = {}
    for each in found:
        if not WORDS.match(each["before"]):
            variants.setdefault((each["file"], each["start"], each["end"]), []).append(each)
    texts, seen = {file: (ROOT / file).read_text("utf8") for file in scripts()}, Counter()
    for (file, start, end), group in variants.items():
        text = texts[file]
        if start > numbers_end(file, text):
            continue
        place = (file, group[0]["before"])
        seen[place] += 1
        number = hashlib.sha256(repr((seed, *place, seen[place])).encode()).hexdigest()
        variant = group[int(number, 16) % len(group)]
        yield number, Mutant(file, text.count("\n", 0, start) + 1, text, start, end, variant["after"])


def sample(number: int, seed: int) -> list[Mutant]:
    return [mutant for _, mutant in sorted(places(seed), key=lambda each: each[0])[:number]]


class Page:
    """Scripts in a process of Node."""

    def __init__(self, *files):
        run = ["node", HERE / "page.js", *files]
        self.node = subprocess.Popen(
            run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf8"
        )

    def __call__(self, script, given=None):
        self.node.stdin.write(json.dumps({"script": script, "given": given}) + "\n")
        self.node.stdin.flush()
        said = json.loads(self.node.stdout.readline(), object_hook=number)
        assert "error" not in said, said["error"]
        return said["result"]

    def close(self):
        self.node.kill()
        self.node.communicate()


def number(found: dict):
    return float(found["number"]) if found.keys() == {"number"} else found


class Stage:
    """Puts Node in the place of the browser in the tests; `changed` is where a mutant lies instead of its script."""

    def __init__(self):
        sys.path.insert(0, str(ROOT / "tests" / "site"))
        import test_judge
        import test_lab_numerics
        import test_live_explorers
        import test_search
        import test_site_search

        self.changed: dict[str, Path] = {}
        self.judge = test_judge

        @pytest.fixture(scope="module")
        def lab():
            page = self.page("lab-tables", "lab-data", *LAB)
            yield lambda script, given=None: page(f"{test_lab_numerics.SETUP} {script}", given)
            page.close()

        def computed(opened, name, choices):
            page = self.page("lab-tables", "lab-numerics", "lab-theory", "lab-svg", f"live-{name}")
            try:
                return page(f"return ({test_live_explorers.COMPUTE})(given);", [name, choices])
            finally:
                page.close()

        @pytest.fixture
        def search():
            def find(edition, *queries):
                page = self.page("search-ranking", index=SITE / edition / "search-index.js")
                try:
                    return page(SEARCH, queries)
                finally:
                    page.close()

            return find

        @pytest.fixture(scope="module")
        def rules():
            page = self.page("search-ranking")
            yield lambda query: page(
                "return sectionSearch({pages: {}, parts: [], names: []}).ideas(given).flat(2)", query
            )
            page.close()

        @pytest.fixture
        def opened():
            return None

        test_lab_numerics.lab = lab
        test_live_explorers.computed, test_live_explorers.opened = computed, opened
        test_site_search.search, test_search.rules = search, rules

    def page(self, *names, index=None) -> Page:
        files = [self.changed.get(name, SITE / "en" / "_static" / f"{name}.js") for name in names]
        return Page(*files, *([index] if index else []))

    def test(self, mutant: Mutant, heard: Path):
        """Leave in `heard` the first test that fails."""
        limit(15)
        name = Path(mutant.file).stem
        path = self.changed[name] = heard.with_suffix(".js")
        path.write_text(mutant.source, "utf8")
        if name == "judge":
            self.judge.PORT = path
        for file, words in next(tests for begin, tests in TESTS.items() if name.startswith(begin)):
            if failed := passes(file, words):
                heard.write_text(failed, "utf8")
                return

    def rehearse(self):
        """Everything passes with the scripts as they are; what the tests keep is computed before the forks."""
        for file, words in chain.from_iterable(TESTS.values()):
            failed = passes(file, words)
            assert not failed, f"without a mutant: {failed}"


def passes(file: str, words: str) -> str:
    """The test that fails first, if one does."""
    watch = Failed()
    code = pytest.main([*QUIET, "-x", "-m", "not slow", "-k", words, file], plugins=[watch])
    return watch.test or ("" if code == pytest.ExitCode.OK else f"{file}: {code!r}")


SEARCH = """
    const ranking = sectionSearch(winitIndex), place = ({ part }) => winitIndex.parts[part].slice(0, 2).join("#");
    return given.map((query) => ranking.search(query).hits.slice(0, 30).map(place));
"""
RULES = "return sectionSearch({ pages: {}, parts: [], names: [] }).ideas(given).flat(2);"
