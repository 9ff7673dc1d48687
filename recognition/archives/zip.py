"""Zip archives, read by their central directory."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from recognition.archives.bounded import BoundedFile
from recognition.archives.entries import Entry, Read, name_entry
from recognition.archives.limits import ArchiveLimits
from recognition.core.errors import (
    ArchiveBomb,
    ArchiveEntryError,
    DamagedArchive,
    DamagedEntry,
    NotAFile,
    TooManyEntries,
    UnsupportedEntry,
)

_ENCRYPTED = 0x1
_UTF_8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_HEADER = struct.Struct("<HH")
_ORIGINS = {0: "dos", 6: "dos", 7: "mac", 10: "dos", 11: "dos", 14: "dos", 19: "mac"}
"""By "version made by" (APPNOTE 4.4.2)."""
# The decompressors of the other methods cannot be held to a size.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def read_zip(file: IO[bytes], limits: ArchiveLimits) -> Iterator[Entry]:
    """By the central directory, whose declared sizes zipfile holds a file's reader to."""
    size = file.seek(0, 2)
    try:
        archive = zipfile.ZipFile(BoundedFile(file))
    except _BROKEN as error:
        raise DamagedArchive(f"The zip archive cannot be read: {error}.") from error
    with archive:
        infos = [info for info in archive.infolist() if not _is_folder(info)]
        if len(infos) > limits.max_entries:
            raise TooManyEntries(f"The archive has more than {limits.max_entries} files. Split it.")
        _check_sizes(infos, size, limits)
        for position, info in enumerate(infos):
            read, origin = _reader(archive, info), _ORIGINS.get(info.create_system, "unix")
            yield name_entry(position, _name(info), read, _problem(info), origin)


def _check_sizes(infos: list[zipfile.ZipInfo], size: int, limits: ArchiveLimits) -> None:
    total = sum(info.file_size for info in infos)
    if total > limits.max_total_bytes or limits.too_dense(total, size):
        raise ArchiveBomb(
            f"The archive of {size / 1e6:.1f} MB would unpack to {total / 1e6:.0f} MB. Split it, "
            "and send photos rather than what compresses that well."
        )


def _problem(info: zipfile.ZipInfo) -> ArchiveEntryError | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return NotAFile("This is a link or a device, not a file.")
    if info.flag_bits & _ENCRYPTED:
        return UnsupportedEntry("The file is encrypted. Send it without a password.")
    if info.compress_type not in _METHODS:
        return UnsupportedEntry("The file is compressed in an unusual way; use Deflate.")
    return None


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """Some packers of Windows end a folder's name with a backslash."""
    return info.filename.endswith("/") or (info.filename.endswith("\\") and not info.file_size)


def _name(info: zipfile.ZipInfo) -> str | bytes:
    """Its bytes, unless it is ASCII or the archive says that it is in UTF-8, by the flag or by
    Info-ZIP's Unicode path field (APPNOTE 4.4.4, 4.6.9).
    """
    if info.flag_bits & _UTF_8_FLAG or info.orig_filename.isascii():
        return info.filename
    # zipfile has read it as code page 437, in which every byte is a character.
    raw = info.orig_filename.partition("\0")[0].encode("cp437")
    return _unicode_path(info.extra, raw) or raw


def _unicode_path(extra: bytes, raw: bytes) -> str:
    while len(extra) >= _HEADER.size:
        kind, size = _HEADER.unpack_from(extra)
        content, extra = extra[_HEADER.size : _HEADER.size + size], extra[_HEADER.size + size :]
        if kind == _UNICODE_PATH and content[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return content[5:].decode("utf-8", "replace")
    return ""


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Read:
    def read(size: int) -> bytes:
        try:
            with archive.open(info) as file:
                return file.read(size)
        except _BROKEN as error:
            raise DamagedEntry("The file is damaged inside the archive.") from error

    return read
