"""The sizes of files that an older version stored."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage

from recognition.selectors.usage import KEPT

logger = logging.getLogger(__name__)

AT_ONCE = 2000
"""Rows of one sweep, and of one model: the rest is the next one's."""


def measure_files() -> int:
    """Measure the files of rows whose sizes nobody has noted. Returns how many rows there were."""
    measured = 0
    for model in KEPT:
        for row in model.objects.filter(stored_bytes=None).order_by("pk")[:AT_ONCE]:
            fields = [getattr(row, name, None) for name in ("image", "thumbnail")]
            size = sum(_size(field.name) for field in fields if field)
            model.objects.filter(pk=row.pk, stored_bytes=None).update(stored_bytes=size)
            measured += 1
    return measured


def _size(name: str) -> int:
    try:
        return default_storage.size(name)
    except Exception:
        # Each storage has errors of its own; a file that is missing takes no room.
        logger.exception("%s could not be measured and counts as nothing", name)
        return 0
