"""Retention: queries go for good once their gallery keeps them no longer."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from recognition.core.errors import GalleryNotFound
from recognition.models import Feedback, Gallery, Query
from recognition.services.change_log import lock_gallery
from recognition.services.feedback.give_feedback import count_feedback
from recognition.services.storage.files import delete_files

CHUNK = 500


def forget_queries() -> int:
    """Delete the queries that are too old, and the images of those whose gallery keeps none;
    returns how many of both.
    """
    return _forget_old() + _forget_images()


def _forget_old() -> int:
    forgotten = 0
    for gallery in Gallery.objects.filter(query_days__isnull=False):
        while count := _forget_some(gallery):
            forgotten += count
    return forgotten


@transaction.atomic
def _forget_some(gallery: Gallery) -> int:
    """Image, embedding, answer, and what was said of it: all that is left of a query is a
    reference, where somebody made it one. The gallery's model unlearns it too.
    """
    days = _as_it_is_now(gallery).query_days
    if days is None:
        return 0
    since = timezone.now() - timedelta(days=days)
    old = Query.objects.filter(gallery=gallery, created_at__lt=since).order_by("pk")
    rows = list(old.values_list("pk", "image")[:CHUNK])
    ids = [pk for pk, _ in rows]
    if Feedback.objects.filter(query__in=ids).exists():
        count_feedback(gallery)
    delete_files(image for _, image in rows)
    Query.objects.filter(pk__in=ids).delete()
    return len(rows)


def _forget_images() -> int:
    forgotten = 0
    for gallery in Gallery.objects.filter(query_images=False):
        while count := _forget_some_images(gallery):
            forgotten += count
    return forgotten


@transaction.atomic
def _forget_some_images(gallery: Gallery) -> int:
    if _as_it_is_now(gallery).query_images:
        return 0
    shown = Query.objects.filter(gallery=gallery).exclude(image="").order_by("pk")
    rows = list(shown.values_list("pk", "image")[:CHUNK])
    delete_files(image for _, image in rows)
    Query.objects.filter(pk__in=[pk for pk, _ in rows]).update(image="", stored_bytes=0)
    return len(rows)


def _as_it_is_now(gallery: Gallery) -> Gallery:
    """Its owner may have chosen to keep more, or deleted it, since the sweep began; locked, so that
    this counts before the next query is kept.
    """
    try:
        return lock_gallery(gallery)
    except GalleryNotFound:
        return Gallery(query_images=True)
