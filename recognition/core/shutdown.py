"""The end of the process: work in the background is told to stop, and waited for.

Python ends its daemon threads wherever they are; one inside a C++ library then takes the process
down with it.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from weakref import WeakSet

_exiting = threading.Event()
_threads: WeakSet[threading.Thread] = WeakSet()


class ProcessEnds(Exception):
    """The work is not worth finishing."""


def in_background(work: Callable[[], None], name: str) -> threading.Thread:
    """Start a thread that does ``work``, which must call :func:`raise_if_exiting` every second or
    so.
    """
    thread = threading.Thread(target=work, name=name, daemon=True)
    _threads.add(thread)
    thread.start()
    return thread


def raise_if_exiting() -> None:
    """Raise ProcessEnds when the process ends."""
    if _exiting.is_set():
        raise ProcessEnds


def pause(seconds: float) -> None:
    """Wait so many seconds. Raises ProcessEnds as soon as the process ends."""
    if _exiting.wait(seconds):
        raise ProcessEnds


@atexit.register
def _exit() -> None:
    _exiting.set()
    for thread in list(_threads):
        if thread.is_alive():
            thread.join()
