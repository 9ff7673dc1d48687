"""A general gallery of nothing but faces or drawings is told that another domain would see more."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import Count
from PIL import Image

from recognition.core.errors import NoRegion, RecognitionError
from recognition.core.types import Domain
from recognition.encoders import registry
from recognition.images.views import is_line_drawing
from recognition.models import AuditAction, Gallery, ReferenceMeasure
from recognition.services.audit.trail import record
from recognition.services.encoders.domain_encoders import domain_encoder
from recognition.services.encoders.gallery_encoders import load_bulk_encoder, models_dir

ENOUGH = 5
"""References from which on a gallery shows what it is about."""

LOOKED_AT = 24
"""References of a gallery that are searched for a face, which takes a second where none is."""

NEARLY_ALL = 0.9


def shown_domain(image: Image.Image) -> Domain:
    """Say which domain a clean RGB image would suit by itself: general unless it is a line
    drawing, or has a face and the encoder of faces is prepared here.
    """
    if is_line_drawing(image):
        return Domain.DRAWINGS
    name = domain_encoder(Domain.FACES)
    try:
        if registry.is_prepared(name, models_dir=models_dir()):
            load_bulk_encoder(name).inspect(image)
            return Domain.FACES
    except NoRegion:
        return Domain.GENERAL
    except RecognitionError:
        # Advice is not worth an error: the encoder's own galleries tell what is wrong with it.
        return Domain.GENERAL
    return Domain.GENERAL


def keep_advice(gallery: Gallery) -> None:
    """Note on a general gallery which domain nearly all of its references would suit better.

    One with descriptions keeps its domain, since no other reads them.
    """
    better = _better(gallery)
    if better != gallery.better_domain:
        Gallery.objects.filter(pk=gallery.pk).update(better_domain=better)


def decline_domain(*, gallery: Gallery, user: User | None = None) -> None:
    """Keep a gallery's domain and advise no other any more."""
    Gallery.objects.filter(pk=gallery.pk).update(advises_domain=False)
    record(AuditAction.CHANGE, gallery, gallery=gallery, user=user, advises_domain=False)


def _better(gallery: Gallery) -> str:
    if gallery.domain is not Domain.GENERAL:
        return ""
    if gallery.embeddings.filter(prompt__isnull=False).exists():
        return ""
    shown = ReferenceMeasure.objects.filter(gallery=gallery).exclude(shows="").values_list("shows")
    counts = dict(shown.annotate(count=Count("pk")))
    total = sum(counts.values())
    if total < ENOUGH:
        return ""
    for domain in (Domain.FACES, Domain.DRAWINGS):
        installed = registry.is_prepared(domain_encoder(domain), models_dir=models_dir())
        if installed and counts.get(domain.value, 0) >= NEARLY_ALL * total:
            return domain.value
    return ""
