"""Whether an index holds what the database holds, vector by vector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from recognition.core.types import Vector
from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.kinds import IndexKind
from recognition.index.protocol import Entry, VectorIndex
from recognition.models import Gallery
from recognition.selectors.changes import DatabaseChangeSource
from recognition.services.indexes.replicas import GalleryReplica, open_gallery_replica, source_of
from recognition.services.storage.index_places import backend_of

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Verification:
    """The number of embeddings compared as of a generation, and the ids of those that differ."""

    compared: int
    generation: int
    missing: frozenset[int]
    extra: frozenset[int]
    different: frozenset[int]

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.extra or self.different)


def verify_index(gallery: Gallery) -> Verification:
    """Open the gallery's index as a starting process would, and compare it with the database.

    For FAISS that is the newest snapshot with the log replayed, or a rebuild where there is none;
    for Milvus it is the collection that all processes share. Writers go on meanwhile: what they
    change while the two are read does not count as a difference. Raises IndexUnavailable.
    """
    return compare_with_database(
        open_gallery_replica(gallery, backend_of(gallery)), source_of(gallery)
    )


def compare_with_database(replica: GalleryReplica, source: DatabaseChangeSource) -> Verification:
    with replica.paused() as (index, position):
        extra, different, seen = _compare(index, source)
    missing = set(source.live().values_list("pk", flat=True).iterator()) - seen
    moved = source.changed_since(position.generation)
    return Verification(
        compared=len(seen),
        generation=position.generation,
        missing=frozenset(missing - moved),
        extra=frozenset(extra - moved),
        different=frozenset(different - moved),
    )


def _compare(
    index: VectorIndex, source: DatabaseChangeSource
) -> tuple[set[int], set[int], set[int]]:
    """The ids that only the index has, those that differ, and all that it has."""
    extra: set[int] = set()
    different: set[int] = set()
    seen: set[int] = set()
    for batch in _batches(index.entries()):
        ids = [entry.id for entry in batch]
        kept = {entry.id: entry for entry in source.of_ids(ids)}
        extra |= set(ids) - set(kept)
        different |= seen & set(ids) | {id_ for id_, times in Counter(ids).items() if times > 1}
        seen.update(ids)
        half = isinstance(index, AdaptiveIndex) and index.kind is IndexKind.HNSW_FP16
        different |= {
            entry.id
            for entry in batch
            if entry.id in kept and not _same(entry, kept[entry.id], half=half)
        }
    return extra, different, seen


def _same(held: Entry, kept: Entry, *, half: bool) -> bool:
    return (
        held.category == kept.category
        and held.kind is kept.kind
        and (
            np.array_equal(held.vector, kept.vector)
            or (half and np.array_equal(held.vector, _rounded(kept.vector)))
        )
    )


def _rounded(vector: Vector) -> Vector:
    """Round a vector as float16 keeps it."""
    return vector.astype(np.float16).astype(np.float32)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    remaining = iter(entries)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
