"""`make bench`: everything that is fast, measured in one go, as a table and as `benchmarks/results.json`.

    python -m benchmarks [--rounds N] [engine | small | threads | book | page | lab | reading | hub ...]

Medians of interleaved rounds, in seconds of CPU and with one BLAS thread unless a group says otherwise. Peers that are
not installed are null: `pip install -e .[peers]`. With groups named, only their rows are measured and renewed.
"""

import argparse
import importlib
import json
import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

GROUPS = ("engine", "small", "threads", "book", "page", "lab", "reading", "hub")
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="group", help=", ".join(GROUPS))
    parser.add_argument("--rounds", type=int, default=5, help="of every function of a row (default 5)")
    options = parser.parse_args()
    groups = options.groups or GROUPS
    if unknown := set(groups) - set(GROUPS):
        parser.error(f"unknown group {', '.join(unknown)}; choose from {', '.join(GROUPS)}")
    rows, records = [], json.loads(RESULTS.read_text("utf8")) if RESULTS.exists() else []
    for group in sorted(groups, key=GROUPS.index):
        print(f"measuring {group} ...", flush=True)
        found = []
        for row in importlib.import_module(f"{__package__}.{group}").rows(options.rounds):
            print(row, flush=True)
            found.append(row)
        records = [record for record in records if record["group"] != group]
        records += [{"group": group, **row.record()} for row in found]
        records.sort(key=lambda record: GROUPS.index(record["group"]))
        RESULTS.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", "utf8")
        rows += found
    print(f"\n{sum(row.met is True for row in rows)} of {len(rows)} rows met; written to {RESULTS}")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
