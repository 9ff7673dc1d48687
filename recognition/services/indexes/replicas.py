"""This process's replicas of the galleries' indexes."""

from __future__ import annotations

from threading import Lock
from typing import TypeAlias

from recognition.core.configuration import recognition_settings
from recognition.core.errors import EncoderChanged, GalleryNotFound
from recognition.index.backends import Backend
from recognition.index.kinds import IndexKind
from recognition.index.milvus.milvus import MilvusIndex
from recognition.index.milvus.milvus_client import connect
from recognition.index.replica.opening import open_replica
from recognition.index.replica.replica import Replica
from recognition.index.replica.shared_replica import SharedReplica
from recognition.models import Gallery
from recognition.selectors.changes import DatabaseChangeSource
from recognition.services.storage.discard_snapshots import discard_overtaken
from recognition.services.storage.exclusive import exclusive
from recognition.services.storage.index_places import backend_of, collection_of, snapshot_store

GalleryReplica: TypeAlias = Replica | SharedReplica
_Key: TypeAlias = tuple[int, str, str, str]

_lock = Lock()
_replicas: dict[_Key, GalleryReplica] = {}


def replica_of(gallery: Gallery) -> GalleryReplica:
    """Return the replica that follows the gallery for its present encoder; made at first use."""
    if (known := _replicas.get(_key(gallery))) is not None:
        return known
    with _lock:
        # What the caller holds may date from before the index was moved.
        _refresh(gallery)
        key = _key(gallery)
        if key not in _replicas:
            _forget([old for old in _replicas if old[0] == key[0]])
            _forget_deleted()
            _replicas[key] = open_gallery_replica(gallery, backend_of(gallery))
        return _replicas[key]


def _refresh(gallery: Gallery) -> None:
    encoder_id = gallery.encoder_id
    try:
        gallery.refresh_from_db(fields=["index_backend", "index_kind"])
        present = Gallery.objects.values_list("encoder_id", flat=True).get(pk=gallery.pk)
    except Gallery.DoesNotExist:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.") from None
    if present != encoder_id:
        raise EncoderChanged("The gallery's encoder was changed meanwhile; try again.")


def _key(gallery: Gallery) -> _Key:
    return gallery.pk, gallery.encoder.fingerprint, gallery.index_backend, gallery.index_kind


def open_gallery_replica(gallery: Gallery, backend: Backend) -> GalleryReplica:
    """Open a replica of the gallery in a backend, apart from the one that answers searches."""
    source = source_of(gallery)
    if not backend.is_local:
        client = connect(backend, recognition_settings().milvus_token)
        name = collection_of(gallery)
        index = MilvusIndex(client, name, gallery.encoder.dimension)
        return SharedReplica(index, source, lambda: exclusive(name))
    discard_overtaken(gallery.pk)
    return open_replica(
        gallery.encoder.dimension,
        source,
        kind=chosen_kind(gallery),
        snapshots=snapshot_store(gallery),
    )


def chosen_kind(gallery: Gallery) -> IndexKind | None:
    """Return the kind that overrides what the gallery's size asks for."""
    return IndexKind(gallery.index_kind) if gallery.index_kind else None


def source_of(gallery: Gallery) -> DatabaseChangeSource:
    return DatabaseChangeSource(gallery_id=gallery.pk, encoder_id=gallery.encoder_id)


def forget_replica(gallery_id: int) -> None:
    """Let go of a deleted gallery's vectors."""
    with _lock:
        _forget([key for key in _replicas if key[0] == gallery_id])


def changes_to_apply() -> int:
    """Return how many changes the replica has to apply that is furthest behind its gallery."""
    return max((behind for _, behind in lags()), default=0)


def lags() -> list[tuple[int, int]]:
    """Return the gallery of each replica in this process, and how many changes it is behind it."""
    opened = {
        key[0]: replica for key, replica in list(_replicas.items()) if isinstance(replica, Replica)
    }
    galleries = Gallery.objects.filter(pk__in=opened).values_list("pk", "generation")
    return [(pk, max(0, committed - opened[pk].generation)) for pk, committed in galleries]


def _forget_deleted() -> None:
    """Galleries that another process has deleted."""
    kept = {key[0] for key in _replicas}
    kept &= set(Gallery.objects.filter(pk__in=kept).values_list("pk", flat=True))
    _forget([key for key in _replicas if key[0] not in kept])


def _forget(keys: list[_Key]) -> None:
    for key in keys:
        del _replicas[key]
