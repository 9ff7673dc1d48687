from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from recognition.archives.bounded import BoundedFile
from recognition.archives.entries import Entry, Read, name_entry
from recognition.archives.limits import ArchiveLimits
from recognition.errors import (
    ArchiveBomb,
    ArchiveEntryError,
    DamagedArchive,
    NotAFile,
    UnsupportedEntry,
)

_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, OSError, ValueError)


def read_tar(file: IO[bytes], limits: ArchiveLimits) -> Iterator[Entry]:
    """In one pass from front to back; what is unpacked is counted as it comes."""
    size = file.seek(0, 2)
    file.seek(0)
    allowed = min(limits.max_total_bytes, max(limits.ratio_from, limits.max_ratio * size))
    with gzip.open(file) as unpacked, _damage():
        bounded = cast(IO[bytes], BoundedFile(unpacked, limit=allowed))
        with tarfile.open(fileobj=bounded, mode="r:") as archive:
            position = 0
            # Asked one by one, since iteration keeps every header that it has passed.
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]
                if member.isdir():
                    continue
                read = _reader(archive, member)
                yield name_entry(position, _name(member), read, _problem(member))
                position += 1


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except ArchiveBomb:
        raise
    except _BROKEN as error:
        raise DamagedArchive(f"The tar.gz archive cannot be read: {error}.") from error


def _problem(member: tarfile.TarInfo) -> ArchiveEntryError | None:
    if not member.isreg():
        return NotAFile("This is a link or a device, not a file.")
    if member.issparse():
        return UnsupportedEntry("The file is stored as a sparse file. Pack it plainly.")
    return None


def _name(member: tarfile.TarInfo) -> str | bytes:
    """Its bytes, unless it is ASCII or a pax header says it (POSIX 1003.1, pax: in UTF-8)."""
    if member.name.isascii() or "path" in member.pax_headers:
        return member.name
    return member.name.encode("utf-8", "surrogateescape")


def _reader(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Read:
    def read(size: int) -> bytes:
        with _damage():
            file = archive.extractfile(member)
            return file.read(size) if file else b""

    return read
