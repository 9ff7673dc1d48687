"""Where a gallery's index is kept: its backend, its snapshots, its collection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from recognition.core.configuration import recognition_settings
from recognition.index.backends import Backend, parse_backend
from recognition.index.snapshots.snapshot_folder import SnapshotFolder
from recognition.index.snapshots.snapshots import SnapshotStore
from recognition.models import Gallery

_PREFIX = "oneshot_"


def index_folder() -> Path:
    return recognition_settings().data_dir / "index"


def snapshot_store(gallery: Gallery) -> SnapshotStore:
    """Open the snapshots of a gallery's vectors of its present encoder."""
    encoder = gallery.encoder
    return SnapshotStore(
        index_folder() / str(gallery.pk) / encoder.fingerprint[:16],
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
    )


def snapshot_folders(gallery_id: int) -> list[SnapshotFolder]:
    """List the folders of all encoders that the gallery has had."""
    folder = index_folder() / str(gallery_id)
    return [SnapshotFolder(path) for path in folder.iterdir()] if folder.exists() else []


def backend_of(gallery: Gallery) -> Backend:
    """Return a gallery's backend. Raises ValueError where it is written wrongly, which the system
    checks have refused.
    """
    return absolute(parse_backend(gallery.index_backend or recognition_settings().index))


def absolute(backend: Backend) -> Backend:
    """Return the backend with a Milvus Lite file under the data folder unless it says where
    it is.
    """
    if backend.uri is None or "://" in backend.uri:
        return backend
    return replace(backend, uri=str(recognition_settings().data_dir / backend.uri))


def collection_of(gallery: Gallery) -> str:
    """Name the Milvus collection that holds the vectors of one gallery and one encoder."""
    return f"{_PREFIX}{gallery.pk}_{gallery.encoder.fingerprint[:16]}"


def collection_gallery(collection: str) -> int | None:
    """Return the gallery that a collection belongs to; None if it is none of ours."""
    number, _, fingerprint = collection.removeprefix(_PREFIX).partition("_")
    ours = collection.startswith(_PREFIX) and number.isdigit() and fingerprint
    return int(number) if ours else None
