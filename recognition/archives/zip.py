from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from recognition.archives.bounded import BoundedFile
from recognition.archives.entries import Entry, Read, check_path, clean_path
from recognition.archives.limits import ArchiveLimits
from recognition.errors import (
    ArchiveBomb,
    ArchiveEntryError,
    DamagedArchive,
    DamagedEntry,
    NotAFile,
    TooManyEntries,
    UnsupportedEntry,
)

_ENCRYPTED = 0x1
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
        # Not by zipfile's own test, which fails where a name is empty.
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if len(infos) > limits.max_entries:
            raise TooManyEntries(f"The archive has more than {limits.max_entries} files. Split it.")
        _check_sizes(infos, size, limits)
        for position, info in enumerate(infos):
            yield Entry(position, clean_path(info.filename), _problem(info), _reader(archive, info))


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
    try:
        check_path(info.filename)
    except ArchiveEntryError as error:
        return error
    return None


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Read:
    def read(size: int) -> bytes:
        try:
            with archive.open(info) as file:
                return file.read(size)
        except _BROKEN as error:
            raise DamagedEntry("The file is damaged inside the archive.") from error

    return read
