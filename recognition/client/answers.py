"""What the service answers, as frozen values. Similarities are cosines, in [-1, 1]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Encoder:
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class QualityWarning:
    """Something a curator should know; ``code`` is stable, ``detail`` is a sentence."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days queries are kept, null for ever, and whether their images are."""

    query_days: int | None
    query_images: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """How often something unknown passes: the ``rate`` that was ``measured``, with its 95 %
    interval ``low`` to ``high`` over ``trials``, or the ``target``, an estimate. ``aim`` is what is
    wanted; where the measurement ``contradicts`` it, ``advised`` is the target that would meet it.
    ``changes`` are those since, where there were many.
    """

    target: float
    aim: float
    rate: float
    low: float | None
    high: float | None
    trials: int
    measured: bool
    contradicts: bool
    advised: float | None
    changes: int


@dataclass(frozen=True, slots=True)
class Gallery:
    """``generation`` counts its changes; ``categories`` and ``references`` are numbers of them.
    ``claim`` is null of a service that does not tell it. ``domain`` is what it recognises:
    general, faces or drawings.
    """

    slug: str
    name: str
    description: str
    target_far: float
    review_references: bool
    retention: Retention
    encoder: Encoder
    generation: int
    categories: int
    references: int
    created_at: datetime
    claim: Claim | None = None
    domain: str = "general"


@dataclass(frozen=True, slots=True)
class Quota:
    """``used`` is what a gallery holds of ``what``, or its first owner; a ``limit`` of null is
    none.
    """

    what: str
    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Quotas:
    """All that is counted of a gallery and of its first owner."""

    quotas: tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """``references`` is how many it has: its shots. ``warnings`` tell, where it was made or
    changed, what of its prompts the encoder cannot read. ``twin_of`` is the slug of a category
    that once had the same name, until somebody has said whether they are one.
    """

    slug: str
    name: str
    external_id: str
    prompts: tuple[str, ...]
    references: int
    metadata: Mapping[str, Any]
    created_at: datetime
    warnings: tuple[QualityWarning, ...] = ()
    twin_of: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright image."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Reference:
    """``category`` is a slug; ``state`` is approved, or pending until an owner approves it;
    ``width`` and ``height`` are those of its photo in pixels, ``box`` the region of it that was
    enrolled, null for the whole.
    """

    id: str
    category: str
    state: str
    external_id: str
    width: int
    height: int
    sha256: str
    created_at: datetime
    box: Box | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Enrolment(Reference):
    """A reference that is searchable from its ``generation`` on, which is null while it waits for
    approval.
    """

    generation: int | None
    warnings: tuple[QualityWarning, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """A photo of something that is not in the gallery; ``width`` and ``height`` are in pixels."""

    id: str
    width: int
    height: int
    sha256: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptNegative(Negative):
    """``file`` is the name of the file that it was sent as."""

    file: str


@dataclass(frozen=True, slots=True)
class RefusedNegative:
    """A file that was not kept; ``code`` is stable, ``detail`` is a sentence."""

    file: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class DoubtfulNegative:
    """A file that was not kept since it looks like ``category``, a slug; ``name`` is its name."""

    file: str
    category: str
    name: str


@dataclass(frozen=True, slots=True)
class AddedNegatives:
    """What became of each file."""

    kept: tuple[KeptNegative, ...]
    refused: tuple[RefusedNegative, ...]
    doubtful: tuple[DoubtfulNegative, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The reference or prompt that speaks for a candidate; ``text`` is a prompt's."""

    kind: str
    id: str
    similarity: float
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """``score`` is on the threshold's scale; ``confidence`` is a probability where calibrated."""

    category: str
    name: str
    score: float
    similarity: float
    confidence: float | None
    impostor_percentile: float | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Threshold:
    """The score a match must reach, the false-accept rate it aims for, and what it rests on.

    ``supported`` is whether that can speak of so rare an error; if not, nothing matches. From
    ``tentative`` on something looks like a category, although chance may still reach it. ``claim``
    says how often something unknown gets as far as a match.
    """

    score: float
    target_far: float | None
    basis: str
    supported: bool | None = None
    tentative: float | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What would let a gallery tell a likeness from chance; ``code`` is stable."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region of an image: the whole, a box that was given, or one that was found. ``score`` is
    its detector's; ``landmarks`` are the five points of a face.
    """

    box: Box
    score: float | None
    landmarks: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Region(FoundRegion):
    """A region and what it shows, as an Identification tells it; ``query`` is what it was kept as,
    for feedback on this region alone.
    """

    query: str | None
    decision: str
    category: str | None
    confidence: float | None
    candidates: tuple[Candidate, ...]
    threshold: Threshold
    warnings: tuple[QualityWarning, ...] = ()
    plausible: tuple[str, ...] = ()
    sentence: str = ""
    reason: str | None = None
    help: tuple[Help, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifiedRegion(FoundRegion):
    """A region, and whether it shows what was claimed."""

    accepted: bool
    reason: str | None
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Identification:
    """``decision`` is match, ambiguous or unknown; ``category`` is null unless it is a match.

    ``plausible`` are the categories that may be meant: a conformal set, empty while uncalibrated.
    ``burst`` are the queries that were fused, of several images of one thing. ``sentence`` is the
    answer for people; ``reason`` says of an ambiguous one whether several stand out or one is
    unproven, and ``help`` what would settle that. ``explanation`` is the decision in sentences,
    where it was asked for. ``regions`` are those of the image, the main one first, where a box or
    regions were asked for.
    """

    query: str
    decision: str
    category: str | None
    confidence: float | None
    calibrated: bool
    candidates: tuple[Candidate, ...]
    threshold: Threshold
    warnings: tuple[QualityWarning, ...]
    encoder: Encoder
    generation: int
    timings_ms: Mapping[str, float]
    plausible: tuple[str, ...] = ()
    burst: tuple[str, ...] = ()
    explanation: str | None = None
    sentence: str = ""
    reason: str | None = None
    help: tuple[Help, ...] = ()
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification(Candidate):
    """The claimed category as a candidate, and whether the claim is accepted.

    ``sentence`` is the answer for people. One that is not accepted for the ``reason`` unproven
    looks like the category, but may do so by chance; ``help`` is what would settle that.
    """

    accepted: bool
    calibrated: bool
    threshold: Threshold
    warnings: tuple[QualityWarning, ...]
    encoder: Encoder
    generation: int
    timings_ms: Mapping[str, float]
    sentence: str = ""
    reason: str | None = None
    help: tuple[Help, ...] = ()
    regions: tuple[VerifiedRegion, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A reference that a search found."""

    reference: str
    category: str
    name: str
    similarity: float


@dataclass(frozen=True, slots=True)
class SearchedRegion(FoundRegion):
    """A region, with the references nearest to it."""

    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """``results`` are most similar first; ``regions`` tell of each, where they were asked for."""

    results: tuple[Result, ...]
    encoder: Encoder
    generation: int
    timings_ms: Mapping[str, float]
    warnings: tuple[QualityWarning, ...] = ()
    regions: tuple[SearchedRegion, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """``share`` is a softmax over the labels given: relative, uncalibrated."""

    label: str
    similarity: float
    share: float


@dataclass(frozen=True, slots=True)
class Classification:
    """``labels`` are best first."""

    labels: tuple[Label, ...]
    encoder: Encoder
    timings_ms: Mapping[str, float]
    warnings: tuple[QualityWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class EmbeddedRegion(FoundRegion):
    """A region, with its embedding."""

    embedding: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """``embedding`` is L2-normalised, of the encoder's dimension; ``regions`` have one each, where
    they were asked for.
    """

    embedding: tuple[float, ...]
    encoder: Encoder
    warnings: tuple[QualityWarning, ...] = ()
    regions: tuple[EmbeddedRegion, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """``reference`` is what the query was promoted to."""

    verdict: str
    category: str | None
    reference: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Query:
    """An image that was to be recognised, and what was answered; of one region of several, its
    ``box`` and the query of the ``photo``'s main one.
    """

    id: str
    decision: str
    category: str | None
    generation: int
    answer: Identification
    feedback: Feedback | None
    created_at: datetime
    box: Box | None = None
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was done, ``at`` when and by whom: ``actor`` is a user's name, ``key`` an API
    key's, if one was used. ``subject`` is the id or slug of what it was done to.
    """

    at: datetime
    actor: str
    key: str
    deed: str
    kind: str
    subject: str
    name: str
    detail: Mapping[str, Any]
    request: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; ``cursor`` asks for the next part and is null at the end."""

    items: tuple[T, ...]
    cursor: str | None
