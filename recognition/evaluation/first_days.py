"""Small galleries: what they accept of strangers, and what that costs their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recognition.core.arrays import Bools
from recognition.core.types import Ids, Matrix
from recognition.evaluation.answers import Answers, answer
from recognition.evaluation.episodes import Episode
from recognition.evaluation.labelled import as_support
from recognition.evaluation.metrics import Interval, mean_interval
from recognition.matching.background import Background
from recognition.matching.fit import UNKNOWN, fit
from recognition.matching.support import SupportSet

SIZES = (1, 2, 3, 5, 8, 12, 20)
"""Categories of a gallery on its first days."""

MOST_STRANGERS = 200
"""Photos of strangers that a gallery is asked about; of more, as many at random."""


@dataclass(frozen=True, slots=True)
class KindOfThing:
    """Embeddings ``(n, d)`` of things of one kind, the thing that each shows ``(n,)``, and which
    photos may be references ``(n,)``.
    """

    vectors: Matrix
    labels: Ids
    may_refer: Bools


@dataclass(frozen=True, slots=True)
class FirstDay:
    """Shares at one rate over many galleries: strangers of the same and of other kinds that were
    matched (FPIR), claims of the same that were accepted (FAR), own photos that were found, and
    own claims that were rejected (FRR); None where there was nobody to ask.
    """

    far: float
    same: Interval
    claims: Interval
    others: Interval | None
    found: Interval | None
    rejected: Interval | None


def small_galleries(
    parts: Sequence[KindOfThing], *, enrolled: int, shots: int, count: int, seed: int = 0
) -> Iterator[Episode]:
    """Draw ``count`` galleries of ``enrolled`` things of one of the ``parts``, at random, whose
    other things are strangers; a thing without enough photos is no reference. None where too few
    are left.
    """
    generator = np.random.default_rng(seed)
    usable = [part for part in parts if len(_things(part, shots)) > enrolled]
    for _ in range(count if usable else 0):
        part = usable[int(generator.integers(len(usable)))]
        inside = generator.permutation(_things(part, shots))[:enrolled]
        chosen = np.concatenate([_references(part, each, shots, generator) for each in inside])
        here = np.isin(part.labels, inside)
        own = np.setdiff1d(np.flatnonzero(here), chosen)
        strangers = generator.permutation(np.flatnonzero(~here))[:MOST_STRANGERS]
        yield Episode(
            as_support(part.vectors[chosen], part.labels[chosen]),
            part.vectors[own],
            part.labels[own],
            part.vectors[strangers],
            part.labels[strangers],
        )


def named_galleries(
    parts: Sequence[KindOfThing], texts: Matrix, *, enrolled: int, count: int, seed: int = 0
) -> Iterator[Episode]:
    """Draw galleries as ``small_galleries`` does, but of ``enrolled`` names each, rows of ``texts``
    ``(m, d)``, that no photo shows.
    """
    generator = np.random.default_rng(seed)
    for _ in range(count):
        part = parts[int(generator.integers(len(parts)))]
        names = generator.permutation(len(texts))[:enrolled]
        asked = generator.permutation(len(part.labels))[:MOST_STRANGERS]
        numbers = np.arange(enrolled, dtype=np.int64)
        support = SupportSet(numbers, numbers, np.ones(enrolled, bool), texts[names])
        none = part.vectors[:0], part.labels[:0]
        yield Episode(support, *none, part.vectors[asked], part.labels[asked])


def first_days(
    galleries: Sequence[Episode], others: Matrix, background: Background, fars: Sequence[float]
) -> list[FirstDay]:
    """Measure what galleries answer, at each rate, to their own photos, to strangers of their kind
    and to ``others`` ``(k, d)``, which show things of other kinds.
    """
    rows: dict[float, list[tuple[Answers, Answers | None]]] = {far: [] for far in fars}
    for gallery in galleries:
        model = fit(gallery.support, background, calibrate=False)
        queries = np.concatenate([gallery.queries, gallery.strangers])
        unknown = np.full(len(gallery.strangers), UNKNOWN, np.int64)
        truths = np.concatenate([gallery.truths, unknown])
        nobody = np.full(len(others), UNKNOWN, np.int64)
        for far in fars:
            same = answer(model, gallery.support, queries, truths, far=far)
            other = answer(model, gallery.support, others, nobody, far=far) if len(others) else None
            rows[far].append((same, other))
    return [_summed_up(far, answers) for far, answers in rows.items()]


def _summed_up(far: float, answers: Sequence[tuple[Answers, Answers | None]]) -> FirstDay:
    same = [each.unknown for each, _ in answers]
    others = [each.unknown for _, each in answers if each is not None]
    known = [each.known for each, _ in answers if len(each.known.truth)]
    return FirstDay(
        far,
        mean_interval([(each.best >= each.match_at).mean() for each in same]),
        mean_interval([each.accepted.mean() for each in same]),
        _mean([(each.best >= each.match_at).mean() for each in others]),
        _mean([((each.rank < 1) & (each.best >= each.match_at)).mean() for each in known]),
        _mean([(each.genuine < each.accept_at).mean() for each in known]),
    )


def _mean(values: Sequence[float]) -> Interval | None:
    return mean_interval(values) if values else None


def _things(part: KindOfThing, shots: int) -> Ids:
    """Things with enough photos that may be references, or that they may be filled up with."""
    things, counts = np.unique(part.labels, return_counts=True)
    first = np.unique(part.labels[part.may_refer])
    kept: Ids = things[(counts >= shots) & np.isin(things, first)]
    return kept


def _references(part: KindOfThing, thing: int, shots: int, generator: np.random.Generator) -> Ids:
    """Photos that may be references first, then others."""
    rows = generator.permutation(np.flatnonzero(part.labels == thing))
    chosen: Ids = rows[np.argsort(~part.may_refer[rows], kind="stable")][:shots]
    return chosen
