"""Opening a gallery's replica, and saving it for the next process to start from."""

from __future__ import annotations

from pathlib import Path

from recognition.core.errors import IndexUnavailable
from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.kinds import IndexKind
from recognition.index.protocol import ChangeSource, Position, VectorIndex
from recognition.index.replica.replica import Replica
from recognition.index.snapshots.snapshots import SnapshotStore


def open_replica(
    dimension: int,
    source: ChangeSource,
    *,
    kind: IndexKind | None = None,
    snapshots: SnapshotStore | None = None,
) -> Replica:
    """Open a FAISS replica that its first search starts from the newest snapshot, if there is one.

    ``kind`` overrides what the gallery's size asks for.
    """

    def resume() -> tuple[VectorIndex, Position] | None:
        found = snapshots.newest(source.token) if snapshots is not None else None
        if found is None:
            return None
        live, position = found
        index = AdaptiveIndex(dimension, kind=kind, live=live)
        index.renew_if_due()
        return index, position

    return Replica(lambda: AdaptiveIndex(dimension, kind=kind), source, resume=resume)


def write_snapshot(replica: Replica, source: ChangeSource, snapshots: SnapshotStore) -> Path | None:
    """Save the replica as of its gallery's committed generation; returns the snapshot's folder.

    It returns None if a removal has overtaken it, and its vectors must no longer be written.
    Raises OSError, and IndexUnavailable for an index that lives outside this process.
    """
    with replica.paused() as (index, position):
        if not isinstance(index, AdaptiveIndex):
            raise IndexUnavailable("Only a FAISS index has snapshots.")
        frozen = index.freeze()
    return snapshots.write(frozen, position, overtaken=source.removed_since)
