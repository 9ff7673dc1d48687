"""What is known of references, and what of them is out of date."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from recognition.models import Gallery, Reference, ReferenceMeasure


def galleries_to_measure() -> QuerySet[Gallery]:
    """List the galleries with references that were measured before the gallery's last change, or
    never.
    """
    stale = ReferenceMeasure.objects.filter(
        gallery=OuterRef("pk"), generation__lt=OuterRef("generation")
    )
    new = Reference.objects.filter(gallery=OuterRef("pk"), measure__isnull=True)
    return Gallery.objects.select_related("encoder").filter(Exists(stale) | Exists(new))


def references_to_measure(gallery: Gallery) -> QuerySet[Reference]:
    """List the references of a gallery that are to be measured, the new ones first, then the one
    whose measure is the oldest.
    """
    due = Q(measure__isnull=True) | Q(measure__generation__lt=gallery.generation)
    return (
        Reference.objects.filter(due, gallery=gallery)
        .select_related("measure")
        .order_by(F("measure__generation").asc(nulls_first=True), "pk")
    )
