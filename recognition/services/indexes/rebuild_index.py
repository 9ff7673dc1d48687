"""An index made anew from the database."""

from __future__ import annotations

from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.hnsw.graph_build import BuildReport
from recognition.index.kinds import IndexKind
from recognition.index.replica.opening import open_replica, write_snapshot
from recognition.index.replica.replica import Replica
from recognition.models import AuditAction, Gallery
from recognition.services.audit.trail import record
from recognition.services.indexes.replicas import chosen_kind, open_gallery_replica, source_of
from recognition.services.storage.discard_snapshots import discard_snapshots
from recognition.services.storage.index_places import backend_of, snapshot_store


def rebuild_index(gallery: Gallery) -> BuildReport | None:
    """Make a gallery's index anew; returns how its graph was built, None where it has none.

    Milvus's collection is made equal to the database while searches go on. For FAISS a snapshot
    is written in place of all others; processes that run keep the index that they have until
    they are started again. Raises OSError, IndexUnavailable.
    """
    record(AuditAction.REBUILD, gallery, gallery=gallery)
    backend = backend_of(gallery)
    if not backend.is_local:
        open_gallery_replica(gallery, backend).rebuild()
        return None
    source = source_of(gallery)
    replica = open_replica(gallery.encoder.dimension, source, kind=chosen_kind(gallery))
    report = settle(replica)
    discard_snapshots(gallery.pk)
    write_snapshot(replica, source, snapshot_store(gallery))
    return report


def settle(replica: Replica) -> BuildReport | None:
    """Wait until the index is of the kind that its size asks for."""
    with replica.paused() as (index, _):
        if not isinstance(index, AdaptiveIndex):
            return None
        index.settle()
        return index.report if index.kind is not IndexKind.EXACT else None
