"""A new gallery from a bundle: files first, then every row in one transaction."""

from __future__ import annotations

from typing import IO

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.errors import EncoderError, EncoderMismatch, InvalidBundle
from recognition.core.types import Domain
from recognition.models import AuditAction, EncoderRecord, Gallery
from recognition.services.audit import trail
from recognition.services.bundles.embed_anew import embed_anew
from recognition.services.bundles.insert_gallery import insert_gallery
from recognition.services.bundles.manifest import Manifest
from recognition.services.bundles.store_images import StoredImages
from recognition.services.bundles.unpack import Unpacked, unpacked
from recognition.services.encoders.gallery_encoders import (
    default_encoder,
    load_bulk_encoder,
    load_encoder,
)
from recognition.services.queueing import queue_on_commit
from recognition.services.quotas import check_galleries, check_room


def import_gallery(*, bundle: IO[bytes], owner: User, slug: str = "") -> Gallery:
    """Make a gallery of a bundle, owned by ``owner``; nothing of it stays if that fails.

    The bundle is read by a process of its own. Vectors are taken over where their encoder, by its
    fingerprint, is installed here. Otherwise everything is embedded anew by the default encoder.
    Raises InvalidBundle, EncoderMismatch for a bundle of another encoder without images,
    AlreadyExists for a ``slug`` that is taken, QuotaExceeded.
    """
    check_galleries(owner)
    with unpacked(bundle) as parts:
        check_room(categories=parts.categories, references=parts.references)
        return _insert(parts, owner=owner, slug=slug)


def _insert(parts: Unpacked, *, owner: User, slug: str) -> Gallery:
    manifest = parts.manifest()
    record = _encoder_for(manifest)
    same = record.fingerprint == manifest["encoder"]["fingerprint"]
    if not same and any(each["image"] is None for each in manifest["references"]):
        raise EncoderMismatch(
            f"The bundle was made by {manifest['encoder']['name']}, which is not installed here, "
            "and lacks images to embed anew. Export it with images, or install that encoder."
        )
    vectors = parts.vectors() if same else None
    with StoredImages() as images:
        if vectors is None:
            vectors = embed_anew(manifest, load_bulk_encoder(record.name), images, parts)
        else:
            for _ in images.store(parts, manifest):
                pass
        with transaction.atomic():
            gallery = insert_gallery(
                manifest, vectors, images, encoder=record, owner=owner, slug=slug
            )
            images.keep()
            # What chance scores in it is learnt before anybody asks.
            queue_on_commit("refit")
            trail.record(
                AuditAction.IMPORT,
                gallery,
                gallery=gallery,
                user=owner,
                references=len(manifest["references"]),
            )
    return gallery


def _encoder_for(manifest: Manifest) -> EncoderRecord:
    """The encoder that made the bundle where it is installed here, else its domain's default."""
    made_by = manifest["encoder"]
    record = EncoderRecord.objects.filter(fingerprint=made_by["fingerprint"]).first()
    if record is None or not _is_installed(record):
        record = default_encoder(Domain(manifest["gallery"]["domain"]))
    if record.fingerprint == made_by["fingerprint"] and record.dimension != made_by["dimension"]:
        raise InvalidBundle("The bundle's vectors are not of the dimension of its encoder.")
    return record


def _is_installed(record: EncoderRecord) -> bool:
    try:
        return load_encoder(record.name).spec.fingerprint == record.fingerprint
    except EncoderError:
        return False
