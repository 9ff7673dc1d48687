from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html

from recognition.models import Reference

NO_PICTURE = "“ ”"


def picture_of(reference: Reference) -> str:
    """Its thumbnail, which leads to its own page of the console."""
    address = reverse("admin:recognition_reference_change", args=(reference.pk,))
    picture = picture_at(
        reference.gallery.slug, reference.public_id, f"Reference {reference.public_id}"
    )
    return format_html('<a href="{}">{}</a>', address, picture)


def picture_at(gallery: str, reference: str, words: str = "") -> str:
    url = reverse("dashboard:thumbnail", args=(gallery, reference))
    return format_html(
        '<img class="picture" src="{}" alt="{}" width="64" height="64" loading="lazy">', url, words
    )
