"""Frozen values that cross layers. No Django, no torch, no FAISS."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
"""One embedding, shape ``(d,)``, L2-normalised float32."""

Matrix: TypeAlias = NDArray[np.float32]
"""A batch of embeddings, shape ``(n, d)``, each row L2-normalised float32."""

Ids: TypeAlias = NDArray[np.int64]
"""Embedding ids, shape ``(n,)``."""


class Domain(StrEnum):
    """The kind of thing that a gallery recognises."""

    GENERAL = "general"
    FACES = "faces"
    DRAWINGS = "drawings"


class EvidenceKind(StrEnum):
    """The kind of thing that a support-set embedding was made from."""

    REFERENCE = "reference"
    PROMPT = "prompt"


class Outcome(StrEnum):
    """The three answers of open-set identification."""

    MATCH = "match"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Ambiguity(StrEnum):
    """The reason why an answer names nothing although something stands out."""

    SEVERAL = "several"
    UNPROVEN = "unproven"


class Help(StrEnum):
    """A thing that would let a gallery tell a likeness from chance sooner."""

    NEGATIVES = "negatives"
    CATEGORIES = "categories"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """A description of an encoder, known without loading it.

    ``fingerprint`` is a hash of weights, architecture, preprocessing and version: vectors of
    different fingerprints are never compared. ``logit_scale`` multiplies a text-image cosine
    similarity before a softmax over texts. ``domain`` is what it was made to see, and
    ``reads_texts`` is False for an encoder of images alone.
    """

    name: str
    fingerprint: str
    dimension: int
    input_size: int
    logit_scale: float
    domain: Domain = Domain.GENERAL
    reads_texts: bool = True

    def __post_init__(self) -> None:
        # Records and other servers give it as a plain word.
        object.__setattr__(self, "domain", Domain(self.domain))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One support-set embedding beside its cosine similarity to the query, in [-1, 1]."""

    embedding: int
    category: int
    kind: EvidenceKind
    similarity: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A category that the query may show, with the evidence that speaks for it.

    ``score`` is on the scale of the decision's threshold. ``confidence`` is a probability in
    [0, 1], to be trusted only where the decision says that it is calibrated.
    ``impostor_percentile`` is the share, in percent, of impostor scores below this score; null
    where there are none to compare with.
    """

    category: int
    score: float
    similarity: float
    evidence: Evidence
    confidence: float | None = None
    impostor_percentile: float | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The score that a match must reach, the false-accept rate it aims for and its basis.

    ``supported`` is False where what it rests on cannot speak of so rare an error; nothing is a
    match then. From ``tentative`` on, which is at most ``score``, something looks like a category,
    but might be chance: it is where the threshold will be once the gallery has shown enough.
    """

    score: float
    target_far: float | None
    basis: str
    supported: bool = True
    tentative: float | None = None

    @property
    def passed_at(self) -> float:
        """Return the score from which on something is a match: infinity where nothing is."""
        return self.score if self.supported else math.inf


@dataclass(frozen=True, slots=True)
class QualityWarning:
    """Something a curator should know; ``code`` is stable, ``detail`` is a sentence.

    Where the sentence is about a category, ``{about}`` stands in it for the name of ``about``.
    """

    code: str
    detail: str
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to an identification. ``category`` is set only for a match, ``reason`` only for an
    ambiguous one; ``helps`` is what would decide an unproven one, the quickest first. ``enrolled``
    is how many categories the gallery has.

    ``plausible`` are the categories of the conformal set, best first; empty where confidence is
    not calibrated.
    """

    outcome: Outcome
    category: int | None
    candidates: tuple[Candidate, ...]
    threshold: Threshold
    calibrated: bool = False
    warnings: tuple[QualityWarning, ...] = field(default=())
    plausible: tuple[int, ...] = ()
    reason: Ambiguity | None = None
    helps: tuple[Help, ...] = ()
    enrolled: int = 0

    @property
    def confidence(self) -> float | None:
        return self.candidates[0].confidence if self.candidates else None


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to whether a query shows what it is claimed to, with the candidate that was
    claimed.

    ``reason`` is unproven where it looks like it, but might do so by chance.
    """

    accepted: bool
    candidate: Candidate
    threshold: Threshold
    calibrated: bool = False
    warnings: tuple[QualityWarning, ...] = ()
    reason: Ambiguity | None = None
    helps: tuple[Help, ...] = ()
    enrolled: int = 0
