"""Recognise outages: of the database, the store of images, the cache, room on a disk."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from django.db import utils

from recognition.core.errors import (
    CacheUnavailable,
    DatabaseDamaged,
    DatabaseUnavailable,
    RecognitionError,
    StorageFull,
    StorageUnavailable,
)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
AWAY = frozenset(
    {errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.ESTALE, errno.ENODEV, errno.ENOTDIR}
)
PG_FULL = frozenset({"53100"})
PG_DAMAGED = frozenset({"XX001", "XX002"})
"""disk_full, data_corrupted and index_corrupted (PostgreSQL's manual, appendix A)."""

SQLITE_DAMAGED = ("malformed", "not a database")


def outage_of(error: BaseException) -> RecognitionError | None:
    """Return what an unexpected error tells of the service's parts; None where it tells nothing.

    ``error`` and what it was raised from are looked at. No detail of the part is told: the log has
    it.
    """
    for each in _chain(error):
        if found := _of_one(each):
            return found
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _of_one(error: BaseException) -> RecognitionError | None:
    if isinstance(error, utils.OperationalError | utils.InterfaceError | utils.InternalError):
        return _of_database(error)
    if type(error) is utils.DatabaseError:
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in FULL:
        return _full()
    if isinstance(error, OSError) and error.errno in AWAY:
        return _away()
    package = type(error).__module__.partition(".")[0]
    if package in {"botocore", "boto3", "s3transfer"}:
        return _away()
    if package == "redis":
        return CacheUnavailable("The cache does not answer at present. Try again soon.")
    return None


def _of_database(error: Exception) -> RecognitionError:
    state = getattr(error.__cause__, "sqlstate", None)
    text = str(error)
    if state in PG_FULL or "disk is full" in text:
        return _full()
    if state in PG_DAMAGED or any(word in text for word in SQLITE_DAMAGED):
        return DatabaseDamaged(
            "The database is damaged. Nothing is read or written before its operator has looked."
        )
    return DatabaseUnavailable(
        "The database does not answer in time. What was acknowledged before is safe; send this "
        "request again soon."
    )


def _full() -> RecognitionError:
    return StorageFull("There is no room left to store anything. Nothing of this was kept.")


def _away() -> RecognitionError:
    return StorageUnavailable(
        "Images cannot be stored or read at present. Nothing of this was kept; send it again."
    )
