"""What `make bench` says of a row is what was measured; the measuring itself is no test."""

import copy
import json
import subprocess
import sys

import numpy as np
import pytest
from threadpoolctl import threadpool_limits
from winit_book.paths import ROOT

from benchmarks import classic, jobs, with_winit
from benchmarks.rows import Goal, Row, at_least, at_most, faster, medians, of_floor

SECONDS = {"ours": 2.0, "PyTorch": 3.0, "JAX": None, "floor": 1.5}


def row(*goals):
    return Row("a job", SECONDS, list(goals))


def test_a_goal_is_met_or_missed_or_not_measured():
    assert of_floor(0.75, SECONDS) == Goal("≥ 75% of the floor", "75% of the floor", True)
    assert not of_floor(0.76, SECONDS).met
    assert faster(1.5, SECONDS, "PyTorch") == Goal("≥ 1.5 × PyTorch", "1.5 × PyTorch", True)
    assert not faster(1.6, SECONDS, "PyTorch").met
    assert faster(1, SECONDS, "JAX") == Goal("≥ 1.0 × JAX", "JAX is not installed", None)
    assert at_most(10, 10, "{:.1f} ms") == Goal("≤ 10.0 ms", "10.0 ms", True)
    assert not at_most(10, 10.1, "{:.1f} ms").met
    assert not at_most(10, float("nan"), "{}").met and not at_least(10, float("nan"), "{}").met


def test_a_row_is_met_where_all_that_was_measured_is():
    good, bad, absent = of_floor(0.7, SECONDS), of_floor(0.8, SECONDS), faster(1, SECONDS, "JAX")
    for goals, met, word in (
        ([good, absent], True, "met"),
        ([good, bad], False, "MISSED"),
        ([bad, absent], False, "MISSED"),
        ([absent], None, "no peer"),
    ):
        assert row(*goals).met is met and str(row(*goals)).startswith(f"{word} ")


def test_a_row_is_a_record_and_a_line():
    third = Row("a job", {"ours": 2 / 3, "JAX": None}, [of_floor(0.8, SECONDS), faster(1, SECONDS, "JAX")])
    assert third.record() == {
        "job": "a job",
        "ours_s": 0.6667,
        "peers": {"JAX": None},
        "floor_s": None,
        "goal": "≥ 80% of the floor; ≥ 1.0 × JAX",
        "found": "75% of the floor; JAX is not installed",
        "met": False,
    }
    second = row(of_floor(0.7, SECONDS)).record()
    assert second["floor_s"] == 1.5 and second["peers"] == {"PyTorch": 3.0, "JAX": None} and second["met"] is True
    assert "ours 0.667, JAX –" in str(third)
    assert str(third).endswith("75% of the floor [≥ 80% of the floor]; JAX is not installed [≥ 1.0 × JAX]")


def test_rounds_are_interleaved_and_an_absent_peer_takes_no_time():
    order, ticks = [], iter(range(100))
    functions = {"a": lambda: order.append("a"), "absent": None, "b": lambda: [order.append("b"), next(ticks)]}
    assert medians(functions, 3, lambda: next(ticks)) == {"a": 1, "absent": None, "b": 2}
    assert order == ["a", "b"] * 3


def test_the_textbook_is_given_the_same_weights_batches_and_samples():
    for job in jobs.jobs():
        problem = copy.copy(job.problem)
        for name in {"specs", "networks", "norms", "batches"} & set(vars(problem)):
            setattr(problem, name, getattr(problem, name)[:3])  # whoever measures compares all
        with threadpool_limits(1):
            ours, textbook = (getattr(engine, job.solve)(problem) for engine in (with_winit, classic))
        np.testing.assert_allclose(ours, textbook, rtol=1e-4, atol=1e-6, err_msg=job.name)


def test_the_results_in_the_repository_are_complete():
    rows = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf8"))
    assert len(rows) >= 14 and len({row["job"] for row in rows}) == len(rows)
    for found in rows:
        assert {"group", "job", "ours_s", "peers", "floor_s", "goal", "found", "met"} == set(found)
        assert found["met"] in (True, False) and found["ours_s"] > 0, f"{found['job']} was not measured"
        assert found["goal"].count(";") == found["found"].count(";")
    assert list(dict.fromkeys(row["group"] for row in rows)) == [
        "engine",
        "small",
        "threads",
        "book",
        "page",
        "lab",
        "reading",
    ]


@pytest.mark.parametrize("group", ["nope", "engines"])
def test_an_unknown_group(group):
    asked = subprocess.run([sys.executable, "-m", "benchmarks", group], cwd=ROOT, capture_output=True, text=True)
    assert (
        asked.returncode == 2
        and f"unknown group {group}; choose from engine, small, threads, book, page, lab, reading" in asked.stderr
    )
