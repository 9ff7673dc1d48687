"""Files to send: a path, bytes, or a binary file object."""

from __future__ import annotations

import mimetypes
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, TypeAlias

File: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO
"""A path, a file's bytes, or a binary file object, which is sent from its start."""

Part: TypeAlias = tuple[str, bytes | IO[bytes], str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request. It is read while it is sent, and anew for each retry."""

    field: str
    file: File

    def open(self, stack: ExitStack) -> tuple[str, Part]:
        """Field, file name, content and content type; ``stack`` closes what is opened here."""
        file = self.file
        if isinstance(file, bytes):
            return self.field, ("file", file, "application/octet-stream")
        if isinstance(file, str | os.PathLike):
            path = Path(file)
            return self.field, (path.name, stack.enter_context(path.open("rb")), _type(path.name))
        name = Path(str(getattr(file, "name", "file"))).name
        return self.field, (name, file if file.seekable() else file.read(), _type(name))


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
