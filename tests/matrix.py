"""`make matrix`: the chapters print what git holds, whatever Python, versions, threads and processor they run on.

    python tests/matrix.py

Every pair of two factors' values stands in one of a few combinations (`cover`). uv makes an environment for each Python
and the lowest or the newest versions that pyproject.toml allows it; all chapters of an edition are executed in it, two
at a time, and compared cell by cell. What cannot be had here, as a Python where nothing can be downloaded, is named,
and combinations of what can be had take its place; fewer than six of them are too few.
"""

from __future__ import annotations

import difflib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "_build" / "matrix"
CHAPTERS = [path for path in sorted((ROOT / "chapters" / "en").glob("*.ipynb")) if path.name != "exam.ipynb"]
LEAST = 6
VERSIONS = {"lowest": "lowest-direct", "newest": "highest"}  # what pyproject.toml allows, as uv calls it
# An old processor without fused sums and AVX-512, and the one at hand. The kernel Haswell, which would be less old,
# overruns its stack in NumPy 2.5 (https://github.com/OpenMathLib/OpenBLAS/issues/6026).
CPU = Path("/proc/cpuinfo").read_text("utf8") if Path("/proc/cpuinfo").exists() else ""
OWN = "SkylakeX" if "avx512dq" in CPU else "Haswell"
AVX512 = "AVX512F AVX512CD AVX512_SKX AVX512_ICL X86_V4"  # as older and newer versions of NumPy call it
KERNELS = {
    "Sandybridge": {"OPENBLAS_CORETYPE": "Sandybridge", "NPY_DISABLE_CPU_FEATURES": AVX512},
    OWN: {"OPENBLAS_CORETYPE": OWN},
}


class Combination(NamedTuple):
    """A value of each factor."""

    python: str
    versions: str
    threads: int
    kernel: str

    def __str__(self) -> str:
        return f"Python {self.python} {self.versions} {self.threads}×{self.kernel}"


class Absent(Exception):
    """An environment that cannot be had, and why."""


EVERY = [
    Combination(*values) for values in itertools.product(("3.11", "3.12", "3.13", "3.14"), VERSIONS, (1, 2), KERNELS)
]


def cover(every: Iterable[tuple], begun: Iterable[tuple] = (), least: int = 0) -> list[tuple]:
    """Few of the combinations, those begun with among them, in which each pair of values stands that stands in any.

    The next one is always the first that brings most new pairs; where `least` are wanted some may bring none.
    """
    every, chosen = list(every), list(begun)
    missing = set().union(*map(pairs, every)).difference(*map(pairs, chosen))
    while missing or len(chosen) < min(least, len(every)):
        chosen.append(max((c for c in every if c not in chosen), key=lambda c: len(pairs(c) & missing)))
        missing -= pairs(chosen[-1])
    return chosen


def pairs(combination: tuple) -> set:
    return set(itertools.combinations(enumerate(combination), 2))


def environment(python: str, versions: str) -> Path:
    """The Python of a new environment with what the chapters need."""
    folder = FOLDER / f"{python}-{versions}"
    uv("venv", "--clear", "--python", python, str(folder))
    interpreter = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    choice = ["--resolution", VERSIONS[versions], "--only-binary", ":all:"]
    uv("pip", "install", "--python", str(interpreter), *choice, "-r", "pyproject.toml")
    uv("pip", "install", "--python", str(interpreter), "ipykernel", "nbclient")
    return interpreter


def uv(*command: str) -> None:
    pyenv = [str(folder) for folder in Path.home().glob(".pyenv/versions/*/bin")]  # its shims start nothing
    path = os.pathsep.join([*pyenv, os.environ["PATH"]])
    done = subprocess.run(
        [str(FOLDER / "bin" / "uv"), "--quiet", *command],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        encoding="utf8",
        stderr=-1,
    )
    if done.returncode:
        raise Absent(done.stderr.strip().splitlines()[-1].strip())


def compare(combination: Combination, interpreter: Path) -> bool:
    """Execute all chapters of an edition; whether they print what git holds. What differs is printed, cell by cell."""
    told = {"OPENBLAS_NUM_THREADS": str(combination.threads), "PYTHONPATH": str(ROOT)} | KERNELS[combination.kernel]
    start, same = time.monotonic(), True
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        execute = partial(differences, interpreter, Path(folder), os.environ | told)
        for chapter, lines in zip(CHAPTERS, pool.map(execute, CHAPTERS)):
            if lines:
                same = False
                print(f"{combination}, {chapter.name}", *lines, sep="\n  ", flush=True)
    print(f"{combination}: {'the same' if same else 'DIFFERS'}, {time.monotonic() - start:.0f} s", flush=True)
    return same


def differences(interpreter: Path, folder: Path, environment: dict[str, str], chapter: Path) -> list[str]:
    """Lines that say in which cells a chapter prints something else than git holds, and what; or why it failed."""
    new = folder / chapter.name
    command = [str(interpreter), "-m", "jupyter", "execute", f"--output={new}", chapter.name]
    done = subprocess.run(
        command, cwd=chapter.parent, env=environment, text=True, encoding="utf8", stdout=-1, stderr=-2
    )
    if done.returncode:
        return done.stdout.strip().splitlines()[-5:]
    lines = []
    for number, (committed, found) in enumerate(zip(printed(chapter), printed(new), strict=True), 1):
        if committed is not None and committed != found:
            changed = difflib.unified_diff(committed.splitlines(), found.splitlines(), n=0, lineterm="")
            lines += [f"cell {number}", *(line for line in changed if not line.startswith(("---", "+++", "@@")))]
    return lines


def printed(path: Path) -> list[str | None]:
    """What each cell of a notebook says in text; None where git does not hold it."""
    texts = []
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        said = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", ())]
        texts.append("".join(map("".join, said)) if cell.get("execution_count") else None)
    return texts


def summary(results: dict[Combination, bool], absent: dict[Combination, str]) -> tuple[str, bool]:
    """The last line, and whether all is well."""
    well = len(results) >= LEAST and all(results.values())
    ran = ", ".join(f"{combination}{'' if same else ' (DIFFERS)'}" for combination, same in results.items())
    line = (
        f"{'all the same' if well else 'FAILED'}: {len(results)} combinations ran (at least {LEAST}): {ran or 'none'}"
    )
    missed = ", ".join(f"{combination} ({why})" for combination, why in absent.items())
    return f"{line}; could not be had: {missed or 'none'}", well


def main() -> int:
    had: dict[tuple[str, str], Path] = {}
    reasons: dict[tuple[str, str], str] = {}
    for python, versions in dict.fromkeys(combination[:2] for combination in EVERY):
        try:
            had[python, versions] = environment(python, versions)
        except Absent as reason:
            reasons[python, versions] = str(reason)
    planned, possible = cover(EVERY), [combination for combination in EVERY if combination[:2] in had]
    chosen = cover(possible, [combination for combination in planned if combination in possible], LEAST)
    results = {combination: compare(combination, had[combination[:2]]) for combination in chosen}
    line, well = summary(results, {c: reasons[c[:2]] for c in planned if c[:2] in reasons})
    print(line)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
