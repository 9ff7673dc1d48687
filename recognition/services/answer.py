"""The one form in which every interface gives an identification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recognition.models import Category, Embedding, Gallery
from recognition.types import Candidate, Decision, EncoderSpec, Threshold, Warning

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Naming:
    """The names that the numbers of a decision stand for."""

    categories: Mapping[int, Category]
    embeddings: Mapping[int, Embedding]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], others: Iterable[int] = ()) -> Naming:
        embeddings = (
            Embedding.objects.select_related("category", "reference", "prompt")
            .only("category__slug", "category__name", "reference__public_id", "prompt__text")
            .in_bulk([c.evidence.embedding for c in candidates])
        )
        categories = {found.category_id: found.category for found in embeddings.values()}
        unnamed = {*(c.category for c in candidates), *others} - categories.keys()
        if unnamed:
            categories |= Category.objects.in_bulk(unnamed)
        return cls(categories, embeddings)


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
        "plausible": [
            naming.categories[each].slug for each in decision.plausible if each in naming.categories
        ],
        "candidates": [
            candidate_answer(candidate, naming)
            for candidate in decision.candidates
            if candidate.category in naming.categories
            and candidate.evidence.embedding in naming.embeddings
        ],
        "threshold": threshold_answer(decision.threshold),
        "warnings": warnings_answer(decision.warnings),
        "encoder": encoder_answer(gallery.encoder.spec),
    }


def threshold_answer(threshold: Threshold) -> Answer:
    return {
        "score": threshold.score,
        "target_far": threshold.target_far,
        "basis": threshold.basis,
        "supported": threshold.supported,
    }


def warnings_answer(warnings: Iterable[Warning]) -> list[Answer]:
    """Warnings as sentences, with the names of the categories that they are about."""
    warnings = list(warnings)
    about = [warning.about for warning in warnings if warning.about is not None]
    names = Category.objects.in_bulk(about) if about else {}
    return [{"code": w.code, "detail": _sentence(w, names)} for w in warnings]


def _sentence(warning: Warning, names: Mapping[int, Category]) -> str:
    if warning.about is None:
        return warning.detail
    about = names.get(warning.about)
    return warning.detail.replace("{about}", f"“{about}”" if about else "a category since removed")


def candidate_answer(candidate: Candidate, naming: Naming) -> Answer:
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
