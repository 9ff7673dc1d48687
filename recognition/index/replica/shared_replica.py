"""A replica that lives outside this process and that many processes keep in step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import numpy as np

from recognition.core.types import Matrix
from recognition.index.protocol import (
    START,
    Change,
    ChangeSource,
    Entry,
    Hit,
    Position,
    Scope,
    VectorIndex,
)
from recognition.index.replica.categories import search_categories
from recognition.index.replica.following import BATCH, PATIENCE, advance, apply_changes, fill


class SharedIndex(VectorIndex, Protocol):
    """An index that several processes write to and that knows how far they came."""

    def position(self) -> Position | None: ...

    def set_position(self, position: Position) -> None: ...

    def seal(self) -> None: ...

    def ensure(self) -> None:
        """Make what holds it, which another process may have dropped."""
        ...


class SharedReplica:
    """One gallery's index on a server, brought to the committed generation by each search.

    ``exclusive`` opens a lock that all processes of the gallery share, such as one of the
    database's: without it a slow process could add again what a faster one has removed. Changes
    are applied first and the position is set after them, so a process that dies between the
    two leaves changes that are applied once more, to no effect.
    """

    def __init__(
        self,
        index: SharedIndex,
        source: ChangeSource,
        exclusive: Callable[[], AbstractContextManager[object]],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._index = index
        self._source = source
        self._exclusive = exclusive
        self._patience = patience
        self._applying = threading.Lock()
        self._position: Position | None = None

    @property
    def position(self) -> Position:
        """Return the last position known to be applied, by whichever process."""
        return self._position or START

    @property
    def generation(self) -> int:
        return self.position.generation

    def __len__(self) -> int:
        return len(self._index)

    def search(
        self,
        queries: Matrix,
        limit: int,
        scope: Scope | None = None,
        at_least: int | None = None,
    ) -> list[list[Hit]]:
        """Find the nearest entries of each query, as of the committed generation or later.

        Errors are those of ``Replica.search``.
        """
        self.catch_up(at_least)
        return self._index.search(queries, limit, scope)

    def search_categories(
        self,
        queries: Matrix,
        top_k: int,
        scope: Scope | None = None,
        at_least: int | None = None,
    ) -> list[list[Hit]]:
        """Find the best hit of each of the ``top_k`` nearest categories of each query, best
        first.
        """
        self.catch_up(at_least)
        return search_categories(self._index.search, queries, top_k, scope)

    def catch_up(self, at_least: int | None = None) -> int:
        """Bring the index to the generation committed by now; returns the one it is at."""
        applied = self._position
        committed = self._source.position()
        target = max(committed.generation, at_least or 0)
        if applied != committed or applied.generation < target:
            with self._applying, self._exclusive():
                self._follow(target)
        return self.generation

    @contextmanager
    def paused(self) -> Iterator[tuple[VectorIndex, Position]]:
        """Give the index and its position, which no process changes meanwhile; searches go on."""
        with self._applying, self._exclusive():
            self._follow(self._source.position().generation)
            yield self._index, self.position

    def rebuild(self) -> int:
        """Make the index equal to the source's entries; returns its generation."""
        with self._applying, self._exclusive():
            self.reset()
            return self.generation

    def apply(self, changes: Sequence[Change]) -> None:
        apply_changes(self._index, changes)
        self._arrive_at(changes[-1].position)

    def reset(self) -> None:
        """Add what the source has, then remove what it has not: never empty in between."""
        self._index.ensure()
        position, entries = self._source.entries()
        live: set[int] = set()
        fill(self._index, _noting(entries, live))
        stale = [entry.id for entry in self._index.entries() if entry.id not in live]
        for start in range(0, len(stale), BATCH):
            self._index.remove(np.array(stale[start : start + BATCH], np.int64))
        self._index.seal()
        self._arrive_at(position)

    def _follow(self, target: int) -> None:
        self._position = self._index.position()
        if self._position is None:
            self.reset()
        advance(self, self._source, target, self._patience)

    def _arrive_at(self, position: Position) -> None:
        self._index.set_position(position)
        self._position = position


def _noting(entries: Iterable[Entry], ids: set[int]) -> Iterator[Entry]:
    for entry in entries:
        ids.add(entry.id)
        yield entry
