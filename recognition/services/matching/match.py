"""From a query's embeddings to a decision: search, then matching."""

from __future__ import annotations

from collections.abc import Sequence

from recognition.core.timing import Timings
from recognition.core.types import Decision, EvidenceKind, Matrix, Verification
from recognition.index.protocol import Scope
from recognition.matching.decisions import decide, decide_regions, verify
from recognition.matching.support import SupportSet
from recognition.models import Category, Gallery
from recognition.selectors.support import support_of
from recognition.services.indexes.replicas import replica_of
from recognition.services.matching.gallery_model import Fitted, current, fitted

CONTENDERS = 20
"""How many of the nearest categories of a large gallery are weighed, by each kind of evidence."""


def match(
    gallery: Gallery,
    vectors: Matrix,
    *,
    top_k: int,
    far: float | None,
    timings: Timings,
    seen: Gallery | None = None,
) -> tuple[Decision, Gallery]:
    """Decide what one or several looks ``(m, d)`` at one thing show.

    Returns the decision and the gallery as ``current`` read it, of which it was made. ``seen`` is
    what a call before returned for the same question, which then is answered of one state.
    """
    with timings.step("search"):
        gallery = seen or current(gallery)
        known = fitted(gallery, asked=True)
        support = known.ready or contenders(gallery, known, vectors, top_k)
    with timings.step("match"):
        decision = decide(
            known.model,
            vectors,
            support,
            top_k=top_k,
            far=far or gallery.target_far,
            rejected=known.rejected,
        )
    return decision, gallery


def match_regions(
    gallery: Gallery, vectors: Matrix, *, top_k: int, far: float | None, timings: Timings
) -> tuple[list[Decision], Gallery]:
    """Decide what each of the regions ``(r, d)`` of one photo shows, at a false-accept rate that
    holds for the photo. Returns as ``match`` does.
    """
    with timings.step("search"):
        gallery = current(gallery)
        known = fitted(gallery, asked=True)
        support = known.ready or contenders(gallery, known, vectors, top_k)
    with timings.step("match"):
        decisions = decide_regions(
            known.model,
            vectors,
            support,
            top_k=top_k,
            far=far or gallery.target_far,
            rejected=known.rejected,
        )
    return decisions, gallery


def match_each(
    gallery: Gallery,
    regions: Sequence[Matrix],
    category: Category,
    *,
    far: float | None,
    timings: Timings,
) -> tuple[list[Verification], int]:
    """Decide of each region of a photo, looks ``(m, d)``, whether it shows a category that has been
    enrolled, at a false-accept rate that holds for the photo.
    """
    with timings.step("match"):
        gallery = current(gallery)
        known = fitted(gallery, asked=True)
        support = support_of(gallery, [category.pk])
        verifications = [
            verify(
                known.model,
                vectors,
                support,
                category=category.pk,
                far=far or gallery.target_far,
                rejected=known.rejected,
                regions=len(regions),
            )
            for vectors in regions
        ]
    return verifications, gallery.generation


def contenders(gallery: Gallery, known: Fitted, vectors: Matrix, top_k: int) -> SupportSet:
    """Return all of a small gallery; of a large one, what belongs to the nearest categories."""
    if known.support is not None:
        return known.support
    replica = replica_of(gallery)
    nearest = {
        hit.category
        for kind in EvidenceKind
        for hits in replica.search_categories(vectors, max(top_k, CONTENDERS), Scope(kind=kind))
        for hit in hits
    }
    return support_of(gallery, nearest)
