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
            opened = stack.enter_context(path.open("rb"))
            return self.field, (_sent(path.name), opened, _type(path.name))
        name = _sent(Path(str(getattr(file, "name", "file"))).name)
        return self.field, (name, file if file.seekable() else file.read(), _type(name))


def _sent(name: str) -> str:
    """A file's name as it can be sent: what of it is no UTF-8 is replaced."""
    return os.fsencode(name).decode(errors="replace")


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
