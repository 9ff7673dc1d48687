"""The files of a zip or tar.gz archive, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from recognition.archives.entries import Entry
from recognition.archives.limits import ArchiveLimits
from recognition.archives.tar import read_tar
from recognition.archives.zip import read_zip
from recognition.core.errors import TooManyEntries, UnsupportedArchive

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b\x08"


def sniff_archive(head: bytes) -> str:
    """``zip`` or ``tar.gz``, by an archive's first bytes. Raises UnsupportedArchive."""
    if head.startswith(_ZIP):
        return "zip"
    if head.startswith(_GZIP):
        return "tar.gz"
    raise UnsupportedArchive("This is neither a zip nor a tar.gz archive.")


def read_entries(file: IO[bytes], limits: ArchiveLimits) -> Iterator[Entry]:
    """Every file of an archive, folders left out; the same archive gives the same positions.

    Raises UnsupportedArchive, DamagedArchive, ArchiveBomb, TooManyEntries.
    """
    file.seek(0)
    kind = sniff_archive(file.read(4))
    file.seek(0)
    reader = read_zip if kind == "zip" else read_tar
    for entry in reader(file, limits):
        if entry.position >= limits.max_entries:
            raise TooManyEntries(f"The archive has more than {limits.max_entries} files. Split it.")
        yield entry
