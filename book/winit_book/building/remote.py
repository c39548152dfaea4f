"""Where the repository lives, so that launch and edit links never lead nowhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

BRANCH = "launch"  # what Binder and Colab open, see launch.py
GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|git@github\.com:|ssh://git@github\.com/)([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)


def github(root: Path) -> tuple[str, str] | None:
    """Owner and name of the GitHub repository that `origin` points to; None without one."""
    try:
        command = ["git", "-C", str(root), "remote", "get-url", "origin"]
        url = subprocess.run(command, capture_output=True, text=True, encoding="utf8", check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    match = GITHUB.fullmatch(url)
    return (match[1], match[2]) if match else None


def launched(root: Path) -> str | None:
    """The commit that Binder and Colab open: of the branch here or else, as last fetched, at `origin`; None without."""
    places = [f"refs/{place}/{BRANCH}" for place in ("heads", "remotes/origin")]
    command = ["git", "-C", str(root), "for-each-ref", "--format=%(objectname)", *places]
    return next(iter(subprocess.run(command, capture_output=True, text=True, encoding="utf8").stdout.split()), None)


def pages_url(repository: tuple[str, str] | None) -> str:
    """Address of the published site, with a trailing slash; empty without a repository."""
    if not repository:
        return ""
    owner, name = repository
    host = f"https://{owner.lower()}.github.io/"
    return host if name.lower() == f"{owner.lower()}.github.io" else f"{host}{name}/"
