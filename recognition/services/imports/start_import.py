"""Start an import."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from recognition.archives import sniff_archive
from recognition.archives.name_encodings import ENCODINGS
from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Gallery, Job
from recognition.services.audit.acting import actor_for
from recognition.services.audit.trail import record
from recognition.services.queueing import queue_on_commit


def start_import(
    *,
    gallery: Gallery,
    archive: File[bytes],
    create: bool = False,
    dry_run: bool = False,
    encoding: str = "",
    user: User | None = None,
) -> Job:
    """Keep an archive and queue its import. ``create`` makes categories that do not exist.

    With ``dry_run`` it stops at its plan, until that is confirmed; so it does where the plan rests
    on a guess. ``encoding`` says in which the names are where the archive does not. The file is
    moved where it lies on the same disk. Raises UnsupportedArchive, InvalidInput.
    """
    encoding = checked_encoding(encoding)
    sniff_archive(archive.read(4))
    archive.seek(0)
    job = Job(
        gallery=gallery,
        kind=Job.Kind.IMPORT,
        create_categories=create,
        dry_run=dry_run,
        name_encoding=encoding,
        created_by=user,
        key_name=actor_for(user).key,
    )
    job.archive.save("archive", archive, save=False)
    try:
        with transaction.atomic():
            job.save()
            record(AuditAction.START, job, gallery=gallery, user=user, create_categories=create)
            queue_on_commit("run_job", job.pk)
    except BaseException:
        job.archive.delete(save=False)
        raise
    return job


def checked_encoding(encoding: str) -> str:
    """Return an encoding that names may be in; none for what the archive itself shows. Raises
    InvalidInput.
    """
    if encoding and encoding not in ENCODINGS:
        raise InvalidInput(f"Names are in one of {', '.join(ENCODINGS)}.")
    return encoding
