"""How images and archives are kept on a disk: what was answered for survives a loss of power."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class Durable(FileSystemStorage):
    """Writes to the disk itself before a name is given back, as the database does at a commit."""

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]
        _sync(Path(self.path(saved)), Path(self.location))
        return saved


def _sync(file: Path, root: Path) -> None:
    """The file, and the folders from its own to ``root``, any of which may be new."""
    folders = [folder for folder in file.parents if folder.is_relative_to(root)]
    for path in (file, *folders):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
