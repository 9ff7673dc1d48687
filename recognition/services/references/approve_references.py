"""The approval of references that wait: from its end on they are searchable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Embedding, Gallery, HeldEmbedding, Reference
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery, log_additions
from recognition.services.encoders.gallery_encoders import bulk_encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.references.regions import region_of_reference

State = Reference.State
BATCH = 32


@with_present_encoder
def approve_references(*, gallery: Gallery, references: Iterable[Reference]) -> int:
    """Add to the support set what of ``references`` waits; returns how many there were.

    Raises InvalidInput where they belong to another gallery, EncoderMismatch.
    """
    chosen = list(references)
    if any(reference.gallery_id != gallery.pk for reference in chosen):
        raise InvalidInput("References are approved within their gallery only.")
    ids = [reference.pk for reference in chosen]
    gallery = Gallery.objects.select_related("encoder").get(pk=gallery.pk)
    _embed_anew(gallery, ids)
    return _commit(gallery, ids)


@transaction.atomic
def _commit(gallery: Gallery, ids: list[int]) -> int:
    locked = lock_gallery(gallery)
    held = list(_held(locked, ids).order_by("reference_id"))
    log_additions(
        locked,
        [
            Embedding(
                gallery=locked,
                category_id=each.reference.category_id,
                encoder_id=each.encoder_id,
                reference=each.reference,
                data=each.data,
            )
            for each in held
        ],
    )
    Reference.objects.filter(pk__in=[each.reference_id for each in held]).update(
        state=State.APPROVED
    )
    HeldEmbedding.objects.filter(pk__in=[each.pk for each in held]).delete()
    if held:
        record(
            AuditAction.APPROVE, locked, gallery=locked, **named(each.reference for each in held)
        )
    return len(held)


def _held(gallery: Gallery, ids: list[int]) -> QuerySet[HeldEmbedding]:
    return HeldEmbedding.objects.filter(
        reference__gallery=gallery, reference__in=ids, reference__state=State.PENDING
    ).select_related("reference")


def _embed_anew(gallery: Gallery, ids: list[int]) -> None:
    """The gallery may have changed its encoder while they waited."""
    stale = _held(gallery, ids).exclude(encoder=gallery.encoder).defer("data")
    for batch in _batches(stale):
        regions = [region_of_reference(each.reference) for each in batch]
        vectors = bulk_encoder_of(gallery).encode_regions(regions)
        for each, vector in zip(batch, vectors, strict=True):
            each.encoder = gallery.encoder
            each.data = Embedding.pack(vector)
        HeldEmbedding.objects.bulk_update(batch, ["encoder", "data"])


def _batches(held: QuerySet[HeldEmbedding]) -> Iterator[list[HeldEmbedding]]:
    remaining = iter(held)
    while batch := list(islice(remaining, BATCH)):
        yield batch
