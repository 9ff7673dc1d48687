"""One file of an archive, and what its name may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from recognition.archives.name_encodings import UTF_8, decode_name
from recognition.core.errors import ArchiveEntryError, EntryTooLarge, UnsafePath
from recognition.core.names import forbidden_character

MAX_PATH = 500
_DRIVE = re.compile(r"^[A-Za-z]:")
_ARCHIVES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"})

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive. ``problem`` says why it cannot be read, null if it can.

    ``raw`` holds the bytes of a name whose encoding the archive does not say, and ``origin`` the
    kind of system that packed it. It can be read until the next entry is asked for.
    """

    position: int
    path: str
    problem: ArchiveEntryError | None = None
    raw: bytes | None = None
    origin: str = "unix"
    _read: Read = field(default=lambda _: b"", repr=False)

    def read(self, limit: int) -> bytes:
        """The file's bytes. Raises its problem, or EntryTooLarge above ``limit`` bytes."""
        if self.problem is not None:
            raise self.problem
        data = self._read(limit + 1)
        if len(data) > limit:
            raise EntryTooLarge(f"The file has more than {limit / 1e6:g} MB. Save it smaller.")
        return data

    def read_as(self, encoding: str) -> Entry:
        """The same file with its name in ``encoding``, where the archive does not say in which it
        is.
        """
        if self.raw is None:
            return self
        name = decode_name(self.raw, encoding)
        problem = None if isinstance(self.problem, UnsafePath) else self.problem
        return replace(self, path=clean_path(name), problem=problem or path_problem(name))


def name_entry(
    position: int,
    name: str | bytes,
    read: Read,
    problem: ArchiveEntryError | None = None,
    origin: str = "unix",
) -> Entry:
    """An entry of that name: bytes where the archive does not say in which encoding it is."""
    if isinstance(name, bytes):
        return Entry(position, "", problem, name, origin, read).read_as(UTF_8)
    problem = problem or path_problem(name)
    return Entry(position, clean_path(name), problem, None, origin, read)


def clean_path(name: str) -> str:
    """The name as a report shows it: composed (NFC), with forward slashes and without ``./``, what
    no name may hold written out, and not too long.
    """
    written = (repr(each)[1:-1] if forbidden_character(each) else each for each in _plain(name))
    return "".join(written)[:MAX_PATH]


def path_problem(name: str) -> UnsafePath | None:
    """Why a name cannot be kept: it leads out of its archive, or holds what no name may."""
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        return UnsafePath("The path leads out of the archive. Use plain folder and file names.")
    if character := forbidden_character(path):
        return UnsafePath(f"The path holds {character}, which no name may. Rename the file.")
    if len(_plain(path)) > MAX_PATH:
        return UnsafePath(f"The path has more than {MAX_PATH} characters. Shorten its names.")
    return None


def is_archive(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _ARCHIVES


def _plain(path: str) -> str:
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", "."})
