"""Keep two categories apart that an older version gave one name."""

from __future__ import annotations

from django.db import transaction

from recognition.models import AuditAction, Category, Gallery
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery


@transaction.atomic
def keep_twin(*, gallery: Gallery, category: Category) -> None:
    """Say that a category is another thing than the one whose name it once had: it is listed no
    more.
    """
    locked = lock_gallery(gallery)
    kept = Category.objects.filter(pk=category.pk, gallery=locked).exclude(twin_of=None)
    if kept.update(twin_of=None):
        record(AuditAction.CHANGE, category, gallery=locked, twin_of=None)
