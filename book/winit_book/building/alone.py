"""One build at a time: a second one in the same folder waits for the first, and for what a killed one left running."""

from __future__ import annotations

import atexit
import os
import time
from pathlib import Path
from typing import BinaryIO

from .editions import stop

if os.name == "nt":
    import msvcrt
else:
    import fcntl

_held: dict[Path, BinaryIO] = {}  # as long as this process lives


def wait_for_others(root: Path) -> None:
    """Take the lock of ``_build``, as soon as nobody has it; it is given back when this process and its heirs end.

    Raises
    ------
    SystemExit
        With one line where nothing can be written there, as in a checkout that is read-only.
    """
    path = root / "_build" / ".lock"
    if path in _held:
        return
    try:
        path.parent.mkdir(exist_ok=True)
        lock, told = path.open("ab"), False
    except OSError as error:
        raise stop(f"nothing can be written into _build ({error.strerror}); build in a copy of the folder") from None
    while not _taken(lock):
        if not told:
            print("\nanother build is at work in this folder; this one goes on when it has ended ...", flush=True)
        told = True
        time.sleep(0.2)
    _held[path] = lock
    atexit.register(lock.close)


def heirs() -> dict[str, tuple[int, ...]]:
    """What `subprocess` needs to be told so that the lock is held until a process of this build has ended, too."""
    return {} if os.name == "nt" else {"pass_fds": tuple(lock.fileno() for lock in _held.values())}


def _taken(lock: BinaryIO) -> bool:
    try:
        if os.name == "nt":
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
