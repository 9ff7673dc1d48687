"""Run a command that ends when its parent does: ``python tied.py PARENT COMMAND...``.

What supervises the processes may be killed without a word; those it left would keep the port and
take the next one's work. Linux tells them (prctl(2), PR_SET_PDEATHSIG); elsewhere they stay.
Run as a file: nothing is to be loaded for it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        # Kept through execve(2), for as long as nothing gains rights by it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):
            sys.exit("The process that started this one has ended.")
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
