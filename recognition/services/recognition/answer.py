"""The one form in which every interface gives an identification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from recognition.core.types import Candidate, Decision, EncoderSpec, QualityWarning, Threshold
from recognition.models import Category, Embedding, Gallery
from recognition.selectors.statement import Statement
from recognition.services.galleries.claims import Claim, claim_answer, claim_of
from recognition.services.recognition.sentences import help_sentences, identification_sentence

Answer = dict[str, Any]


class CategoryName(NamedTuple):
    slug: str
    name: str


class Source(NamedTuple):
    """The source of an embedding: a reference by its public id, or a prompt by key and text."""

    reference: str | None
    prompt: int | None
    text: str | None


_NAMES = "category__slug", "category__name"
_SOURCE = "reference__public_id", "prompt_id", "prompt__text"

_named: Statement[tuple[Any, ...]] = Statement(
    lambda *embeddings: Embedding.objects.filter(pk__in=embeddings).values_list(
        "pk", "category_id", *_NAMES, *_SOURCE
    )
)


@dataclass(frozen=True, slots=True)
class Naming:
    """The names that the numbers of a decision stand for."""

    categories: Mapping[int, CategoryName]
    embeddings: Mapping[int, Source]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], others: Iterable[int] = ()) -> Naming:
        categories, embeddings = {}, {}
        wanted = {candidate.evidence.embedding for candidate in candidates}
        for pk, category, slug, name, *source in _named(*wanted) if wanted else ():
            categories[category] = CategoryName(slug, name)
            embeddings[pk] = Source(*source)
        unnamed = {*(c.category for c in candidates), *others} - categories.keys()
        if unnamed:
            more = Category.objects.filter(pk__in=unnamed).values_list("pk", "slug", "name")
            categories |= {pk: CategoryName(slug, name) for pk, slug, name in more}
        return cls(categories, embeddings)


def encoder_answer(spec: EncoderSpec) -> Answer:
    return {"name": spec.name, "fingerprint": spec.fingerprint}


def decision_answer(decision: Decision, gallery: Gallery, naming: Naming) -> Answer:
    """Return the answer of the HTTP contract, less what belongs to one query alone.

    A category that was removed while the query was answered is left out.
    """
    matched = naming.categories.get(decision.category) if decision.category else None
    far = decision.threshold.target_far
    candidates = [
        candidate_answer(candidate, naming)
        for candidate in decision.candidates
        if candidate.category in naming.categories
        and candidate.evidence.embedding in naming.embeddings
    ]
    names = [candidate["name"] for candidate in candidates]
    return {
        "decision": decision.outcome.value,
        "reason": decision.reason.value if decision.reason else None,
        "sentence": identification_sentence(decision, names),
        "help": help_sentences(decision.helps, names[0] if names else ""),
        "category": matched.slug if matched else None,
        "confidence": decision.confidence,
        "calibrated": decision.calibrated,
        "plausible": [
            naming.categories[each].slug for each in decision.plausible if each in naming.categories
        ],
        "candidates": candidates,
        "threshold": threshold_answer(decision.threshold, claim_of(gallery, far)),
        "warnings": warnings_answer(decision.warnings),
        "encoder": encoder_answer(gallery.encoder.spec),
    }


def threshold_answer(threshold: Threshold, claim: Claim) -> Answer:
    return {
        "score": threshold.score,
        "target_far": threshold.target_far,
        "basis": threshold.basis,
        "supported": threshold.supported,
        "tentative": threshold.tentative,
        "claim": claim_answer(claim),
    }


def warnings_answer(warnings: Iterable[QualityWarning]) -> list[Answer]:
    """Return warnings as sentences, with the names of the categories that they are about."""
    warnings = list(warnings)
    about = [warning.about for warning in warnings if warning.about is not None]
    names = Category.objects.in_bulk(about) if about else {}
    return [{"code": w.code, "detail": _sentence(w, names)} for w in warnings]


def _sentence(warning: QualityWarning, names: Mapping[int, Category]) -> str:
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


def evidence_answer(source: Source) -> Answer:
    if source.reference is not None:
        return {"kind": "reference", "id": source.reference}
    return {"kind": "prompt", "id": str(source.prompt), "text": source.text}
