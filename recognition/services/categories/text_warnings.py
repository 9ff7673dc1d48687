"""What of a text an encoder cannot make use of, told when it is given."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recognition.core.types import EvidenceKind, Matrix, QualityWarning
from recognition.encoders.names import BUNDLED
from recognition.encoders.protocol import Encoder
from recognition.encoders.templates import encode_prompts, read_prompts
from recognition.encoders.text_reading import TextRead
from recognition.matching.advice.enrolment import DUPLICATE, enrolment_warnings
from recognition.models import Category, Gallery
from recognition.services.categories.create_category import create_category
from recognition.services.categories.describe import clean_prompts, describe
from recognition.services.categories.update_category import update_category
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.matching.match import contenders

MOST_WARNINGS = 20
"""Of one kind in an answer; what is beyond is counted."""

_SHOWN = 40
"""Characters of a text by which a warning names it."""


@dataclass(frozen=True, slots=True)
class Described:
    """A category, and what to know of its prompts."""

    category: Category
    warnings: tuple[QualityWarning, ...]


def create_described(
    *, gallery: Gallery, name: str, prompts: Sequence[str] = (), **given: Any
) -> Described:
    """Create a category as ``create_category`` does, with what to know of its prompts."""
    made = create_category(gallery=gallery, name=name, prompts=prompts, **given)
    return Described(made, prompt_warnings(gallery=gallery, category=made, texts=prompts))


def update_described(
    *, gallery: Gallery, category: Category, prompts: Sequence[str] | None = None, **given: Any
) -> Described:
    """Update a category as ``update_category`` does, with what to know of the prompts that are
    given.
    """
    changed = update_category(gallery=gallery, category=category, prompts=prompts, **given)
    warnings = prompt_warnings(gallery=gallery, category=changed, texts=prompts or ())
    return Described(changed, warnings)


def describe_more(*, gallery: Gallery, category: Category, texts: Sequence[str]) -> Described:
    """Add prompts as ``describe`` does, with what to know of those that are given."""
    describe(gallery=gallery, category=category, texts=texts)
    return Described(category, prompt_warnings(gallery=gallery, category=category, texts=texts))


@with_present_encoder
def prompt_warnings(
    *, gallery: Gallery, category: Category, texts: Sequence[str]
) -> tuple[QualityWarning, ...]:
    """Return what to know of a category's prompts: ``text_cut``, ``text_unread``,
    ``text_language``, and ``indistinguishable_prompt`` where another category's is alike to the
    encoder.
    """
    cleaned = clean_prompts(texts)
    if not cleaned:
        return ()
    encoder = encoder_of(gallery)
    vectors = encode_prompts(encoder, cleaned)
    known = fitted(current(gallery))
    support = contenders(gallery, known, vectors, top_k=1)
    alike = [
        warning
        for vector in vectors
        for warning in enrolment_warnings(
            known.model, support, vector=vector, category=category.pk, kind=EvidenceKind.PROMPT
        )
    ]
    return (*reading_warnings(encoder, cleaned), *_first(dict.fromkeys(alike)))


def label_warnings(
    encoder: Encoder, texts: Sequence[str], vectors: Matrix
) -> tuple[QualityWarning, ...]:
    """Return what to know of labels that are compared with one another; ``vectors`` are theirs."""
    return (*reading_warnings(encoder, texts), *_first(_alike(texts, vectors)))


def reading_warnings(encoder: Encoder, texts: Sequence[str]) -> tuple[QualityWarning, ...]:
    """Return ``text_cut``, ``text_unread`` and ``text_language``: what an encoder does not read."""
    reads = read_prompts(encoder, texts)
    found: dict[str, list[QualityWarning]] = {}
    for text, read in zip(texts, reads, strict=False):
        for warning in _of_reading(text, read):
            found.setdefault(warning.code, []).append(warning)
    if encoder.spec.name.partition("+")[0] == BUNDLED:
        found["text_language"] = [
            QualityWarning(
                "text_language",
                f"The bundled encoder reads English; {_named(text)} has letters of another "
                "language. Describe it in English.",
            )
            for text in texts
            if any(map(_is_foreign, text))
        ]
    return tuple(warning for each in found.values() for warning in _first(each))


def _of_reading(text: str, read: TextRead) -> Iterator[QualityWarning]:
    if read.is_cut:
        yield QualityWarning(
            "text_cut",
            f"The encoder reads the first {read.characters} of the {read.total} characters of "
            f"{_named(text)}; the rest counts for nothing. Say what matters first.",
        )
    if read.unknown:
        unknown = " ".join(read.unknown[:MOST_WARNINGS])
        yield QualityWarning(
            "text_unread",
            f"The encoder cannot read {unknown} in {_named(text)}, which counts as one unknown "
            "word like any other. Say it in words.",
        )


def _alike(texts: Sequence[str], vectors: Matrix) -> list[QualityWarning]:
    """Warn of each text that the encoder cannot tell from one before it."""
    similarities = np.tril(vectors @ vectors.T, k=-1)
    nearest = similarities.argmax(axis=1)
    return [
        QualityWarning(
            "indistinguishable_prompt",
            f"The encoder cannot tell {_ended(text)} from {_ended(texts[other])}: "
            f"similarity {row[other]:.3f}.",
        )
        for text, row, other in zip(texts, similarities, nearest, strict=True)
        if row[other] >= DUPLICATE
    ]


def _first(
    warnings: Sequence[QualityWarning] | Mapping[QualityWarning, None],
) -> list[QualityWarning]:
    """Keep as many as an answer tells; the last says how many there are more."""
    told = list(warnings)
    more = len(told) - MOST_WARNINGS
    if more <= 0:
        return told
    last = QualityWarning(told[0].code, f"The same holds for {more} more.")
    return [*told[:MOST_WARNINGS], last]


def _named(text: str) -> str:
    """A text in quotation marks, or the beginning of a long one."""
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[:_SHOWN].rstrip()}…”"


def _ended(text: str) -> str:
    """A text in quotation marks, or the end of a long one, which others that begin alike have not
    in common.
    """
    return f"“{text}”" if len(text) <= _SHOWN else f"“…{text[-_SHOWN:].lstrip()}”"


def _is_foreign(character: str) -> bool:
    """Say whether it is a letter that English has not."""
    return not character.isascii() and unicodedata.category(character).startswith("L")
