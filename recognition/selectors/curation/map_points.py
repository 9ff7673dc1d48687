"""The references of which a map is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recognition.core.types import Ids, Matrix
from recognition.core.vectors import unpack_rows
from recognition.models import Category, Embedding, Gallery

SHOWN = 2000
"""References of which a map is drawn; of more, every so-manieth."""


@dataclass(frozen=True, slots=True)
class MapPoints:
    """References with their vectors ``(n, d)`` and categories ``(n,)``, of ``total`` in all."""

    references: list[str]
    categories: Ids
    vectors: Matrix
    total: int


def map_points(gallery: Gallery) -> MapPoints:
    embeddings = Embedding.objects.filter(
        gallery=gallery, encoder_id=gallery.encoder_id, reference__isnull=False
    )
    pks = list(embeddings.order_by("pk").values_list("pk", flat=True))
    chosen = pks[:: -(-len(pks) // SHOWN)] if pks else []
    rows = list(
        embeddings.filter(pk__in=chosen)
        .order_by("pk")
        .values_list("reference__public_id", "category_id", "data")
    )
    return MapPoints(
        [public_id for public_id, *_ in rows],
        np.array([category for _, category, _ in rows], np.int64),
        unpack_rows([data for *_, data in rows], gallery.encoder.dimension),
        len(pks),
    )


def names_of(categories: Ids) -> dict[int, Category]:
    return Category.objects.only("pk", "name", "slug").in_bulk(np.unique(categories).tolist())
