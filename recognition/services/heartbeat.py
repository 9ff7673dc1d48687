"""Shows that a long piece of work lives, whatever it is at."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import Error, connection

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0


@contextmanager
def heartbeat(beat: Callable[[], bool], *, every: float, longest: float) -> Iterator[None]:
    """Call ``beat`` beside the block, by a database connection of its own, until it answers False.

    It ends with the block, dies with the process, and stops after ``longest`` seconds: what hangs
    for ever is then taken for dead.
    """
    over = Event()
    arguments = (beat, over, every, time.monotonic() + longest)
    thread = Thread(target=_beat, args=arguments, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(beat: Callable[[], bool], over: Event, every: float, end: float) -> None:
    wait = every
    try:
        while not over.wait(wait) and time.monotonic() < end:
            try:
                if not beat():
                    return
                wait = every
            except Error:
                # Others write to SQLite for too long, or the database is away.
                logger.warning("a heartbeat failed and is tried again", exc_info=True)
                connection.close()
                wait = min(every, RETRY_SECONDS)
    finally:
        connection.close()
