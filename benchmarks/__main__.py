"""`make bench`: everything that is fast, measured in one go, as one table and as `benchmarks/results.json`.

    python -m benchmarks [--rounds N] [engine | small | book ...]

Medians of interleaved rounds, CPU time and one BLAS thread unless a row says otherwise. Peers that are not installed
are null: `pip install -e .[peers]`. With groups named, only their rows are measured and renewed in the file. What needs
a browser or Binder's environment is measured by explorers.py, lab.py and binder.py in this folder.
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
    parser.add_argument("groups", nargs="*", metavar="group", help=", ".join(GROUPS))
    parser.add_argument("--rounds", type=int, default=5, help="of every function of a row (default 5)")
    options = parser.parse_args()
    groups = options.groups or GROUPS
    if unknown := set(groups) - set(GROUPS):
        parser.error(f"unknown group {', '.join(unknown)}; choose from {', '.join(GROUPS)}")
    rows, records = [], json.loads(RESULTS.read_text("utf8")) if RESULTS.exists() else []
    for group in sorted(groups, key=GROUPS.index):
        records = [record for record in records if record["group"] != group]
        for row in importlib.import_module(f"{__package__}.{group}").rows(options.rounds):
            found = "; ".join(goal.found for goal in row.goals)
            print(f"{row.status:7} {row.job}: {found}", flush=True)
            rows.append(row)
            records.append({"group": group, **row.record()})
        records.sort(key=lambda record: GROUPS.index(record["group"]))
        RESULTS.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", "utf8")
    print(f"\nload of the machine {os.getloadavg()[0]:.1f}; seconds\n")
    print(table(rows))
    print(f"\n{sum(row.met for row in rows)} of {len(rows)} rows met; written to {RESULTS}")


if __name__ == "__main__":
    sys.exit(main())
