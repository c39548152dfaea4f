"""What a benchmark finds: rows of one table, each with the goals it was set; and how time is taken."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from .reasons import WHY


class Goal(NamedTuple):
    """What was asked for, what was found, and whether that is enough; None where it could not be measured."""

    text: str
    found: str
    met: bool | None


class Row(NamedTuple):
    """One job: our seconds, those of the peers (None where one is absent), those of the floor, and the goals."""

    job: str
    ours: float
    peers: dict[str, float | None]
    floor: float | None
    goals: list[Goal]

    @property
    def met(self) -> bool:
        """Whether every goal that could be measured is met; False where none could."""
        return self.status == "met"

    @property
    def status(self) -> str:
        """In a word."""
        measured = [goal.met for goal in self.goals if goal.met is not None]
        return ("met" if all(measured) else "MISSED") if measured else "no peer"

    @property
    def why(self) -> str | None:
        """What is known of the reason, if a goal is missed."""
        return WHY.get(self.job) if self.status == "MISSED" else None

    def record(self) -> dict:
        """For `results.json`; a missed row says why."""
        return {
            "job": self.job,
            "ours_s": _rounded(self.ours),
            "peers": {name: _rounded(seconds) for name, seconds in self.peers.items()},
            "floor_s": _rounded(self.floor),
            "goal": "; ".join(goal.text for goal in self.goals),
            "found": "; ".join(goal.found for goal in self.goals),
            "not_measured": [goal.text for goal in self.goals if goal.met is None],
            "met": self.met,
        } | ({} if self.met else {"why": self.why})


def of_floor(ours, floor, share) -> Goal:
    """At least this share of the speed of the floor."""
    return Goal(f"≥ {share:.0%} of the floor", f"{floor / ours:.0%} of the floor", bool(floor / ours >= share))


def faster(ours, peers, name, times=1.0) -> Goal:
    """At least so many times as fast as a peer."""
    text, theirs = f"≥ {times:g} × {name}", peers.get(name)
    if theirs is None:
        return Goal(text, f"{name} is not installed", None)
    return Goal(text, f"{theirs / ours:.1f} × {name}", bool(theirs / ours >= times))


def at_most(text, value, bound, form="{:.2f}", unit="") -> Goal:
    """A number that must not be larger; `text` names it."""
    value, bound = float(value), float(bound)
    return Goal(f"{text} ≤ {form.format(bound)}{unit}", f"{text} {form.format(value)}{unit}", value <= bound)


def medians(functions: dict[str, Callable], rounds: int, clock=time.process_time) -> dict[str, float]:
    """Median seconds of each function; the rounds are interleaved, so that a slow minute slows all of them."""
    times = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = clock()
            function()
            times[name].append(clock() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def table(rows: list[Row]) -> str:
    """All rows as text, what was asked for in brackets behind what was found; below, why rows are missed."""
    lines = [("job", "ours", "peers", "floor", "", "found [asked]")]
    for row in rows:
        peers = ", ".join(f"{name} {_seconds(seconds)}" for name, seconds in row.peers.items())
        found = "; ".join(f"{goal.found} [{goal.text}]" for goal in row.goals)
        floor = "" if row.floor is None else _seconds(row.floor)
        lines.append((row.job, _seconds(row.ours), peers, floor, row.status, found))
    widths = [max(map(len, column)) for column in zip(*lines)]
    text = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    reasons = [f"{row.job}: {row.why}" for row in rows if row.why]
    return "\n".join([*text, *(["", *reasons] if reasons else [])])


def _seconds(value):
    """Three digits, or a dash where a peer is absent."""
    return "–" if value is None else f"{value:.{min(max(2 - math.floor(math.log10(value)), 0), 6)}f}"


def _rounded(value):
    return None if value is None else float(f"{value:.4g}")
