"""This process's replicas of the galleries' indexes."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from recognition.index.faiss_exact import ExactIndex
from recognition.index.replica import Replica
from recognition.models import Gallery
from recognition.selectors.changes import DatabaseChangeSource

_lock = Lock()
_replicas: dict[tuple[int, datetime, str], Replica] = {}


def replica_of(gallery: Gallery) -> Replica:
    """The replica that follows the gallery for its present encoder; made at first use."""
    # A restored database may give a number again to another gallery.
    key = (gallery.pk, gallery.created_at, gallery.encoder.fingerprint)
    dimension = gallery.encoder.dimension
    with _lock:
        if key not in _replicas:
            _replicas[key] = Replica(
                lambda: ExactIndex(dimension),
                DatabaseChangeSource(gallery_id=gallery.pk, encoder_id=gallery.encoder_id),
            )
        return _replicas[key]


def forget_replica(gallery_id: int) -> None:
    """Let go of a deleted gallery's vectors."""
    with _lock:
        for key in [key for key in _replicas if key[0] == gallery_id]:
            del _replicas[key]
