"""From a query's embeddings to a decision: search, then matching."""

from __future__ import annotations

from recognition.index.protocol import Hit, Scope
from recognition.matching.decide import Policy, decide
from recognition.models import Gallery
from recognition.services.replicas import replica_of
from recognition.services.timing import Timings
from recognition.types import Decision, Evidence, EvidenceKind, Matrix

CONTENDERS = 20
"""How many categories of each kind of evidence are weighed at least."""


def match(
    gallery: Gallery, vectors: Matrix, *, top_k: int, timings: Timings
) -> tuple[Decision, int]:
    """Decide what a query is. Returns the decision and the generation that it was made at."""
    replica = replica_of(gallery)
    with timings.step("search"):
        generation = replica.catch_up()
        evidence = [
            _evidence(hit)
            for kind in EvidenceKind
            for hit in replica.search_categories(vectors, max(top_k, CONTENDERS), Scope(kind=kind))[
                0
            ]
        ]
    with timings.step("match"):
        decision = decide(evidence, policy=Policy(), top_k=top_k)
    return decision, generation


def _evidence(hit: Hit) -> Evidence:
    return Evidence(
        embedding=hit.id, category=hit.category, kind=hit.kind, similarity=hit.similarity
    )
