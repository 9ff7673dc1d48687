"""A gallery on its way from one encoder to another, and how the two compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from recognition.client.answers import Encoder

EMBEDDING = "embedding"
FAILED = frozenset({"failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one encoder makes of a query; ``category`` is a slug."""

    decision: str
    category: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class ChangedQuery:
    """A past query that the two answer differently."""

    query: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """Of so many ``references`` with another in their category, how many are nearest to it."""

    references: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of the past queries ``compared``, how many are answered ``alike``; of those ``judged`` by
    people, how many each encoder gets right.
    """

    compared: int
    alike: int
    changed: tuple[ChangedQuery, ...]
    judged: int
    right_before: int
    right_after: int
    leave_one_out: LeaveOneOut


@dataclass(frozen=True, slots=True)
class EncoderChange:
    """``embedded`` of ``total`` embeddings are made; ``behind`` are still to be made.

    ``state`` is embedding, ready, switched, finished, rolled_back, cancelled or failed; ``code``
    and ``detail`` say why it failed.
    """

    id: str
    state: str
    source: Encoder
    target: Encoder
    total: int | None
    embedded: int
    behind: int | None
    code: str
    detail: str
    comparison: Comparison | None
    created_at: datetime
    switched_at: datetime | None
    ended_at: datetime | None

    @property
    def finished(self) -> bool:
        """Whether the worker has done its part: the next step is the owner's."""
        return self.state != EMBEDDING

    @property
    def succeeded(self) -> bool:
        return self.finished and self.state not in FAILED
