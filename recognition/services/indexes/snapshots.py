"""Snapshots of galleries' indexes, from which processes start."""

from __future__ import annotations

import logging
from pathlib import Path

from recognition.core.errors import RecognitionError
from recognition.index.replica.opening import write_snapshot
from recognition.index.replica.replica import Replica
from recognition.models import Gallery
from recognition.selectors.galleries import all_galleries
from recognition.services.indexes.replicas import replica_of, source_of
from recognition.services.storage.discard_snapshots import discard_overtaken
from recognition.services.storage.index_places import backend_of, snapshot_store

logger = logging.getLogger(__name__)

FEWEST_CHANGES = 1000
"""Fewer are replayed in less time than a search of a large gallery takes."""

CHANGED_SHARE = 0.02
"""The share of a gallery's vectors that may have changed since its newest snapshot."""


def write_due_snapshots() -> int:
    """Write a snapshot of each gallery in which enough has changed; returns how many.

    A gallery whose snapshot fails is logged, and leaves the others theirs.
    """
    written = 0
    for gallery in all_galleries():
        try:
            discard_overtaken(gallery.pk)
            written += is_due(gallery) and write_snapshot_of(gallery) is not None
        except (RecognitionError, OSError):
            logger.exception("no snapshot of the gallery %s could be written", gallery.slug)
    return written


def is_due(gallery: Gallery) -> bool:
    """Say whether a process would be slow to start from the newest snapshot."""
    if not backend_of(gallery).is_local:
        return False
    newest = next(iter(snapshot_store(gallery).manifests()), None)
    if newest is None:
        return source_of(gallery).live().count() >= FEWEST_CHANGES
    changes = gallery.generation - newest.generation
    return changes < 0 or changes >= max(FEWEST_CHANGES, CHANGED_SHARE * newest.count)


def write_snapshot_of(gallery: Gallery) -> Path | None:
    """Save this process's replica, brought to the committed generation.

    Returns the snapshot's folder; None where the index is not FAISS's, or a removal has
    overtaken it. Raises OSError.
    """
    replica = replica_of(gallery)
    if not isinstance(replica, Replica):
        return None
    return write_snapshot(replica, source_of(gallery), snapshot_store(gallery))
