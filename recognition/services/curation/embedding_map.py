"""The references of a gallery as points of a plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from recognition.matching.advice.flatten import flatten
from recognition.matching.neighbours import nearest_pairs
from recognition.models import Category, Gallery
from recognition.selectors.curation.map_points import map_points, names_of
from recognition.services.matching.gallery_model import current, fitted

KEPT_SECONDS = 3600
VERSION = 1
PAIRS = 20
GONE = Category(name="a category since removed")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two categories that are most alike, and how much."""

    one: Category
    other: Category
    similarity: float


@dataclass(frozen=True, slots=True)
class EmbeddingMap:
    """``points`` are ``[x, y, place]``: coordinates in [-1, 1], and where the category is in
    ``categories``; ``references`` are their public ids, of ``total`` in all.
    """

    points: list[tuple[float, float, int]]
    references: list[str]
    categories: list[Category]
    pairs: list[Pair]
    total: int


def embedding_map(gallery: Gallery) -> EmbeddingMap:
    """Return the gallery's map, which is kept for as long as the gallery does not change."""
    gallery = current(gallery)
    key = f"map-{VERSION}-{gallery.pk}-{gallery.encoder_id}-{gallery.generation}-{gallery.token}"
    known: EmbeddingMap | None = cache.get(key)
    if known is None:
        known = _draw(gallery)
        cache.set(key, known, KEPT_SECONDS)
    return known


def _draw(gallery: Gallery) -> EmbeddingMap:
    found = map_points(gallery)
    if not found.references:
        return EmbeddingMap([], [], [], [], 0)
    inside = fitted(gallery).model.space(found.vectors)
    owners, places = np.unique(found.categories, return_inverse=True)
    named = names_of(owners)
    flat = np.round(flatten(inside, found.categories), 4).tolist()
    return EmbeddingMap(
        points=[(x, y, place) for (x, y), place in zip(flat, places.tolist(), strict=True)],
        references=found.references,
        categories=[named.get(pk, GONE) for pk in owners.tolist()],
        pairs=[
            Pair(named[one], named[other], similarity)
            for one, other, similarity in nearest_pairs(inside, found.categories, PAIRS)
            if one in named and other in named
        ],
        total=found.total,
    )
