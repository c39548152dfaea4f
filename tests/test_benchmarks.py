"""What `make bench` says of a row is what was measured; the measuring itself is no test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reasons import WHY
from benchmarks.rows import Goal, Row, at_most, faster, medians, of_floor, table

ROOT = Path(__file__).resolve().parents[1]
PEERS = {"PyTorch": 3.0, "JAX": None}


def row(*goals):
    return Row("a job", 2.0, PEERS, 1.5, list(goals))


def test_a_goal_is_met_or_missed_or_not_measured():
    assert of_floor(2.0, 1.5, 0.75).met and not of_floor(2.0, 1.5, 0.76).met
    assert faster(2.0, PEERS, "PyTorch", 1.5).met and not faster(2.0, PEERS, "PyTorch", 1.6).met
    assert faster(2.0, PEERS, "JAX").met is None and faster(2.0, {}, "JAX").met is None
    assert at_most("error", 1e-6, 1e-5).met and not at_most("error", float("nan"), 1e-5).met


def test_a_row_is_met_where_all_that_was_measured_is():
    good, bad, absent = of_floor(2.0, 1.5, 0.7), of_floor(2.0, 1.5, 0.8), faster(2.0, PEERS, "JAX")
    assert row(good).met and row(good, absent).met
    assert not row(good, bad).met and not row(absent).met and not row().met
    assert [row(*goals).status for goals in ([good], [bad, absent], [absent])] == ["met", "MISSED", "no peer"]
    record = row(good, absent).record()
    assert record == json.loads(json.dumps(record))
    assert record | {"ours_s": 2.0, "peers": PEERS, "floor_s": 1.5, "met": True} == record
    assert record["not_measured"] == [absent.text] and record["goal"].startswith("≥ 70% of the floor")


def test_the_table_has_a_line_a_row():
    head, first, second = table([row(of_floor(2.0, 1.5, 0.7)), row(Goal("x", "y", False))]).splitlines()
    assert head.startswith("job") and "PyTorch 3.00, JAX –" in first and "met" in first and "MISSED" in second


def test_a_missed_row_says_why():
    job = next(iter(WHY))
    goals = of_floor(2.0, 1.5, 0.8), of_floor(2.0, 1.5, 0.7), faster(2.0, PEERS, "JAX")
    missed, met, unknown = (Row(job, 2.0, PEERS, 1.5, [goal]) for goal in goals)
    assert missed.record()["why"] == WHY[job] and "why" not in met.record() and unknown.record()["why"] is None
    assert table([missed]).splitlines()[-1] == f"{job}: {WHY[job]}"
    assert WHY[job] not in table([met, unknown])


def test_rounds_are_interleaved():
    order = []
    medians({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 3)
    assert order == ["a", "b"] * 3


def test_the_results_in_the_repository_are_complete():
    rows = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf8"))
    assert len(rows) >= 14 and len({row["job"] for row in rows}) == len(rows)
    for found in rows:
        assert {"job", "ours_s", "peers", "floor_s", "goal", "met"} <= set(found)
        assert found["met"] in (True, False) and found["ours_s"] > 0 and found["goal"]
        assert found["met"] or found["why"], f"why is {found['job']} missed?"
    assert set(WHY) <= {row["job"] for row in rows}


@pytest.mark.parametrize("group", ["nope", "engines"])
def test_an_unknown_group(group):
    asked = subprocess.run([sys.executable, "-m", "benchmarks", group], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 2 and f"unknown group {group}; choose from engine, small, book" in asked.stderr
