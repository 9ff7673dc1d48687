"""A file whose reader cannot be talked into reading too much of it."""

from __future__ import annotations

import io
from typing import Protocol

from recognition.core.errors import ArchiveBomb, DamagedArchive

LONGEST_READ = 32_000_000
"""Bytes read at once. zipfile reads a whole directory, and tarfile a whole extended header, of
whatever length the archive declares."""


class Seekable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int, /) -> int: ...
    def tell(self) -> int: ...


class BoundedFile(io.RawIOBase):
    """A seekable view of a file that refuses long reads, and more than ``limit`` bytes in all."""

    def __init__(self, file: Seekable, *, limit: int | None = None) -> None:
        self._file = file
        self._limit = limit

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or size > LONGEST_READ:
            size = LONGEST_READ + 1
        data = self._file.read(size)
        if len(data) > LONGEST_READ:
            raise DamagedArchive("The archive's directory is too long to be true.")
        self._check()
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        position = self._file.seek(offset, whence)
        self._check()
        return position

    def tell(self) -> int:
        return self._file.tell()

    def _check(self) -> None:
        if self._limit is not None and self._file.tell() > self._limit:
            raise ArchiveBomb(
                f"The archive unpacks to more than {self._limit / 1e6:.0f} MB. Split it."
            )
