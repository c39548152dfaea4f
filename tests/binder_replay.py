"""What Binder does with this repository, replayed without docker: how long its steps take and how much they weigh.

    python tests/binder_replay.py [chapter ...]

A fresh environment gets what Binder's base image brings, then `binder/requirements.txt` (from a folder that holds
`binder/` alone, as in repo2docker's plan: a commit of ours does not repeat this step), then a copy of the repository
and `binder/postBuild`. In it every chapter of both editions, or the chapters named, is executed from its own folder,
with no way into the network; it must print the numbers that are committed. `site/test_jupyter.py` stands on the
same steps; called by hand, they run all chapters of both editions.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASE = ("jupyterlab", "notebook", "ipywidgets", "ipykernel")
LONGEST = 300  # seconds a chapter may take on a busy machine
NOWHERE = "http://127.0.0.1:9"  # a proxy that answers to nobody


class NoIndexError(RuntimeError):
    """The packages of the base image cannot be had: no network, nothing about the repository."""


@dataclass(frozen=True)
class Replay:
    """An environment as Binder makes it, and what making it took.

    Attributes
    ----------
    folder : Path
        What holds all the rest.
    seconds, megabytes : dict
        Of each step: ``base`` (the environment and Jupyter), ``requirements`` and ``postBuild``.
    """

    folder: Path
    seconds: dict[str, float]
    megabytes: dict[str, float]

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    def program(self, name: str) -> str:
        return str(self.folder / "env" / ("Scripts" if os.name == "nt" else "bin") / name)

    def environ(self) -> dict[str, str]:
        """The variables of a process in it: nothing of ours, no network."""
        return _alone(self.folder) | dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NOWHERE)

    def execute(self, chapter: Path | str) -> float:
        """Run a chapter (``"en/00_before_you_start.ipynb"``) from its own folder; seconds, the kernel's start included.

        Raises
        ------
        RuntimeError
            When a cell fails, writes to stderr or prints something else than what is committed.
        """
        path = self.repository / "chapters" / chapter
        start, jupyter = str(self.repository / "binder" / "start"), self.program("jupyter")
        command = [start, jupyter, "execute", "--inplace", f"--timeout={LONGEST}", path.name]
        seconds, _ = _timed(command, cwd=path.parent, env=self.environ())
        printed, committed = (_printed(root / "chapters" / chapter) for root in (self.repository, ROOT))
        for number, (ours, expected) in enumerate(zip(printed, committed, strict=True), 1):
            if expected is not None and ours != expected:
                raise RuntimeError(f"{chapter}, code cell {number} prints\n{ours!r}\ninstead of\n{expected!r}")
        return seconds

    def execute_all(self, chapters, workers: int = 1) -> dict[str, float]:
        """Run chapters, some at once; the seconds of each."""
        with ThreadPoolExecutor(workers) as pool:
            return dict(zip(chapters, pool.map(self.execute, chapters)))


def replay(folder: Path) -> Replay:
    """Binder's steps, in `folder`, which is empty or does not exist.

    Raises
    ------
    NoIndexError
        When Jupyter itself cannot be installed.
    RuntimeError
        When one of the steps that are ours fails, with what it said.
    """
    made = Replay(folder, {}, {})
    pip = [made.program("python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    empty = folder / "first"
    shutil.copytree(ROOT / "binder", empty / "binder")
    env = _alone(folder)

    start = time.perf_counter()
    _timed([sys.executable, "-m", "venv", str(folder / "env")], env=env)
    versions = folder / "versions.txt"  # the pins alone: pip takes no constraint with a hash
    lines = (ROOT / "requirements.txt").read_text("utf8").splitlines()
    versions.write_text("\n".join(line.rstrip(" \\") for line in lines if "==" in line), "utf8")
    pins = ["--constraint", str(versions)]
    try:
        _timed([*pip, *pins, *BASE], cwd=empty, env=env)
    except RuntimeError as error:
        raise NoIndexError(str(error)) from None
    made.seconds["base"], weight = time.perf_counter() - start, _megabytes(folder / "env")
    made.megabytes["base"] = weight

    requirements = [*pip, "--requirement", "binder/requirements.txt"]
    made.seconds["requirements"], _ = _timed(requirements, cwd=empty, env=env)
    made.megabytes["requirements"], weight = _megabytes(folder / "env") - weight, _megabytes(folder / "env")

    copy(made.repository)
    build = ["bash", "binder/postBuild"]
    made.seconds["postBuild"], _ = _timed(build, cwd=made.repository, env=env)
    made.megabytes["postBuild"] = _megabytes(folder / "env") - weight
    _timed([made.program("python"), "-m", "pip", "check"], env=env)

    command = [made.program("python"), "-c", "import winit; print(winit.__file__)"]
    _, where = _timed(command, cwd=made.repository / "chapters" / "en", env=env)
    if not Path(where.strip()).is_relative_to(folder / "env"):
        raise RuntimeError(f"winit comes from {where.strip()}, not from the environment")
    return made


def chapters() -> list[str]:
    """Every chapter of every edition, ``"en/00_before_you_start.ipynb"`` …; the exam is not on the branch it opens."""
    return [path.relative_to(ROOT / "chapters").as_posix() for path in sorted(ROOT.glob("chapters/*/[0-9]*.ipynb"))]


def measure(names=None, workers: int = 1) -> tuple[Replay, dict[str, float]]:
    """The replay (its folder is gone afterwards) and the seconds of each chapter."""
    with tempfile.TemporaryDirectory(prefix="winit-binder-") as folder:
        made = replay(Path(folder))
        return made, made.execute_all(names or chapters(), workers)


def _alone(folder: Path) -> dict[str, str]:
    """Variables that lead to nothing outside `folder` but what the machine itself has."""
    ours = ("PYTHON", "VIRTUAL_ENV", "JUPYTER", "IPYTHON", "MPL", "WINIT", "COVERAGE")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        env[name] = str(folder / "home" / name.lower())
    programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    return env | {"PATH": f"{programs}{os.pathsep}{env['PATH']}"}


def _timed(command: list[str], **options) -> tuple[float, str]:
    start = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf8", timeout=2 * LONGEST, **options)
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{run.stdout[-1000:]}{run.stderr[-3000:]}")
    return time.perf_counter() - start, run.stdout


def copy(folder: Path) -> None:
    """What git would clone, changes included that are not committed yet."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    _, names = _timed(command)
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def _printed(path: Path) -> list[str | None]:
    """What each code cell of a notebook wrote; what goes to stderr is marked. None of a cell that was not run.

    Git holds a solution as one that was not run.
    """
    cells = json.loads(path.read_text("utf8"))["cells"]
    return [
        None
        if cell["execution_count"] is None
        else "".join(
            ("stderr: " if output["name"] == "stderr" else "") + "".join(output["text"])
            for output in cell["outputs"]
            if output["output_type"] == "stream"
        )
        for cell in cells
        if cell["cell_type"] == "code"
    ]


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


if __name__ == "__main__":
    chosen = [name for name in chapters() if len(sys.argv) == 1 or Path(name).stem in sys.argv[1:]]
    made, seconds = measure(chosen)
    print(f"Python {sys.version.split()[0]}; load of the machine {os.getloadavg()[0]:.1f}\n")
    for step, label in (
        ("base", "an environment with Jupyter, as in Binder's base image"),
        ("requirements", "binder/requirements.txt (goal: 20 s)"),
        ("postBuild", "binder/postBuild"),
    ):
        print(f"{label:60} {made.seconds[step]:5.1f} s  {made.megabytes[step]:6.1f} MB")
    ours = made.megabytes["requirements"] + made.megabytes["postBuild"]
    print(f"{'what the steps that are ours add (goal: 500 MB)':60} {'':7}  {ours:6.1f} MB")
    print(f"{'all of it':60} {'':7}  {sum(made.megabytes.values()):6.1f} MB\n")
    for name in sorted(seconds):
        print(f"{name:40} {seconds[name]:5.1f} s")
