"""Bringing an index along a gallery's change log, generation by generation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

import numpy as np

from recognition.core.errors import IndexUnavailable
from recognition.index.protocol import Change, ChangeSource, Entry, Position, VectorIndex

BATCH = 1024
"""Changes and entries that are read, and applied, at a time."""

PATIENCE = 1.0
"""Seconds to wait for a generation that was committed but cannot be read yet."""

_PAUSE = 0.01


class Follower(Protocol):
    """A follower of a log: the position it is at, and how it moves on."""

    @property
    def position(self) -> Position: ...

    def apply(self, changes: Sequence[Change]) -> None:
        """Apply changes that follow on without a gap."""
        ...

    def reset(self) -> None:
        """Start again from the source's entries."""
        ...


def advance(
    follower: Follower, source: ChangeSource, target: int, patience: float = PATIENCE
) -> None:
    """Bring a follower to generation ``target`` or beyond; one thread at a time.

    A follower of another history is reset. A gap in the log is waited for. If it does not close,
    the log no longer reaches back as far as the follower, which is reset too. Raises
    IndexUnavailable if that does not help either.
    """
    if source.token(follower.position.generation) != follower.position.token:
        follower.reset()
    deadline = time.monotonic() + patience
    was_reset = False
    while (generation := follower.position.generation) < target:
        ready = _consecutive(source.changes(generation, BATCH), generation)
        if ready:
            follower.apply(ready)
        elif time.monotonic() < deadline:
            time.sleep(_PAUSE)
        elif not was_reset and source.position().generation > generation:
            follower.reset()
            was_reset = True
        else:
            raise IndexUnavailable(
                f"Generation {target} cannot be read; the index is at {generation}."
            )


def fill(index: VectorIndex, entries: Iterable[Entry]) -> None:
    """Add entries in batches, so that a lazy source never lies in memory as a whole."""
    remaining = iter(entries)
    while batch := list(islice(remaining, BATCH)):
        index.add(batch)


def apply_changes(index: VectorIndex, changes: Iterable[Change]) -> None:
    """Apply changes that are in order; of several to one embedding only the last counts."""
    latest = {change.embedding: change.entry for change in changes}
    removed = [embedding for embedding, entry in latest.items() if entry is None]
    if removed:
        index.remove(np.array(removed, np.int64))
    added = [entry for entry in latest.values() if entry is not None]
    if added:
        index.add(added)


def _consecutive(changes: Iterable[Change], generation: int) -> list[Change]:
    """The changes that follow a generation one by one, up to the first gap."""
    ready: list[Change] = []
    for change in changes:
        if change.generation <= generation:
            continue
        if change.generation != generation + 1:
            break
        ready.append(change)
        generation += 1
    return ready
