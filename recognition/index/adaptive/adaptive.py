"""An index that takes the kind its size asks for, without ever stopping searches."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from recognition.core.cores import give_way
from recognition.core.shutdown import ProcessEnds, in_background
from recognition.core.types import Ids, Matrix
from recognition.index.adaptive.frozen import Frozen, freeze
from recognition.index.adaptive.renewal import Built, Limits, LiveIndex, kind_of, plan_renewal
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.hnsw.faiss_graph import GraphIndex
from recognition.index.hnsw.graph_build import BuildReport
from recognition.index.kinds import IndexKind, kind_for
from recognition.index.protocol import Entry, Hit, Scope

logger = logging.getLogger(__name__)

Operation: TypeAlias = Sequence[Entry] | Ids

_RETRY_SECONDS = 60.0
_LAST_OPERATIONS = 8


@dataclass(slots=True)
class _Renewal:
    """A renewal under way: the operations that it has yet to take over, and its thread."""

    operations: list[Operation] = field(default_factory=list)
    thread: threading.Thread | None = None


class AdaptiveIndex:
    """Exact or HNSW by size, or of the kind it is told to be.

    A new index is built in a thread from what is there, takes over what was added and removed
    meanwhile, and replaces the old one in one assignment; searches use whichever is in place.
    """

    def __init__(
        self,
        dimension: int,
        *,
        kind: IndexKind | None = None,
        limits: Limits | None = None,
        live: LiveIndex | None = None,
    ) -> None:
        self._kind = kind
        self._limits = limits or Limits()
        self._live: LiveIndex = live or ExactIndex(dimension)
        self._writing = threading.Lock()
        self._renewal: _Renewal | None = None
        self._not_before = 0.0
        self._report: BuildReport | None = None

    @property
    def dimension(self) -> int:
        return self._live.dimension

    @property
    def kind(self) -> IndexKind:
        return kind_of(self._live)

    @property
    def live(self) -> LiveIndex:
        """Return the index in place now."""
        return self._live

    @property
    def report(self) -> BuildReport | None:
        """Return how the last renewal went; None before the first."""
        return self._report

    def __len__(self) -> int:
        return len(self._live)

    def add(self, entries: Sequence[Entry]) -> None:
        with self._writing:
            self._live.add(entries)
            self._record(entries)

    def remove(self, ids: Ids) -> int:
        with self._writing:
            count = self._live.remove(ids)
            self._record(ids)
        return count

    def search(self, queries: Matrix, limit: int, scope: Scope | None = None) -> list[list[Hit]]:
        return self._live.search(queries, limit, scope)

    def entries(self) -> Iterator[Entry]:
        return self._live.entries()

    def freeze(self) -> Frozen:
        """Return what the index holds now, for a snapshot."""
        with self._writing:
            return freeze(self._live)

    def settle(self) -> None:
        """Wait until no renewal is under way and none is due."""
        while True:
            with self._writing:
                self._renew_if_due()
                renewal = self._renewal
            if renewal is None or renewal.thread is None:
                return
            renewal.thread.join()

    def renew_if_due(self) -> None:
        with self._writing:
            self._renew_if_due()

    def _record(self, operation: Operation) -> None:
        if self._renewal is not None:
            self._renewal.operations.append(operation)
        self._renew_if_due()

    def _renew_if_due(self) -> None:
        if self._renewal is not None or time.monotonic() < self._not_before:
            return
        wanted = self._kind or kind_for(len(self), self.kind)
        if not self._due(wanted):
            return
        work = plan_renewal(self._live, wanted, self._limits)
        self._renewal = renewal = _Renewal()
        renewal.thread = in_background(partial(self._renew, renewal, work), "index-renewal")

    def _due(self, wanted: IndexKind) -> bool:
        if not len(self):
            return False
        live = self._live
        worn = isinstance(live, GraphIndex) and self._limits.renewal_due(live)
        return worn or wanted is not self.kind

    def _renew(self, renewal: _Renewal, work: Callable[[], Built]) -> None:
        give_way()
        try:
            index, report = work()
            self._replace_with(index, renewal)
            self._report = report
            logger.info("The index was renewed: %s", report)
        except ProcessEnds:
            self._not_before = math.inf
        except Exception:
            logger.exception("The index could not be renewed; the old one stays in place.")
            self._not_before = time.monotonic() + _RETRY_SECONDS
        finally:
            with self._writing:
                self._renewal = None
                self._renew_if_due()

    def _replace_with(self, index: LiveIndex, renewal: _Renewal) -> None:
        while True:
            with self._writing:
                operations, renewal.operations = renewal.operations, []
                if len(operations) <= _LAST_OPERATIONS:
                    _repeat(operations, index)
                    self._live = index
                    return
            _repeat(operations, index)


def _repeat(operations: list[Operation], index: LiveIndex) -> None:
    for operation in operations:
        if isinstance(operation, np.ndarray):
            index.remove(operation)
        else:
            index.add(operation)
