"""Categories of words alone: what they accept of strangers, and how they live with images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recognition.core.types import EvidenceKind, Ids, Matrix
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.templates import encode_prompts
from recognition.evaluation.answers import Answers, answer
from recognition.evaluation.metrics import Interval, mean_interval
from recognition.evaluation.results import Results
from recognition.evaluation.summary import Enrolled, Summary
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.fit import UNKNOWN, fit
from recognition.matching.model import STRANGERS
from recognition.matching.support import SupportSet
from recognition.services.evaluations.photographed import (
    THINGS,
    Photographed,
    background_without,
    photographed,
)

DESCRIPTIONS = (
    *("a grand piano", "an elephant", "a red fire engine", "a wooden chair", "a bowl of soup"),
    *("a lighthouse by the sea", "a bicycle", "a laptop", "a violin", "a snow-covered mountain"),
    *("a goldfish", "a pair of scissors", "an umbrella", "a teapot", "a steam locomotive"),
    *("a cactus", "a tennis racket", "a pineapple", "a sailing boat", "a stone bridge"),
)
"""Things that no set shows."""

ALL_DESCRIBED = Enrolled(len(DESCRIPTIONS), 0, len(DESCRIPTIONS))

NAMES = 20
"""Names of a gallery of words alone."""

NAME_FOLDS = 10
"""Parts of the cohort's names, each of which is asked about beside the others."""

DRAWS = 20
"""How often the images that are judged are drawn."""

KINDS = 6
"""Things that are enrolled by a photo, and as many by their description."""


@dataclass(frozen=True, slots=True)
class Recall:
    """The share of questions in which the right category is accepted at ``far``, in a gallery of
    both kinds and in one of its own kind alone, over random choices of things.
    """

    kind: str
    far: float
    mixed: Interval
    alone: Interval


def described_alone(
    strangers: Sequence[tuple[Matrix, Background]],
    encoder: InspectingEncoder,
    fars: Sequence[float],
) -> list[Results]:
    """Measure, at each rate, what a gallery of twenty descriptions accepts of images ``(n, d)``
    that show none of them, each batch with a background that they are no part of.
    """
    support = _described(encoder)
    models = [fit(support, background) for _, background in strangers]
    asked = [(vectors, np.full(len(vectors), UNKNOWN, np.int64)) for vectors, _ in strangers]
    return [
        Summary(
            [
                answer(model, support, vectors, truths, far=far)
                for model, (vectors, truths) in zip(models, asked, strict=True)
            ],
            far,
            str,
        ).results(ALL_DESCRIBED)
        for far in fars
    ]


def described_and_judged(
    vectors: Matrix,
    background: Background,
    encoder: InspectingEncoder,
    fars: Sequence[float],
    seed: int = 0,
) -> list[Results]:
    """Measure, at each rate, what the gallery of ``described_alone`` accepts of images ``(n, d)``
    once so many of them that it knows its photos were judged to show none of it, drawn again and
    again; it is asked about the others.
    """
    support, generator = _described(encoder), np.random.default_rng(seed)
    parts = []
    for _ in range(DRAWS):
        judged, asked = np.split(generator.permutation(len(vectors)), [STRANGERS])
        model = fit(support, background, own=vectors[judged])
        truths = np.full(len(asked), UNKNOWN, np.int64)
        parts.append([answer(model, support, vectors[asked], truths, far=far) for far in fars])
    return _repeated(parts, ALL_DESCRIBED, fars)


def _described(encoder: InspectingEncoder) -> SupportSet:
    texts = encode_prompts(encoder, DESCRIPTIONS)
    return _support(texts[:0], np.empty(0, np.int64), texts, np.arange(len(texts)))


def named_alone(
    vectors: Matrix, background: Background, fars: Sequence[float], seed: int = 0
) -> list[Results]:
    """Measure, at each rate, what galleries of twenty names accept of images ``(n, d)`` that show
    none of them; the names are the cohort's, each left out of it while it is asked about.

    Photos of one kind look alike to words: over a set, twenty descriptions are hardly more than
    twenty comparisons, and it takes many galleries to say how often they err.
    """
    texts = background.cohort.texts
    shuffled = np.random.default_rng(seed).permutation(len(texts))
    parts = [
        answers
        for fold in np.array_split(shuffled, NAME_FOLDS)
        for answers in _named(vectors, background, texts, fold, fars)
    ]
    return _repeated(parts, Enrolled(NAMES, 0, NAMES), fars)


def _repeated(
    parts: Sequence[Sequence[Answers]], enrolled: Enrolled, fars: Sequence[float]
) -> list[Results]:
    """Sum up answers at each rate, of the same images asked in every part."""
    return [
        Summary(of_rate, far, str, repeated=True).results(enrolled)
        for far, of_rate in zip(fars, zip(*parts, strict=True), strict=True)
    ]


def _named(
    vectors: Matrix, background: Background, texts: Matrix, names: Ids, fars: Sequence[float]
) -> Iterator[list[Answers]]:
    cohort = background.cohort
    rest = Cohort(cohort.fingerprint, cohort.images, np.delete(texts, names, axis=0))
    others = Background.of(rest)
    truths = np.full(len(vectors), UNKNOWN, np.int64)
    for chosen in np.array_split(names, max(1, len(names) // NAMES)):
        support = _support(texts[:0], chosen[:0], texts[chosen], chosen)
        model = fit(support, others)
        yield [answer(model, support, vectors, truths, far=far) for far in fars]


def photographed_strangers(
    background: Background, encoder: InspectingEncoder
) -> list[tuple[Matrix, Background]]:
    """Return views of the photographed things, half of them at a time, each with the others'
    cohort.
    """
    things = photographed(encoder)
    return [
        (
            things.views[half].reshape(-1, things.views.shape[2]),
            background_without(background, half),
        )
        for half in np.array_split(np.arange(len(THINGS)), 2)
    ]


def mixed_kinds(
    background: Background,
    encoder: InspectingEncoder,
    *,
    fars: Sequence[float],
    count: int,
    seed: int = 0,
) -> list[Recall]:
    """Measure galleries of photographed things, some known by a photo, some by words, asked about
    by other views.
    """
    things = photographed(encoder)
    generator = np.random.default_rng(seed)
    draws = [np.split(generator.permutation(len(THINGS))[: 2 * KINDS], 2) for _ in range(count)]
    found: dict[tuple[str, float, bool], list[float]] = {}
    for shown, told in draws:
        for far, kind, alone, recall in _recalls(things, background, shown, told, fars):
            found.setdefault((kind, far, alone), []).append(recall)
    return [
        Recall(
            kind,
            far,
            mean_interval(found[kind, far, False]),
            mean_interval(found[kind, far, True]),
        )
        for kind in ("images", "texts")
        for far in fars
    ]


def _recalls(
    things: Photographed, background: Background, shown: Ids, told: Ids, fars: Sequence[float]
) -> Iterator[tuple[float, str, bool, float]]:
    chance = background_without(background, told)
    none = shown[:0]
    for kind, asked, galleries in (
        ("images", shown, ((shown, told), (shown, none))),
        ("texts", told, ((shown, told), (none, told))),
    ):
        queries = things.views[asked].reshape(-1, things.views.shape[2])
        truths = np.repeat(asked, things.views.shape[1])
        for images, texts in galleries:
            support = _support(things.photos[images], images, things.texts[texts], texts)
            model = fit(support, chance)
            for far in fars:
                known = answer(model, support, queries, truths, far=far).known
                alone = not (len(images) and len(texts))
                yield far, kind, alone, float((known.genuine >= known.accept_at).mean())


def _support(photos: Matrix, shown: Ids, texts: Matrix, told: Ids) -> SupportSet:
    kinds = [EvidenceKind.REFERENCE] * len(shown) + [EvidenceKind.PROMPT] * len(told)
    vectors = np.concatenate([photos, texts])
    return SupportSet.of(np.arange(len(kinds)), np.concatenate([shown, told]), kinds, vectors)
