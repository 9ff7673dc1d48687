"""How images and archives are kept on a disk: what was answered for survives a loss of power."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from recognition.core.durable import sync


class Durable(FileSystemStorage):
    """Writes to the disk itself before a name is given back, as the database does at a commit."""

    def _save(self, name: str, content: Any) -> str:
        new = list(takewhile(lambda folder: not folder.exists(), Path(self.path(name)).parents))
        saved: str = super()._save(name, content)  # type: ignore[misc]
        file = Path(self.path(saved))
        for path in (file, file.parent, *(folder.parent for folder in new)):
            sync(path)
        return saved
