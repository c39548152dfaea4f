"""One job in a process of its own: `python -m benchmarks.first_call MODULE PROBLEM`, started by `engine`."""

import importlib
import pickle
import sys
from pathlib import Path

if __name__ == "__main__":
    module, file = sys.argv[1:]
    problem = pickle.loads(Path(file).read_bytes())
    print(importlib.import_module(f"benchmarks.{module}").JOBS[problem["job"]](problem))
