"""A gallery's truth, as a replica of its index follows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recognition.index.protocol import Change as IndexChange
from recognition.index.protocol import Entry
from recognition.models import Change, Embedding, Gallery


@dataclass(frozen=True, slots=True)
class DatabaseChangeSource:
    """The change log of one gallery, for the vectors of one encoder."""

    gallery_id: int
    encoder_id: int

    def generation(self) -> int:
        return Gallery.objects.values_list("generation", flat=True).get(pk=self.gallery_id)

    def changes(self, after: int, limit: int) -> Sequence[IndexChange]:
        rows = list(
            Change.objects.filter(gallery_id=self.gallery_id, generation__gt=after)
            .order_by("generation")
            .values_list("generation", "action", "embedding")[:limit]
        )
        added = [embedding for _, action, embedding in rows if action == Change.Action.ADD]
        entries = {
            entry.id: entry
            for entry in _entries(
                Embedding.objects.filter(pk__in=added, encoder_id=self.encoder_id)
            )
        }
        return [
            IndexChange(
                generation=generation,
                embedding=embedding,
                entry=entries.get(embedding) if action == Change.Action.ADD else None,
            )
            for generation, action, embedding in rows
        ]

    def entries(self) -> tuple[int, Sequence[Entry]]:
        # The generation is read first: what commits in between is replayed, which is idempotent.
        generation = self.generation()
        live = Embedding.objects.filter(gallery_id=self.gallery_id, encoder_id=self.encoder_id)
        return generation, list(_entries(live.order_by("pk")))


def _entries(embeddings: Iterable[Embedding]) -> Iterable[Entry]:
    for row in embeddings:
        yield Entry(id=row.pk, category=row.category_id, kind=row.kind, vector=row.vector)
