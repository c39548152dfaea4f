"""A row of the table: a job, the seconds it took us and others, and the goals it was set; and how time is taken."""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple


class Goal(NamedTuple):
    """What was asked for, what was found, and whether that is enough; None where a peer is absent."""

    asked: str
    found: str
    met: bool | None


def at_least(bound, value, form) -> Goal:
    """A number that must not be smaller; `form` says what it is, as in ``"{:.0%} of the floor"``."""
    return Goal(f"≥ {form.format(bound)}", form.format(value), bool(value >= bound))


def at_most(bound, value, form) -> Goal:
    """A number that must not be larger."""
    return Goal(f"≤ {form.format(bound)}", form.format(value), bool(value <= bound))


def of_floor(share, seconds) -> Goal:
    """At least this share of the speed of the floor."""
    return at_least(share, seconds["floor"] / seconds["ours"], "{:.0%} of the floor")


def faster(times, seconds, peer) -> Goal:
    """At least so many times as fast as a peer."""
    if seconds[peer] is None:
        return Goal(f"≥ {times:.1f} × {peer}", f"{peer} is not installed", None)
    return at_least(times, seconds[peer] / seconds["ours"], f"{{:.1f}} × {peer}")


class Row(NamedTuple):
    """Seconds by name: ``"ours"``, perhaps ``"floor"``, and the peers, None where one is absent."""

    job: str
    seconds: dict[str, float | None]
    goals: list[Goal]

    @property
    def met(self) -> bool | None:
        """Whether every goal that could be measured is met; None where none could."""
        measured = [goal.met for goal in self.goals if goal.met is not None]
        return all(measured) if measured else None

    def record(self) -> dict:
        """For `results.json`."""
        seconds = {name: None if s is None else float(f"{s:.4g}") for name, s in self.seconds.items()}
        own = {"job": self.job, "ours_s": seconds.pop("ours"), "floor_s": seconds.pop("floor", None)}
        goals = {"goal": "; ".join(g.asked for g in self.goals), "found": "; ".join(g.found for g in self.goals)}
        return own | {"peers": seconds} | goals | {"met": self.met}

    def __str__(self):
        word = {True: "met", False: "MISSED", None: "no peer"}[self.met]
        seconds = ", ".join(f"{name} {'–' if s is None else f'{s:.3g}'}" for name, s in self.seconds.items())
        goals = "; ".join(f"{goal.found} [{goal.asked}]" for goal in self.goals)
        return f"{word:7}  {self.job:50}  {seconds:76}  {goals}"


def medians(functions: dict[str, Callable | None], rounds: int, clock=time.process_time) -> dict[str, float | None]:
    """Median seconds of each function; the rounds are interleaved, so that a slow minute slows all of them."""
    times = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            if function:
                start = clock()
                function()
                times[name].append(clock() - start)
    return {name: statistics.median(seconds) if seconds else None for name, seconds in times.items()}


@contextmanager
def one_core():
    """What runs here shares one core, whatever number of threads it starts."""
    pinned = hasattr(os, "sched_setaffinity")
    cores = os.sched_getaffinity(0) if pinned else None
    try:
        if pinned:
            os.sched_setaffinity(0, {max(cores)})
        yield
    finally:
        if pinned:
            os.sched_setaffinity(0, cores)
