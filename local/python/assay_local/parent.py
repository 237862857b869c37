"""Children that end when their parent does, even when it is killed with SIGKILL."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(parent: int) -> None:
    """Asks the kernel to kill this process when its parent dies.

    The request survives exec. Other systems have no such call: there the supervisor ends its
    children when its own input closes, and only a kill of the supervisor itself leaves them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The parent may have died before the request was made.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """`python -m assay_local.parent PARENT PROGRAM ARGUMENTS…` becomes PROGRAM."""
    end_with_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
