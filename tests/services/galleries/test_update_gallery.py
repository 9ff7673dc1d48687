from __future__ import annotations

import pytest

from recognition.models import AuditEntry, Gallery
from recognition.services.galleries.update_gallery import update_gallery

pytestmark = pytest.mark.django_db


def test_what_somebody_else_has_changed_meanwhile_stays(gallery):
    read_before = Gallery.objects.get(pk=gallery.pk)
    update_gallery(gallery=gallery, review_references=True)
    update_gallery(gallery=read_before, target_far=0.02)
    kept = Gallery.objects.get(pk=gallery.pk)
    assert (kept.review_references, kept.target_far) == (True, 0.02)
    assert AuditEntry.objects.first().detail == {"target_far": 0.02}
