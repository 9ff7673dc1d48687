"""The one form in which every interface gives an identification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recognition.models import Category, Embedding, Gallery
from recognition.types import Candidate, Decision, EncoderSpec

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Naming:
    """The names that the numbers of a decision stand for."""

    categories: Mapping[int, Category]
    embeddings: Mapping[int, Embedding]

    @classmethod
    def of(cls, decision: Decision) -> Naming:
        candidates = decision.candidates
        return cls(
            categories=Category.objects.in_bulk([c.category for c in candidates]),
            embeddings=Embedding.objects.select_related("reference", "prompt")
            .defer("data")
            .in_bulk([c.evidence.embedding for c in candidates]),
        )


def encoder_answer(spec: EncoderSpec) -> Answer:
    return {"name": spec.name, "fingerprint": spec.fingerprint}


def decision_answer(decision: Decision, gallery: Gallery, naming: Naming) -> Answer:
    """The answer of the HTTP contract, less what belongs to one query alone.

    A category that was removed while the query was answered is left out.
    """
    matched = naming.categories.get(decision.category) if decision.category else None
    return {
        "decision": decision.outcome.value,
        "category": matched.slug if matched else None,
        "confidence": decision.confidence,
        "calibrated": decision.calibrated,
        "candidates": [
            _candidate_answer(candidate, naming)
            for candidate in decision.candidates
            if candidate.category in naming.categories
            and candidate.evidence.embedding in naming.embeddings
        ],
        "threshold": {
            "score": decision.threshold.score,
            "target_far": decision.threshold.target_far,
            "basis": decision.threshold.basis,
        },
        "warnings": [{"code": w.code, "detail": w.detail} for w in decision.warnings],
        "encoder": encoder_answer(gallery.encoder.spec),
    }


def _candidate_answer(candidate: Candidate, naming: Naming) -> Answer:
    category = naming.categories[candidate.category]
    return {
        "category": category.slug,
        "name": category.name,
        "score": candidate.score,
        "similarity": candidate.similarity,
        "confidence": candidate.confidence,
        "impostor_percentile": candidate.impostor_percentile,
        "evidence": evidence_answer(naming.embeddings[candidate.evidence.embedding])
        | {"similarity": candidate.evidence.similarity},
    }


def evidence_answer(embedding: Embedding) -> Answer:
    """What an embedding was made from: a reference by its public id, a prompt with its text."""
    if embedding.reference is not None:
        return {"kind": "reference", "id": embedding.reference.public_id}
    assert embedding.prompt is not None  # noqa: S101 - the table's check constraint says so
    return {"kind": "prompt", "id": str(embedding.prompt.pk), "text": embedding.prompt.text}
