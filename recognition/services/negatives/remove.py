"""Remove a photo with its files and its vectors; the gallery's model unlearns it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from recognition.models import AuditAction, Gallery, Negative
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery
from recognition.services.feedback.give_feedback import count_feedback
from recognition.services.removal import negative_files
from recognition.services.storage.files import delete_files


def remove_negative(*, gallery: Gallery, negative: Negative) -> None:
    """Remove a photo with its files and its vectors; the gallery's model unlearns it."""
    _remove(gallery, Negative.objects.filter(pk=negative.pk))


def remove_all_negatives(*, gallery: Gallery) -> int:
    """Remove all of a gallery's; returns how many there were."""
    return _remove(gallery, Negative.objects.all())


@transaction.atomic
def _remove(gallery: Gallery, chosen: QuerySet[Negative]) -> int:
    locked = lock_gallery(gallery)
    found = chosen.filter(gallery=locked)
    gone = list(found)
    if not gone:
        return 0
    delete_files(negative_files(found))
    record(AuditAction.REMOVE, gone[0], gallery=locked, **named(gone))
    found.delete()
    count_feedback(locked)
    return len(gone)
