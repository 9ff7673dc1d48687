"""How images and archives are kept on a disk: what was answered for survives a loss of power."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class Durable(FileSystemStorage):
    """Writes to the disk itself before a name is given back, as the database does at a commit."""

    def _save(self, name: str, content: Any) -> str:
        new = [folder for folder in Path(self.path(name)).parents if not folder.exists()]
        saved: str = super()._save(name, content)  # type: ignore[misc]
        file = Path(self.path(saved))
        for path in (file, file.parent, *(folder.parent for folder in new)):
            _sync(path)
        return saved


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
