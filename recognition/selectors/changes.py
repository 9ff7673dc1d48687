"""A gallery's truth, as a replica of its index follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from recognition.core.errors import EncoderChanged, GalleryNotFound
from recognition.core.types import EvidenceKind
from recognition.core.vectors import unpack
from recognition.index.protocol import START, Entry, Position
from recognition.index.protocol import Change as IndexChange
from recognition.models import Change, Embedding, Gallery

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class DatabaseChangeSource:
    """The change log of one gallery, for the vectors of one encoder."""

    gallery_id: int
    encoder_id: int

    def position(self) -> Position:
        """Read the committed position. Raises GalleryNotFound once the gallery is deleted,
        EncoderChanged once it has another encoder: its log then tells nothing of these vectors.
        """
        fields = Gallery.objects.values_list("generation", "token", "encoder_id")
        row = fields.filter(pk=self.gallery_id).first()
        if row is None:
            raise GalleryNotFound("The gallery has been deleted.")
        generation, token, encoder_id = row
        if encoder_id != self.encoder_id:
            raise EncoderChanged("The gallery's encoder was changed meanwhile; try again.")
        return Position(generation, token)

    def token(self, generation: int) -> int | None:
        """Read a generation's token; None also for what lies before a switch of encoders, which is
        of another history.
        """
        if self._log().filter(generation__gt=generation, action=Change.Action.SWITCH).exists():
            return None
        if generation == START.generation:
            return START.token
        return self._log().filter(generation=generation).values_list("token", flat=True).first()

    def removed_since(self, generation: int) -> bool:
        return removed_since(self.gallery_id, generation)

    def changes(self, after: int, limit: int) -> Sequence[IndexChange]:
        rows = list(
            self._log()
            .filter(generation__gt=after)
            .order_by("generation")
            .values_list("generation", "token", "action", "embedding")[:limit]
        )
        added = [embedding for _, _, action, embedding in rows if action == Change.Action.ADD]
        entries = {entry.id: entry for entry in self.of_ids(added)}
        return [
            IndexChange(
                position=Position(generation, token),
                embedding=embedding,
                entry=entries.get(embedding) if action == Change.Action.ADD else None,
            )
            for generation, token, action, embedding in rows
        ]

    def entries(self) -> tuple[Position, Iterable[Entry]]:
        # The position is read first: what commits in between is replayed, which is idempotent.
        return self.position(), _entries(self.live().order_by("pk"))

    def of_ids(self, ids: Sequence[int]) -> list[Entry]:
        """Read the embeddings of these ids that are live."""
        return list(_entries(self.live().filter(pk__in=ids)))

    def changed_since(self, generation: int) -> set[int]:
        """Return the embeddings that were added or removed after a generation."""
        later = self._log().filter(generation__gt=generation)
        return set(later.values_list("embedding", flat=True))

    def live(self) -> QuerySet[Embedding]:
        """List the embeddings that an index of the gallery holds."""
        return Embedding.objects.filter(gallery_id=self.gallery_id, encoder_id=self.encoder_id)

    def _log(self) -> QuerySet[Change]:
        return Change.objects.filter(gallery_id=self.gallery_id)


def removed_since(gallery_id: int, generation: int) -> bool:
    """Say whether an embedding of the gallery was removed, or all were replaced by those of another
    encoder, after a generation.
    """
    return (
        Change.objects.filter(gallery_id=gallery_id, generation__gt=generation)
        .exclude(action=Change.Action.ADD)
        .exists()
    )


def _entries(embeddings: QuerySet[Embedding]) -> Iterator[Entry]:
    rows = embeddings.values_list("pk", "category_id", "reference_id", "data")
    for pk, category, reference, data in rows.iterator(_CHUNK):
        kind = EvidenceKind.PROMPT if reference is None else EvidenceKind.REFERENCE
        yield Entry(id=pk, category=category, kind=kind, vector=unpack(data))
