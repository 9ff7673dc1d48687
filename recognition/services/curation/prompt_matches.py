"""What a description matches among the references that there are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from recognition.core.types import EvidenceKind
from recognition.index.protocol import Scope
from recognition.models import Embedding, Gallery, Prompt, Reference
from recognition.services.indexes.replicas import replica_of

Matches = list[tuple[Reference, float]]


def prompt_matches(
    *, gallery: Gallery, prompts: Iterable[Prompt], limit: int = 3
) -> dict[int, Matches]:
    """Find the references nearest to each prompt, by the prompt's key, most similar first."""
    embeddings = list(
        Embedding.objects.filter(
            prompt__in=list(prompts), gallery=gallery, encoder_id=gallery.encoder_id
        )
    )
    if not embeddings:
        return {}
    vectors = np.stack([embedding.vector for embedding in embeddings])
    found = replica_of(gallery).search(vectors, limit, Scope(kind=EvidenceKind.REFERENCE))
    ids = {hit.id for hits in found for hit in hits}
    known = Embedding.objects.filter(pk__in=ids).select_related("reference__gallery")
    references = {each.pk: each.reference for each in known.defer("data")}
    return {
        embedding.prompt_id or 0: [
            (reference, hit.similarity) for hit in hits if (reference := references.get(hit.id))
        ]
        for embedding, hits in zip(embeddings, found, strict=True)
    }
