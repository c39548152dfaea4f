"""`make bench`: everything that is fast, measured in one go, as one table and as `benchmarks/results.json`.

    python -m benchmarks [--rounds N] [engine | small | book ...]

Medians of interleaved rounds, CPU time and one BLAS thread unless a row says otherwise. Peers that are not installed
are null: `pip install -e .[peers]`. With groups named, only those rows are measured, and the file stays as it is. What
needs a browser or Binder's environment is measured by explorers.py, lab.py and binder.py in this folder.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

GROUPS = ("engine", "small", "book")
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    from .rows import table

    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", choices=GROUPS, default=GROUPS, metavar="group", help=", ".join(GROUPS))
    parser.add_argument("--rounds", type=int, default=5, help="of every function of a row (default 5)")
    options = parser.parse_args()
    rows = []
    for group in options.groups:
        for row in importlib.import_module(f"{__package__}.{group}").rows(options.rounds):
            print(
                f"{'met' if row.met else 'MISSED':7} {row.job}: {'; '.join(goal.found for goal in row.goals)}",
                flush=True,
            )
            rows.append(row)
    print(f"\nload of the machine {os.getloadavg()[0]:.1f}; seconds\n")
    print(table(rows))
    if set(options.groups) == set(GROUPS):
        RESULTS.write_text(json.dumps([row.record() for row in rows], indent=1, ensure_ascii=False) + "\n", "utf8")
        print(f"\n{RESULTS.relative_to(Path.cwd())} written; {sum(row.met for row in rows)} of {len(rows)} rows met")


if __name__ == "__main__":
    sys.exit(main())
