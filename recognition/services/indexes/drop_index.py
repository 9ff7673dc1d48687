"""The end of an index: its files and its collections."""

from __future__ import annotations

import shutil
from typing import Any

from recognition.core.configuration import recognition_settings
from recognition.index.backends import FAISS, Backend, parse_backend
from recognition.index.milvus.milvus import collections_of, drop_collection
from recognition.index.milvus.milvus_client import connect
from recognition.models import Gallery
from recognition.services.storage.index_places import (
    absolute,
    collection_gallery,
    collection_of,
    index_folder,
)


def drop_index(gallery_id: int, backend: Backend) -> None:
    """Delete all that a backend keeps of a gallery. Raises OSError, IndexUnavailable."""
    if backend.is_local:
        shutil.rmtree(index_folder() / str(gallery_id), ignore_errors=True)
        return
    client = connect(backend, recognition_settings().milvus_token)
    for name in collections_of(client):
        if collection_gallery(name) == gallery_id:
            drop_collection(client, name)


def drop_orphans() -> int:
    """Drop what is left of galleries that are no more; returns of how many.

    A process may die between a gallery's deletion and the deletion of its index. Collections are
    looked for in the backend that ONESHOT_INDEX names.
    """
    backend = absolute(parse_backend(recognition_settings().index))
    found = _galleries_with_files()
    if not backend.is_local:
        client = connect(backend, recognition_settings().milvus_token)
        names = map(collection_gallery, collections_of(client))
        found |= {gallery_id for gallery_id in names if gallery_id is not None}
        _drop_stale(client)
    gone = found - set(Gallery.objects.filter(pk__in=found).values_list("pk", flat=True))
    for gallery_id in gone:
        drop_index(gallery_id, FAISS)
        drop_index(gallery_id, backend)
    return len(gone)


def _drop_stale(client: Any) -> None:
    """A gallery that got another encoder is not searched in the old one's collection any more."""
    # In this order: a collection that is made after both is of a gallery that is there by then.
    found = list(collections_of(client))
    present = {collection_of(each) for each in Gallery.objects.select_related("encoder")}
    for name in found:
        if collection_gallery(name) is not None and name not in present:
            drop_collection(client, name)


def _galleries_with_files() -> set[int]:
    folder = index_folder()
    if not folder.exists():
        return set()
    return {int(path.name) for path in folder.iterdir() if path.name.isdigit()}
