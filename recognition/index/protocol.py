"""What a vector index does, and how a replica learns of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from recognition.core.types import EvidenceKind, Ids, Matrix, Vector


@dataclass(frozen=True, slots=True)
class Entry:
    """An embedding as the index holds it: ``id`` is the embedding's primary key."""

    id: int
    category: int
    kind: EvidenceKind
    vector: Vector


@dataclass(frozen=True, slots=True)
class Position:
    """A point of a gallery's history: a generation, and the random number drawn with its change.

    A restored database counts on from an earlier generation, but draws other numbers, so equal
    positions are of one history. The number before the first change is 0.
    """

    generation: int
    token: int


START = Position(0, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a gallery's change log; each generation has exactly one.

    ``entry`` is the embedding that was added; it is None for a removal, and for an addition whose
    embedding has been removed since (its own removal follows later in the log).
    """

    position: Position
    embedding: int
    entry: Entry | None

    @property
    def generation(self) -> int:
        return self.position.generation


class Hit(NamedTuple):
    """A neighbour: the embedding's id, category and kind, and its cosine similarity."""

    id: int
    category: int
    kind: EvidenceKind
    similarity: float


@dataclass(frozen=True, slots=True)
class Scope:
    """The embeddings that a search considers; None means all, ``without`` leaves categories out."""

    categories: frozenset[int] | None = None
    kind: EvidenceKind | None = None
    without: frozenset[int] = frozenset()


class VectorIndex(Protocol):
    """Cosine nearest neighbours over L2-normalised vectors with ids of the caller's.

    Searches may run side by side; whoever adds or removes keeps them out meanwhile.
    """

    @property
    def dimension(self) -> int: ...

    def __len__(self) -> int: ...

    def add(self, entries: Sequence[Entry]) -> None:
        """Add entries; an id that is already there is replaced. Raises VectorError."""
        ...

    def remove(self, ids: Ids) -> int:
        """Remove ids, ignoring those that are not there; returns how many were."""
        ...

    def search(self, queries: Matrix, limit: int, scope: Scope | None = None) -> list[list[Hit]]:
        """Find the ``limit`` most similar entries of each query, best first. Raises VectorError."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield every live entry, in no particular order, its vector as the index stores it."""
        ...


class ChangeSource(Protocol):
    """The source from which a replica reads a gallery's truth."""

    def position(self) -> Position:
        """Return the position that is committed."""
        ...

    def token(self, generation: int) -> int | None:
        """Read the number drawn with a generation's change; None if the log does not hold it."""
        ...

    def removed_since(self, generation: int) -> bool:
        """Say whether an embedding was removed after a generation."""
        ...

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """Read up to ``limit`` changes with a generation above ``after``, in order."""
        ...

    def entries(self) -> tuple[Position, Iterable[Entry]]:
        """Read a position and all live entries as of it, or of later (replaying is idempotent).

        The entries are read once, in order, and may be produced lazily; an entry removed after the
        position may or may not be among them.
        """
        ...
