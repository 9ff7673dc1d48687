"""Batches that another process draws while this one learns from the last."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
from queue import Empty, Full

from recognition.encoders.drawings.strokes.batches import Batch, make_batch

AHEAD = 4
"""Batches that wait at most: enough to even out what each takes."""

NICENESS = 5
"""The drawing process stands back: a batch that waits is of no use."""

PATIENCE = 5.0
"""Seconds after which one process looks whether the other is still there."""


@contextmanager
def drawn_batches(seed: int, first: int, classes: int) -> Iterator[Iterator[Batch]]:
    """Yield the batches from number ``first`` on, without end.

    A batch depends on the seed and its number alone, so that a run that was broken off goes on with
    the same ones.
    """
    context = get_context("spawn")
    waiting: Queue[Batch] = context.Queue(AHEAD)
    process = context.Process(target=_draw, args=(waiting, seed, first, classes), daemon=True)
    process.start()
    try:
        yield _received(waiting, process)
    finally:
        process.terminate()
        process.join()
        waiting.close()


def _received(waiting: Queue[Batch], process: SpawnProcess) -> Iterator[Batch]:
    while True:
        try:
            yield waiting.get(timeout=PATIENCE)
        except Empty:
            if not process.is_alive():
                raise RuntimeError("The process that draws has ended.") from None


def _draw(waiting: Queue[Batch], seed: int, first: int, classes: int) -> None:
    os.nice(NICENESS)
    parent = os.getppid()
    for number in count(first):
        batch = make_batch(seed, number, classes)
        while not _put(waiting, batch):
            if os.getppid() != parent:  # who was to learn from it is gone
                waiting.cancel_join_thread()
                return


def _put(waiting: Queue[Batch], batch: Batch) -> bool:
    try:
        waiting.put(batch, timeout=PATIENCE)
    except Full:
        return False
    return True
