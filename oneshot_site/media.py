"""How images and archives are kept on a disk: what was answered for survives a loss of power."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from recognition.core.durable import sync

S3_CONNECT_SECONDS, S3_READ_SECONDS, S3_TRIES = 5, 30, 2


def s3_deadlines() -> dict[str, Any]:
    """Return the option that bounds how long an S3-compatible store is waited for: minutes by
    default. Nothing where the extra ``s3`` is not installed, without which no bucket is opened.
    """
    try:
        from botocore.config import Config
    except ImportError:
        return {}
    config = Config(
        connect_timeout=S3_CONNECT_SECONDS,
        read_timeout=S3_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": S3_TRIES},
    )
    return {"client_config": config}


class Durable(FileSystemStorage):
    """Writes to the disk itself before a name is given back, as the database does at a commit."""

    def _save(self, name: str, content: Any) -> str:
        new = list(takewhile(lambda folder: not folder.exists(), Path(self.path(name)).parents))
        saved: str = super()._save(name, content)  # type: ignore[misc]
        file = Path(self.path(saved))
        for path in (file, file.parent, *(folder.parent for folder in new)):
            sync(path)
        return saved
