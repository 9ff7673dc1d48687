"""What is known of a gallery's index without opening it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recognition.core.configuration import recognition_settings
from recognition.index.backends import Backend
from recognition.index.kinds import kind_for
from recognition.index.milvus.milvus import MilvusIndex
from recognition.index.milvus.milvus_client import connect
from recognition.models import Gallery
from recognition.services.indexes.replicas import source_of
from recognition.services.storage.index_places import backend_of, collection_of, snapshot_store


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    generation: int
    count: int
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """``behind`` counts the changes that a starting process replays; None without a snapshot."""

    gallery: str
    backend: str
    kind: str
    vectors: int
    generation: int
    snapshots: tuple[SnapshotStatus, ...]
    behind: int | None


def index_status(gallery: Gallery) -> IndexStatus:
    """Describe the gallery's index. Raises IndexUnavailable where Milvus does not answer."""
    backend, vectors = backend_of(gallery), source_of(gallery).live().count()
    if backend.is_local:
        snapshots = _snapshots(gallery)
        kind, reached = gallery.index_kind or kind_for(vectors).value, None
        if snapshots:
            kind, reached = snapshots[0].kind, snapshots[0].generation
    else:
        snapshots, kind, reached = (), "hnsw", _milvus_generation(gallery, backend)
    return IndexStatus(
        gallery=gallery.slug,
        backend=backend.text,
        kind=kind,
        vectors=vectors,
        generation=gallery.generation,
        snapshots=snapshots,
        behind=None if reached is None else gallery.generation - reached,
    )


def _snapshots(gallery: Gallery) -> tuple[SnapshotStatus, ...]:
    store = snapshot_store(gallery)
    return tuple(
        SnapshotStatus(
            manifest.generation,
            manifest.count,
            manifest.kind.value,
            _size(store.folder.snapshot(manifest.generation)),
        )
        for manifest in store.manifests()
    )


def _milvus_generation(gallery: Gallery, backend: Backend) -> int | None:
    client = connect(backend, recognition_settings().milvus_token)
    position = MilvusIndex(client, collection_of(gallery), gallery.encoder.dimension).position()
    return position.generation if position else None


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
