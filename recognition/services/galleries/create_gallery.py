"""Create a gallery."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from recognition.core.errors import AlreadyExists, InvalidInput
from recognition.core.rates import DEFAULT_FAR
from recognition.core.texts import checked_description, checked_gallery_name
from recognition.core.types import Domain
from recognition.models import AuditAction, Gallery, Membership, Role
from recognition.services.audit.trail import record
from recognition.services.encoders.gallery_encoders import default_encoder
from recognition.services.galleries.slugs import checked_slug, free_slug
from recognition.services.limits import checked_far
from recognition.services.quotas import check_galleries

RESERVED = {"import"}
"""Slugs that would hide an address of the API."""


def create_gallery(
    *,
    name: str,
    owner: User,
    slug: str = "",
    description: str = "",
    target_far: float = DEFAULT_FAR,
    review_references: bool = False,
    domain: Domain = Domain.GENERAL,
) -> Gallery:
    """Make an empty gallery of a domain's default encoder, owned by ``owner``.

    Raises AlreadyExists, InvalidInput, QuotaExceeded, EncoderError.
    """
    name, description = checked_gallery_name(name), checked_description(description)
    checked_far(target_far)
    check_galleries(owner)
    slug = checked_slug(slug) if slug else free_slug(name, "gallery", is_taken)
    if slug in RESERVED:
        raise InvalidInput(f"The address {slug!r} is taken by the service itself.")
    encoder = default_encoder(domain)
    try:
        with transaction.atomic():
            gallery = Gallery.objects.create(
                slug=slug,
                name=name,
                description=description,
                encoder=encoder,
                target_far=target_far,
                review_references=review_references,
            )
            Membership.objects.create(gallery=gallery, user=owner, role=Role.OWNER)
            record(AuditAction.CREATE, gallery, gallery=gallery, user=owner, encoder=encoder.name)
    except IntegrityError:
        if not is_taken(slug):
            raise
        raise AlreadyExists(f"There is a gallery {slug!r} already; choose another slug.") from None
    return gallery


def is_taken(slug: str) -> bool:
    return slug in RESERVED or Gallery.objects.filter(slug=slug).exists()
