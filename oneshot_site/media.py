"""How images and archives are kept on a disk: what was answered for survives a loss of power."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from recognition.core.durable import sync

S3_CONNECT_SECONDS, S3_READ_SECONDS, S3_TRIES = 5, 30, 2


def s3_deadlines() -> Any:
    """Return how long the client of an S3-compatible store waits for it: by default it would for
    minutes.
    """
    from botocore.config import Config

    return Config(
        connect_timeout=S3_CONNECT_SECONDS,
        read_timeout=S3_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": S3_TRIES},
    )


class Durable(FileSystemStorage):
    """Writes to the disk itself before a name is given back, as the database does at a commit."""

    def _save(self, name: str, content: Any) -> str:
        new = list(takewhile(lambda folder: not folder.exists(), Path(self.path(name)).parents))
        saved: str = super()._save(name, content)  # type: ignore[misc]
        file = Path(self.path(saved))
        for path in (file, file.parent, *(folder.parent for folder in new)):
            sync(path)
        return saved
