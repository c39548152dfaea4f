"""`make matrix`: which combinations run, and what is said of them at the end; the running itself is no test."""

import itertools
import json
import subprocess
from pathlib import Path

import matrix
import pytest
from matrix import EVERY, Combination


def test_every_pair_of_values_stands_in_one_of_eight():
    chosen = matrix.cover(EVERY)
    assert len(chosen) == len(set(chosen)) == 8  # four Pythons with two versions each cannot be fewer
    for one, other in itertools.combinations(range(4), 2):
        assert {(c[one], c[other]) for c in chosen} == {(c[one], c[other]) for c in EVERY}


def test_two_kernels_and_four_pythons():
    factors = [len(set(values)) for values in zip(*EVERY)]
    assert factors == [4, 2, 2, 2] and {"Sandybridge"} < {c.kernel for c in EVERY}


@pytest.mark.parametrize("pythons", [("3.11", "3.12", "3.13"), ("3.11",)])
def test_what_can_be_had_takes_the_place_of_what_cannot(pythons):
    possible = [c for c in EVERY if c.python in pythons]
    begun = [c for c in matrix.cover(EVERY) if c in possible]
    chosen = matrix.cover(possible, begun, matrix.LEAST)
    assert chosen[: len(begun)] == begun and len(set(chosen)) == len(chosen) == 6 and set(chosen) <= set(possible)
    assert set().union(*map(matrix.pairs, chosen)) == set().union(*map(matrix.pairs, possible))


def test_nothing_can_be_had():
    assert matrix.cover([], [], matrix.LEAST) == []
    line, well = matrix.summary({}, {})
    assert not well and line == "FAILED: 0 combinations ran (at least 6): none; could not be had: none"


def test_the_last_line_names_each_combination():
    results, absent = dict.fromkeys(EVERY[:6], True), {EVERY[-1]: "no network"}
    line, well = matrix.summary(results, absent)
    assert well and line.startswith("all the same: 6 combinations ran (at least 6): Python 3.11 lowest 1×Sandybridge, ")
    assert all(str(c) in line for c in results) and line.endswith(f"could not be had: {EVERY[-1]} (no network)")


def test_five_are_too_few_and_one_that_differs_fails():
    line, well = matrix.summary(dict.fromkeys(EVERY[:5], True), {})
    assert not well and line.startswith("FAILED: 5 combinations ran (at least 6)")
    line, well = matrix.summary(dict.fromkeys(EVERY[:6], True) | {EVERY[2]: False}, {})
    assert not well and f"{EVERY[2]} (DIFFERS), " in line and line.count("DIFFERS") == 1


def run(monkeypatch, absent=(), different=()):
    """`main` with environments and comparisons that only say what they were asked for."""
    asked = []

    def environment(python, versions):
        if python in absent:
            raise matrix.Absent(f"no Python {python}")
        return f"{python}-{versions}"

    def compare(combination, interpreter):
        assert interpreter == f"{combination.python}-{combination.versions}"
        asked.append(combination)
        return combination not in different

    monkeypatch.setattr(matrix, "environment", environment)
    monkeypatch.setattr(matrix, "compare", compare)
    return matrix.main(), asked


def test_it_runs_what_can_be_had(monkeypatch, capsys):
    assert run(monkeypatch) == (0, matrix.cover(EVERY))
    code, asked = run(monkeypatch, absent=("3.12", "3.13", "3.14"))
    assert code == 0 and len(asked) == 6 and {c.python for c in asked} == {"3.11"}
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.count("(no Python 3.14)") == last.count("(no Python 3.12)") == 2
    assert run(monkeypatch, different=matrix.cover(EVERY)[:1])[0] == 1


def test_a_comparison_is_told_its_threads_and_its_kernel_and_prints_what_differs(monkeypatch, capsys, tmp_path):
    """With a stand-in for the kernel that changes one output of a small chapter."""
    chapter, told = tmp_path / "01_a.ipynb", {}
    unrun = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [{"cell_type": "markdown"}, {**unrun, "execution_count": 1, "outputs": [{"text": ["a\n", "1.5\n"]}]}, unrun]
    chapter.write_text(json.dumps({"cells": cells}), "utf8")
    monkeypatch.setattr(matrix, "CHAPTERS", [chapter])

    def process(command, **options):
        told.update(options["env"])
        cells[1]["outputs"] = [{"data": {"text/plain": told["printed"]}}]
        cells[2]["outputs"] = [{"text": "a solution"}]  # of which git holds nothing
        Path(command[-2].partition("=")[2]).write_text(json.dumps({"cells": cells}), "utf8")
        return subprocess.CompletedProcess(command, told.get("code", 0), "a trace\nand its end")

    monkeypatch.setattr(matrix.subprocess, "run", process)
    one = Combination("3.12", "newest", 2, "Sandybridge")
    monkeypatch.setenv("printed", "a\n1.5\n")
    assert matrix.compare(one, Path("python"))
    assert told["OPENBLAS_NUM_THREADS"] == "2" and told["OPENBLAS_CORETYPE"] == "Sandybridge"
    assert capsys.readouterr().out.startswith(f"{one}: the same, ")
    monkeypatch.setenv("printed", "a\n1.6\n")
    assert not matrix.compare(one, Path("python"))
    assert capsys.readouterr().out.startswith(f"{one}, 01_a.ipynb\n  cell 2\n  -1.5\n  +1.6\n{one}: DIFFERS")
    told["code"] = 1
    assert not matrix.compare(one, Path("python"))
    assert "01_a.ipynb\n  a trace\n  and its end\n" in capsys.readouterr().out
