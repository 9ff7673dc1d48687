"""Images that no row names, since a process died between writing the one and the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils import timezone

from recognition.models import Negative, Query, Reference
from recognition.services.storage.files import AHEAD, delete_files, parts

ROOT = "galleries"
OWNERS: Mapping[str, tuple[type[Model], str]] = {
    "negatives": (Negative, "image"),
    "negative-thumbnails": (Negative, "thumbnail"),
    "queries": (Query, "image"),
    "references": (Reference, "image"),
    "thumbnails": (Reference, "thumbnail"),
}
"""By folder of a gallery, the rows and their field that name its files."""

_OWNER = re.compile(r"[a-z]+_[0-9a-f]+")
"""A file's name begins with the public id of its owner."""


def delete_ownerless_files() -> int:
    """Delete the images that have had no row for a day; returns how many."""
    before, gone = timezone.now() - AHEAD, 0
    for folder, kind in _folders():
        _, names = default_storage.listdir(folder)
        for some in parts(names):
            paths = [path for path in _ownerless(folder, kind, some) if _is_older(path, before)]
            delete_files(paths)
            gone += len(paths)
    return gone


def _folders() -> Iterator[tuple[str, str]]:
    try:
        galleries, _ = default_storage.listdir(ROOT)
    except FileNotFoundError:
        return
    for gallery in galleries:
        kinds, _ = default_storage.listdir(f"{ROOT}/{gallery}")
        yield from ((f"{ROOT}/{gallery}/{kind}", kind) for kind in kinds if kind in OWNERS)


def _ownerless(folder: str, kind: str, names: Sequence[str]) -> Iterator[str]:
    model, field = OWNERS[kind]
    owners = [found.group() for name in names if (found := _OWNER.match(name))]
    rows = model._default_manager.filter(public_id__in=owners)
    owned = set(rows.values_list(field, flat=True))
    left = [path for name in names if (path := f"{folder}/{name}") not in owned]
    if model is Reference:
        # A photo that others share outlives the reference that it was stored with.
        owned = set(Reference.objects.filter(image__in=left).values_list("image", flat=True))
    return (path for path in left if path not in owned)


def _is_older(path: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < moment
    except FileNotFoundError:
        return False
