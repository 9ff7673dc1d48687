"""Tar archives, read in one pass."""

from __future__ import annotations

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from recognition.archives.bounded import BoundedFile
from recognition.archives.entries import Entry, Read, name_entry
from recognition.archives.limits import ArchiveLimits
from recognition.core.errors import (
    ArchiveBomb,
    ArchiveEntryError,
    DamagedArchive,
    NotAFile,
    UnsupportedEntry,
)

MAX_EXTENSION = 64 * 1024
"""Bytes of an extended header, and of a long name: a path has 4,096 bytes on Linux."""

MAX_EXTENSIONS = 8
"""Headers before one file: writers use a pax header, or a long name and a long link."""

MAX_SPARSE_BLOCKS = 1000
"""Blocks of 512 bytes in which an old GNU header goes on to list where a sparse file has data."""

_PIECE_BYTES = 1_000_000
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, OSError, ValueError)
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_LONG = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_RECORD = re.compile(rb"([0-9]{1,6}) ([^=\x00]{1,512})=")
_SIZE = re.compile(r"[0-9]{1,18}")
_BLOCK = tarfile.BLOCKSIZE
_GOES_ON = (482, 504)
"""Where a GNU header of a sparse file, and each block after it, says that another block follows."""


@dataclass(slots=True)
class _Extension:
    """What the headers before a file say of it (POSIX.1-2017, pax; GNU tar)."""

    name: str = ""
    is_name_pax: bool = False
    size: int | None = None
    is_sparse: bool = False
    _globals: dict[str, str] = field(default_factory=dict)

    def take(self, records: dict[str, str]) -> None:
        if "path" in records:
            self.name, self.is_name_pax = records["path"].rstrip("/"), True
        if "size" in records:
            if not _SIZE.fullmatch(records["size"]):
                raise DamagedArchive("A file's size in the archive is no number.")
            self.size = int(records["size"])
        self.is_sparse = self.is_sparse or any(key.startswith("GNU.sparse.") for key in records)


def read_tar(file: IO[bytes], limits: ArchiveLimits) -> Iterator[Entry]:
    """In one pass from front to back; what is unpacked is counted as it comes.

    The headers are read here, a block at a time: tarfile reads extended ones with regular
    expressions whose time grows with the square of their length, and follows chains of them by
    calling itself.
    """
    size = file.seek(0, 2)
    file.seek(0)
    allowed = min(limits.max_total_bytes, max(limits.ratio_from, limits.max_ratio * size))
    with gzip.open(file) as unpacked, _damage():
        bounded = BoundedFile(unpacked, limit=allowed)
        position = 0
        shared: dict[str, str] = {}
        while (member := _next_member(bounded, shared)) is not None:
            end = bounded.tell() + (_padded(member.size) if _has_data(member) else 0)
            if not member.isdir():
                read = _reader(bounded, member.size)
                yield name_entry(position, _name(member), read, _problem(member))
                position += 1
            for _passed in _pieces(bounded, end - bounded.tell()):
                pass


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (ArchiveBomb, DamagedArchive):
        raise
    except _BROKEN as error:
        raise DamagedArchive(f"The tar.gz archive cannot be read: {error}.") from error


def _next_member(file: BoundedFile, shared: dict[str, str]) -> tarfile.TarInfo | None:
    """The next file with what its extended headers say of it; None at the end.

    ``shared`` gathers what global headers say of all files after them.
    """
    extension = _Extension()
    extension.take(shared)
    for _ in range(MAX_EXTENSIONS + 1):
        member = _header(file)
        if member is None:
            return None
        if member.type in _PAX:
            extension.take(_records(_extended(file, member)))
        elif member.type == tarfile.XGLTYPE:
            shared |= _known(_records(_extended(file, member)))
            extension.take(shared)
        elif member.type == tarfile.GNUTYPE_LONGNAME:
            extension.name = _text(_extended(file, member).partition(b"\0")[0]).rstrip("/")
            extension.is_name_pax = False
        elif member.type == tarfile.GNUTYPE_LONGLINK:
            _extended(file, member)
        else:
            return _completed(file, member, extension)
    raise DamagedArchive("The archive chains more headers before a file than any writer does.")


def _header(file: BoundedFile) -> tarfile.TarInfo | None:
    block = file.read(_BLOCK)
    try:
        member = tarfile.TarInfo.frombuf(block, tarfile.ENCODING, "surrogateescape")
    except (tarfile.EOFHeaderError, tarfile.EmptyHeaderError):  # type: ignore[attr-defined]
        return None
    if member.size < 0:
        raise DamagedArchive("A file's size in the archive is below zero.")
    if member.type == tarfile.GNUTYPE_SPARSE:
        _pass_sparse_blocks(file, block)
    return member


def _pass_sparse_blocks(file: BoundedFile, block: bytes) -> None:
    at, after = _GOES_ON
    for _ in range(MAX_SPARSE_BLOCKS):
        if not block[at : at + 1].strip(b"\0"):
            return
        block, at = file.read(_BLOCK), after
    raise DamagedArchive("The archive holds a sparse file in too many pieces.")


def _extended(file: BoundedFile, member: tarfile.TarInfo) -> bytes:
    """An extended header's own bytes."""
    if member.size > MAX_EXTENSION:
        raise DamagedArchive(
            f"The archive has an extended header of {member.size} bytes; "
            f"at most {MAX_EXTENSION} are read."
        )
    data = file.read(_padded(member.size))
    if len(data) < member.size:
        raise EOFError("unexpected end of data")
    return data[: member.size]


def _records(data: bytes) -> dict[str, str]:
    """The records ``length keyword=value`` of a pax header; lengths count the whole record."""
    records, at = {}, 0
    while at < len(data) and data[at]:
        found = _RECORD.match(data, at)
        end = at + int(found[1]) if found else 0
        if not found or not found.end() < end <= len(data) or data[end - 1 : end] != b"\n":
            raise DamagedArchive("An extended header of the archive cannot be read.")
        records[_text(found[2])] = _text(data[found.end() : end - 1])
        at = end
    return records


def _known(records: dict[str, str]) -> dict[str, str]:
    """What counts of a global header, so that many of them do not add up."""
    known = {key: records[key] for key in ("path", "size") if key in records}
    sparse = {"GNU.sparse.": ""} if any(key.startswith("GNU.sparse.") for key in records) else {}
    return known | sparse


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _completed(
    file: BoundedFile, member: tarfile.TarInfo, extension: _Extension
) -> tarfile.TarInfo:
    if extension.name:
        member.name = extension.name
        member.pax_headers = {"path": extension.name} if extension.is_name_pax else {}
    if extension.size is not None:
        member.size = extension.size
    if extension.is_sparse and member.isreg():
        member.type = tarfile.GNUTYPE_SPARSE
    return member


def _has_data(member: tarfile.TarInfo) -> bool:
    """Links, devices and folders have none, whatever size they declare; unknown kinds may."""
    return member.isreg() or member.type not in tarfile.SUPPORTED_TYPES


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _pieces(file: BoundedFile, count: int) -> Iterator[bytes]:
    """The next ``count`` bytes. Raises EOFError where there are fewer."""
    while count > 0:
        data = file.read(min(count, _PIECE_BYTES))
        if not data:
            raise EOFError("unexpected end of data")
        count -= len(data)
        yield data


def _problem(member: tarfile.TarInfo) -> ArchiveEntryError | None:
    if not member.isreg():
        return NotAFile("This is a link or a device, not a file.")
    if member.type == tarfile.GNUTYPE_SPARSE:
        return UnsupportedEntry("The file is stored as a sparse file. Pack it plainly.")
    return None


def _name(member: tarfile.TarInfo) -> str | bytes:
    """Its bytes, unless it is ASCII or a pax header says it (POSIX 1003.1, pax: in UTF-8)."""
    if member.name.isascii() or "path" in member.pax_headers:
        return member.name
    return member.name.encode("utf-8", "surrogateescape")


def _reader(file: BoundedFile, size: int) -> Read:
    """Reads a file once, from where its header ends."""
    left = size

    def read(most: int) -> bytes:
        nonlocal left
        with _damage():
            parts = list(_pieces(file, min(most, left)))
            left -= min(most, left)
            return b"".join(parts)

    return read
