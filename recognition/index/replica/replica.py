"""A replica: an index that follows a gallery's generation through the source it is handed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from recognition.core.errors import IndexUnavailable
from recognition.core.types import Matrix
from recognition.index.protocol import (
    START,
    Change,
    ChangeSource,
    Hit,
    Position,
    Scope,
    VectorIndex,
)
from recognition.index.replica.categories import search_categories
from recognition.index.replica.following import PATIENCE, advance, apply_changes, fill
from recognition.index.replica.locks import SharedLock


class Replica:
    """One gallery's index in this process, brought to the committed generation by each search.

    Any number of threads may search; one at a time applies changes, reading the source without
    keeping searches waiting. Generations are applied in order and without gaps. Where the log no
    longer holds the next generation, or the source is of another history (a restored database),
    the index is rebuilt from the source's entries, aside.

    ``resume`` gives an index to start from, such as a snapshot's, and the position it is at;
    None starts from the source's entries.
    """

    def __init__(
        self,
        index_factory: Callable[[], VectorIndex],
        source: ChangeSource,
        *,
        resume: Callable[[], tuple[VectorIndex, Position] | None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._index_factory = index_factory
        self._resume = resume
        self._source = source
        self._patience = patience
        self._lock = SharedLock()
        self._applying = threading.Lock()
        self._index: VectorIndex | None = None
        self._position = START

    @property
    def position(self) -> Position:
        """Return the last position applied; meaningless before the first search."""
        return self._position

    @property
    def generation(self) -> int:
        return self._position.generation

    def __len__(self) -> int:
        with self._lock.read():
            return len(self._index) if self._index is not None else 0

    def search(
        self,
        queries: Matrix,
        limit: int,
        scope: Scope | None = None,
        at_least: int | None = None,
    ) -> list[list[Hit]]:
        """Find the nearest entries of each query, as of the committed generation or later.

        ``at_least`` is a generation that the caller knows to be committed. Raises VectorError, and
        IndexUnavailable when a committed generation cannot be read in time.
        """
        self.catch_up(at_least)
        with self._lock.read():
            return self._started().search(queries, limit, scope)

    def search_categories(
        self,
        queries: Matrix,
        top_k: int,
        scope: Scope | None = None,
        at_least: int | None = None,
    ) -> list[list[Hit]]:
        """Find the best hit of each of the ``top_k`` nearest categories of each query, best first.

        All of it is answered from one generation; errors are those of ``search``.
        """
        self.catch_up(at_least)
        with self._lock.read():
            return search_categories(self._started().search, queries, top_k, scope)

    def catch_up(self, at_least: int | None = None) -> int:
        """Bring the index to the generation committed by now; returns the one it is at."""
        applied = self._position
        committed = self._source.position()
        target = max(committed.generation, at_least or 0)
        current = committed == applied or committed.generation > applied.generation
        if self._index is None or not current or self.generation < target:
            with self._applying:
                self._advance(target)
        return self.generation

    @contextmanager
    def paused(self) -> Iterator[tuple[VectorIndex, Position]]:
        """Give the index and its position, held still; searches that need no later one go on."""
        self.catch_up()
        with self._applying:
            yield self._started(), self._position

    def rebuild(self) -> int:
        """Make the index anew from the source's entries; returns its generation."""
        with self._applying:
            self.reset()
            return self.generation

    def apply(self, changes: Sequence[Change]) -> None:
        with self._lock.write():
            apply_changes(self._started(), changes)
            self._position = changes[-1].position

    def reset(self) -> None:
        position, entries = self._source.entries()
        index = self._index_factory()
        fill(index, entries)
        with self._lock.write():
            self._index, self._position = index, position

    def _advance(self, target: int) -> None:
        if self._index is None:
            self._start()
        advance(self, self._source, target, self._patience)

    def _started(self) -> VectorIndex:
        if self._index is None:
            raise IndexUnavailable("The index has not been started.")
        return self._index

    def _start(self) -> None:
        resumed = self._resume() if self._resume else None
        if resumed is None:
            self.reset()
            return
        with self._lock.write():
            self._index, self._position = resumed
