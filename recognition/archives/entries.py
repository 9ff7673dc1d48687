"""One file of an archive, and what its name may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from recognition.errors import ArchiveEntryError, EntryTooLarge, UnsafePath
from recognition.names import forbidden_character

MAX_PATH = 500
_DRIVE = re.compile(r"^[A-Za-z]:")
_JUNK_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_JUNK_FOLDER = "__MACOSX"
_ARCHIVES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"})

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive. ``problem`` says why it cannot be read, null if it can.

    It can be read until the next entry is asked for.
    """

    position: int
    path: str
    problem: ArchiveEntryError | None = None
    _read: Read = field(default=lambda _: b"", repr=False)

    def read(self, limit: int) -> bytes:
        """The file's bytes. Raises its problem, or EntryTooLarge above ``limit`` bytes."""
        if self.problem is not None:
            raise self.problem
        data = self._read(limit + 1)
        if len(data) > limit:
            raise EntryTooLarge(f"The file has more than {limit / 1e6:g} MB. Save it smaller.")
        return data


def clean_path(name: str) -> str:
    """The name as a report shows it: composed (NFC), with forward slashes and without ``./``, what
    no name may hold written out, and not too long."""
    text = name.encode("utf-8", "backslashreplace").decode()
    shown = "".join(repr(each)[1:-1] if forbidden_character(each) else each for each in text)
    return _plain(shown)[:MAX_PATH]


def check_path(name: str) -> None:
    """Refuse a name that leads out of its archive or cannot be kept. Raises UnsafePath."""
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        raise UnsafePath("The path leads out of the archive. Use plain folder and file names.")
    if character := forbidden_character(path):
        raise UnsafePath(f"The path holds {character}, which no name may. Rename the file.")
    if len(_plain(path)) > MAX_PATH:
        raise UnsafePath(f"The path has more than {MAX_PATH} characters. Shorten its names.")


def _plain(path: str) -> str:
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", "."})


def is_junk(path: str) -> bool:
    """What file managers leave behind."""
    parts = PurePosixPath(path).parts
    if not parts:
        return True
    name = parts[-1].lower()
    return _JUNK_FOLDER in parts or name in _JUNK_NAMES or name.startswith("._")


def is_archive(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _ARCHIVES
