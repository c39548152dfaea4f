"""`make mutation`: small faults are put into `winit` and into the scripts of the page, one at a time, and the tests
must find nearly all of them; every one that they do not find is explained in `survivors.yml`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable

import yaml
from winit_book.paths import ROOT

from mutation import mutants, reach, run, scripts

FOLDER = ROOT / "_build" / "mutation"
SURVIVORS = ROOT / "tests" / "mutation" / "survivors.yml"
SEED = 1
PARTS = {"winit": (300, 90), "scripts": (100, 85)}  # how many mutants are drawn, and the per cent that must be found


def of_winit() -> Callable:
    subprocess.run([sys.executable, "-m", "mutation.reach"], check=True)
    kept = json.loads(reach.KEPT.read_text("utf8"))
    known = run.Reach(kept)
    for test in known.failed:
        print(f"left out, since it fails or is skipped without a fault: {test}")
    run.import_all(kept["modules"])
    return lambda mutant, heard: run.test(mutant, known, heard)


def of_scripts() -> Callable:
    stage = scripts.Stage()
    stage.rehearse()
    return stage.test


def named(mutant) -> dict[str, str]:
    """What a mutant is called in `survivors.yml`: no number of a line, which another change would move."""
    before, after = mutant.lines
    return {"file": mutant.file, "function": mutant.function, "before": before, "after": after}


def explained(mutant) -> bool:
    rows = yaml.safe_load(SURVIVORS.read_text("utf8"))
    return any(named(mutant).items() <= {"function": "", **row}.items() for row in rows)


def report(part: str, drawn: list, survivors: list, seconds: float, least: float) -> bool:
    """Print what was found, and whether it is enough and every survivor is explained."""
    rows = defaultdict(list)
    for mutant in drawn:
        rows[mutant.file].append(mutant not in survivors)
    for file, killed in sorted(rows.items()):
        print(f"{sum(killed):4} of {len(killed):3} found in {file}")
    rate = 100 - 100 * len(survivors) / len(drawn)
    unexplained = [mutant for mutant in survivors if not explained(mutant)]
    for mutant in unexplained:
        row = {name: text for name, text in named(mutant).items() if text} | {"why": ""}
        print(yaml.safe_dump([row], sort_keys=False, allow_unicode=True, width=1000))
    if unexplained:
        print(f"write a test that finds these {len(unexplained)}, or why none can into {SURVIVORS.relative_to(ROOT)}")
    print(
        f"{part}: {len(drawn) - len(survivors)} of {len(drawn)} mutants found, {rate:.1f} % ({least} % are asked for), "
        f"{len(unexplained)} survivors not explained; {seconds:.0f} s of the processor",
        flush=True,
    )
    return rate >= least and not unexplained


def main():
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="without one, both")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--number", type=int, help="of mutants a part")
    parser.add_argument("--only", default="", help="those whose file has this in its path")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    enough = True
    for part in [options.part] if options.part else PARTS:
        number, least = PARTS[part]
        sample, work = (mutants.sample, of_winit) if part == "winit" else (scripts.sample, of_scripts)
        drawn = [mutant for mutant in sample(options.number or number, SEED) if options.only in mutant.file]
        survivors, seconds = [], 0.0
        said = run.forked(drawn, work(), options.jobs, FOLDER / f"said-{part}")
        for count, (i, found, spent) in enumerate(said, 1):
            mutant = drawn[i]
            seconds += spent
            print(f"{count}/{len(drawn)} {mutant.file}:{mutant.line} {found or 'SURVIVED'} ({spent:.1f} s)", flush=True)
            if not found:
                survivors.append(mutant)
                print("    - {}\n    + {}".format(*mutant.lines), flush=True)
        enough = report(part, drawn, survivors, seconds, least) and enough
    sys.exit(not enough)


if __name__ == "__main__":
    main()
