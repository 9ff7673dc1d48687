"""Changes to a support set: the gallery's lock, its next generations, its log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction

from recognition.core.errors import EncoderChanged, GalleryNotFound
from recognition.models import Change, Embedding, Gallery
from recognition.services.storage.discard_snapshots import discard_snapshots

_TOKEN_BITS = 63
NO_EMBEDDING = 0


def lock_gallery(gallery: Gallery) -> Gallery:
    """Lock the gallery's row until the transaction ends, so commit order is generation order.

    On SQLite the transaction itself is the lock: it began with BEGIN IMMEDIATE.
    """
    locked = Gallery.objects.select_for_update().filter(pk=gallery.pk).first()
    if locked is None:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    return locked


def log_additions(locked: Gallery, embeddings: Sequence[Embedding]) -> None:
    """Save the embeddings, each with the next generation. Raises EncoderChanged."""
    for offset, embedding in enumerate(embeddings, start=1):
        if embedding.encoder_id != locked.encoder_id:
            raise EncoderChanged("The gallery's encoder was changed meanwhile; try again.")
        embedding.generation = locked.generation + offset
    saved = Embedding.objects.bulk_create(embeddings)
    _log(locked, Change.Action.ADD, [embedding.pk for embedding in saved])


def log_removals(locked: Gallery, embeddings: Iterable[int]) -> None:
    """Log the removal of embeddings, given by id, that the same transaction deletes.

    The snapshots that hold them go when it has committed.
    """
    _log(locked, Change.Action.REMOVE, list(embeddings))
    gallery_id = locked.pk
    transaction.on_commit(lambda: discard_snapshots(gallery_id), robust=True)


def log_switch(locked: Gallery) -> None:
    """Log that the gallery's encoder is another from here on; its snapshots go with the commit."""
    _log(locked, Change.Action.SWITCH, [NO_EMBEDDING])
    gallery_id = locked.pk
    transaction.on_commit(lambda: discard_snapshots(gallery_id), robust=True)


def _log(locked: Gallery, action: Change.Action, embeddings: Sequence[int]) -> None:
    changes: list[Change] = []
    for embedding in embeddings:
        locked.generation += 1
        locked.token = secrets.randbits(_TOKEN_BITS)
        changes.append(
            Change(
                gallery=locked,
                generation=locked.generation,
                token=locked.token,
                action=action,
                embedding=embedding,
            )
        )
    Change.objects.bulk_create(changes)
    locked.save(update_fields=["generation", "token"])
