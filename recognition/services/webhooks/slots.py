"""How many messages of one gallery are under way at a time in a process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

MOST = 2
"""Of the eight that a worker sends at a time: however many receivers of a gallery are silent, the
other galleries' messages go out."""

_lock = Lock()
_taken: Counter[int] = Counter()


@contextmanager
def slot_of(gallery: int) -> Iterator[bool]:
    """Hold one of the gallery's slots within the block, and give whether one was free."""
    with _lock:
        free = _taken[gallery] < MOST
        if free:
            _taken[gallery] += 1
    try:
        yield free
    finally:
        if free:
            with _lock:
                _taken[gallery] -= 1
                if not _taken[gallery]:
                    del _taken[gallery]
