"""Changes to a support set: the gallery's lock, its next generations, its log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recognition.errors import EncoderMismatch, GalleryNotFound
from recognition.models import Change, Embedding, Gallery


def lock_gallery(gallery: Gallery) -> Gallery:
    """The gallery's row, locked until the transaction ends, so commit order is generation order.

    On SQLite the transaction itself is the lock: it began with BEGIN IMMEDIATE.
    """
    locked = Gallery.objects.select_for_update().filter(pk=gallery.pk).first()
    if locked is None:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    return locked


def log_additions(locked: Gallery, embeddings: Sequence[Embedding]) -> None:
    """Save the embeddings, each with the next generation. Raises EncoderMismatch."""
    for offset, embedding in enumerate(embeddings, start=1):
        if embedding.encoder_id != locked.encoder_id:
            raise EncoderMismatch("The gallery's encoder was changed meanwhile; try again.")
        embedding.generation = locked.generation + offset
    saved = Embedding.objects.bulk_create(embeddings)
    _log(locked, Change.Action.ADD, [embedding.pk for embedding in saved])


def log_removals(locked: Gallery, embeddings: Iterable[int]) -> None:
    """Log the removal of embeddings, given by id, that the same transaction deletes."""
    _log(locked, Change.Action.REMOVE, list(embeddings))


def _log(locked: Gallery, action: Change.Action, embeddings: Sequence[int]) -> None:
    Change.objects.bulk_create(
        Change(
            gallery=locked,
            generation=locked.generation + offset,
            action=action,
            embedding=embedding,
        )
        for offset, embedding in enumerate(embeddings, start=1)
    )
    locked.generation += len(embeddings)
    locked.save(update_fields=["generation"])
