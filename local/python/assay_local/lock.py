"""One Spark server per warehouse.

Delta's commit on a local disk is a look and then a rename, safe within one JVM only. The lock's
file descriptor is inherited by the JVM, so the lock is held for as long as any JVM could commit.
"""

import fcntl
import os
import time
from pathlib import Path

_PATIENCE_SECONDS = 5.0  # a JVM that is just being killed still holds the lock


class Locked(Exception):
    """Another Spark server uses this warehouse."""


def lock(path: Path) -> int:
    """Takes the lock and returns the descriptor to keep and to hand to the JVM."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
                raise Locked(
                    f"Another Spark server (process {holder}) already uses the tables of "
                    f"{path.parent.parent}. Stop that platform first: two servers on the same "
                    f"Delta tables can overwrite each other's commits."
                ) from None
            # A lock that is waited for has no limit of time: one that is asked for again has.
            time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
