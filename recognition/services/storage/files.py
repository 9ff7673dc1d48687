"""Files and rows that live and die together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, wait
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from recognition.models import FileDeletion, Reference

logger = logging.getLogger(__name__)

_Item = TypeVar("_Item")

AHEAD = timedelta(days=1)
AT_ONCE = 500
"""Rows that one statement names: SQLite takes no more than some ten thousand numbers."""


@contextmanager
def stored(*files: tuple[FieldFile, bytes]) -> Iterator[None]:
    """Write files before the rows that name them; take them back if the block raises."""
    written: list[FieldFile] = []
    try:
        _write(files, written)
        yield
    except BaseException:
        _take_back(written)
        raise


@contextmanager
def stored_in_background(
    pool: Executor, files: Iterable[tuple[FieldFile, bytes]]
) -> Iterator[Callable[[], None]]:
    """Store files as ``stored`` does, on another thread, which also makes the contents of
    ``files``. Call what is given before the rows are written: it waits for the files, and raises
    what writing them raised.
    """
    written: list[FieldFile] = []
    writing = pool.submit(_write, files, written)
    try:
        yield writing.result
    except BaseException:
        wait([writing])
        _take_back(written)
        raise


def _write(files: Iterable[tuple[FieldFile, bytes]], written: list[FieldFile]) -> None:
    for field, content in files:
        field.save(field.name or "image", ContentFile(content), save=False)
        written.append(field)
        owner: Any = field.instance
        owner.stored_bytes = (owner.stored_bytes or 0) + len(content)


def _take_back(written: Iterable[FieldFile]) -> None:
    for field in written:
        field.delete(save=False)


def store_ahead(files: Mapping[str, bytes]) -> dict[str, int]:
    """Write files, by names that nobody else has, whose owners' transaction comes later; returns
    each one's row, to ``keep_ahead`` in it. Where it never comes, the files go after a day.
    """
    due = timezone.now() + AHEAD
    rows = FileDeletion.objects.bulk_create(FileDeletion(path=name, due_at=due) for name in files)
    for name, content in files.items():
        default_storage.save(name, ContentFile(content))
    return {row.path: row.pk for row in rows}


def keep_ahead(rows: Sequence[int]) -> None:
    """Keep files that were written ahead, inside the transaction that writes their owners: these
    are theirs now.
    """
    for part in parts(rows):
        FileDeletion.objects.filter(pk__in=part).delete()


def drop_ahead(rows: Sequence[int]) -> None:
    """Delete files that were written ahead: they have no owner and never will."""
    for part in parts(rows):
        FileDeletion.objects.filter(pk__in=part).update(due_at=timezone.now())
    run_file_deletions(rows)


def delete_files(paths: Iterable[str | None]) -> None:
    """Have files deleted once the transaction has committed, and not if it fails."""
    named = dict.fromkeys(path for path in paths if path)
    rows = FileDeletion.objects.bulk_create(FileDeletion(path=path) for path in named)
    # Robust: what has been committed has not failed, whatever becomes of these files.
    transaction.on_commit(lambda: run_file_deletions([row.pk for row in rows]), robust=True)


def run_file_deletions(only: Iterable[int] | None = None) -> int:
    """Delete the files that are due; what fails stays due. Returns how many went."""
    due = FileDeletion.objects.filter(due_at__lte=timezone.now())
    chosen = list(due.values_list("pk", flat=True) if only is None else only)
    return sum(_delete(due.filter(pk__in=part)) for part in parts(chosen))


def parts(rows: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Split rows into as many at a time as one statement names."""
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def is_named(path: str) -> bool:
    """Say whether a reference has this file as its photo."""
    return Reference.objects.filter(image=path).exists()


def _delete(due: QuerySet[FileDeletion]) -> int:
    gone: list[int] = []
    rows = list(due)
    # References of one photo share its file: it goes with the last of them.
    shared = set(
        Reference.objects.filter(image__in=[row.path for row in rows])
        .order_by()
        .values_list("image", flat=True)
    )
    for row in rows:
        if row.path in shared:
            gone.append(row.pk)
            continue
        try:
            default_storage.delete(row.path)
        except Exception:
            # Each storage has errors of its own.
            logger.exception("could not delete %s; it stays due", row.path)
        else:
            gone.append(row.pk)
    FileDeletion.objects.filter(pk__in=gone).delete()
    return len(gone)
