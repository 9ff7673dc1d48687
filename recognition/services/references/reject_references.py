"""The rejection of references that wait: they are removed for good."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from recognition.core.errors import AlreadyApproved, InvalidInput
from recognition.models import AuditAction, Gallery, Reference
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery
from recognition.services.storage.files import delete_files


@transaction.atomic
def reject_references(*, gallery: Gallery, references: Iterable[Reference]) -> int:
    """Remove references that wait, with their files; returns how many there were.

    Raises InvalidInput where they belong to another gallery, AlreadyApproved where one is
    searchable by now, which is removed rather than rejected.
    """
    chosen = list(references)
    if any(reference.gallery_id != gallery.pk for reference in chosen):
        raise InvalidInput("References are rejected within their gallery only.")
    locked = lock_gallery(gallery)
    found = list(Reference.objects.filter(gallery=locked, pk__in=[each.pk for each in chosen]))
    if approved := [each for each in found if not each.is_pending]:
        raise AlreadyApproved(f"{approved[0]} has been approved; remove it instead.")
    if found:
        record(AuditAction.REJECT, locked, gallery=locked, **named(found))
    delete_files(path for each in found for path in (each.image.name, each.thumbnail.name))
    Reference.objects.filter(pk__in=[each.pk for each in found]).delete()
    return len(found)
