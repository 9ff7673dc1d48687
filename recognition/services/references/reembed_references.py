"""References embedded anew from the images that were kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Embedding, Gallery, HeldEmbedding, Reference
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery, log_additions, log_removals
from recognition.services.encoders.gallery_encoders import bulk_encoder_of
from recognition.services.references.regions import region_of_reference

BATCH = 32
MOST = 256
"""References that somebody may wait for."""


def reembed_references(*, gallery: Gallery, references: Iterable[Reference]) -> int:
    """Embed references with the gallery's encoder as it is now; returns how many vectors changed.

    To an index they are removed and added anew. Raises InvalidInput, also for more than 256,
    EncoderError, OSError and ImageError for an image that cannot be read, before
    anything is changed.
    """
    chosen = list(references)
    if any(reference.gallery_id != gallery.pk for reference in chosen):
        raise InvalidInput("References are embedded anew within their gallery only.")
    if len(chosen) > MOST:
        raise InvalidInput(f"At most {MOST} references are embedded anew at once.")
    gallery = Gallery.objects.select_related("encoder").get(pk=gallery.pk)
    return _commit(gallery, chosen, _vectors(gallery, chosen))


def _vectors(gallery: Gallery, references: Sequence[Reference]) -> dict[int, bytes]:
    encoder = bulk_encoder_of(gallery)
    vectors: dict[int, bytes] = {}
    for start in range(0, len(references), BATCH):
        batch = references[start : start + BATCH]
        rows = encoder.encode_regions([region_of_reference(reference) for reference in batch])
        vectors |= {each.pk: Embedding.pack(row) for each, row in zip(batch, rows, strict=True)}
    return vectors


@transaction.atomic
def _commit(gallery: Gallery, references: Sequence[Reference], vectors: dict[int, bytes]) -> int:
    locked = lock_gallery(gallery)
    of_encoder = {"reference__in": list(vectors), "encoder_id": gallery.encoder_id}
    held = [
        each
        for each in HeldEmbedding.objects.filter(**of_encoder)
        if bytes(each.data) != vectors[each.reference_id]
    ]
    for waiting in held:
        waiting.data = vectors[waiting.reference_id]
    HeldEmbedding.objects.bulk_update(held, ["data"])
    changed = [
        each
        for each in Embedding.objects.filter(gallery=locked, **of_encoder).order_by("pk")
        if each.reference_id and bytes(each.data) != vectors[each.reference_id]
    ]
    if changed:
        _replace(locked, changed, vectors)
    record(AuditAction.REEMBED, locked, gallery=locked, changed=len(changed), **named(references))
    return len(changed) + len(held)


def _replace(locked: Gallery, changed: list[Embedding], vectors: dict[int, bytes]) -> None:
    ids = [embedding.pk for embedding in changed]
    log_removals(locked, ids)
    Embedding.objects.filter(pk__in=ids).delete()
    for embedding in changed:
        embedding.pk = None
        embedding.data = vectors[embedding.reference_id or 0]
    log_additions(locked, changed)
