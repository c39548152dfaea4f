"""Where the repository lives, so that launch and edit links never lead nowhere."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

BRANCH = "launch"  # what Binder and Colab open, see launch.py
GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|git@github\.com:|ssh://git@github\.com/)([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)


def git(root: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What git says of a repository: its messages come as the locale has it, names and addresses as UTF-8."""
    every = os.environ | environment
    words = ["git", "-C", str(root), *command]
    return subprocess.run(words, env=every, capture_output=True, encoding="utf8", errors="replace")


def github(root: Path) -> tuple[str, str] | None:
    """Owner and name of the GitHub repository that `origin` points to; None without one."""
    try:
        found = git(root, "remote", "get-url", "origin")
    except OSError:  # no git
        return None
    url = "" if found.returncode else found.stdout.strip()
    match = GITHUB.fullmatch(url)
    return (match[1], match[2]) if match else None


def launched(root: Path) -> str | None:
    """The commit that Binder and Colab open: of the branch here or else, as last fetched, at `origin`; None without."""
    places = [f"refs/{place}/{BRANCH}" for place in ("heads", "remotes/origin")]
    found = git(root, "for-each-ref", "--format=%(objectname)", *places)
    return next(iter(found.stdout.split()), None)


def pages_url(repository: tuple[str, str] | None) -> str:
    """Address of the published site, with a trailing slash; empty without a repository."""
    if not repository:
        return ""
    owner, name = repository
    host = f"https://{owner.lower()}.github.io/"
    return host if name.lower() == f"{owner.lower()}.github.io" else f"{host}{name}/"
