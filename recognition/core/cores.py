"""How much of the machine is this process's."""

from __future__ import annotations

import os
import sys
import threading

_NICE = 5


def core_count() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def give_way() -> None:
    """Leave the cores to whoever wants them, in this thread and those that it starts from now on.

    It cannot be taken back, so this is for threads that do one thing. Only Linux knows a thread's
    priority; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(now, _NICE))
