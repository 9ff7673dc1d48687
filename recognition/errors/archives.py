"""An archive that cannot be used, or a file in it."""

from __future__ import annotations

from recognition.errors.base import InvalidInput


class ArchiveError(InvalidInput):
    """An upload that is not a usable archive."""

    code = "invalid_archive"
    title = "The archive cannot be used"


class UnsupportedArchive(ArchiveError):
    code = "archive_unsupported"
    status = 415


class DamagedArchive(ArchiveError):
    code = "archive_damaged"


class ArchiveTooLarge(ArchiveError):
    code = "archive_too_large"
    status = 413


class ArchiveBomb(ArchiveError):
    """An archive that unpacks to far more than it is."""

    code = "archive_bomb"
    status = 413


class TooManyEntries(ArchiveError):
    code = "archive_too_many_entries"
    status = 413


class InvalidManifest(ArchiveError):
    code = "invalid_manifest"


class InvalidBundle(ArchiveError):
    """An archive that is not a gallery's bundle, or not a whole one."""

    code = "invalid_bundle"


class ArchiveEntryError(ArchiveError):
    """One file of an archive that cannot be used; the others can."""

    code = "invalid_entry"


class UnsafePath(ArchiveEntryError):
    code = "path_unsafe"


class NotAFile(ArchiveEntryError):
    code = "entry_not_a_file"


class UnsupportedEntry(ArchiveEntryError):
    code = "entry_unsupported"


class DamagedEntry(ArchiveEntryError):
    code = "entry_damaged"


class EntryTooLarge(ArchiveEntryError):
    code = "entry_too_large"
    status = 413
