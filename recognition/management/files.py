from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
