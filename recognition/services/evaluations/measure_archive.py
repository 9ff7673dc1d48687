"""A gallery, or its encoder alone, measured by a labelled archive."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import Q

from recognition.core.errors import NothingToEvaluate
from recognition.core.types import Matrix
from recognition.core.vectors import unpack_rows
from recognition.evaluation.labelled import LabelledSet
from recognition.evaluation.rates import asked_rates
from recognition.evaluation.rounds import drawn_episodes, measured_episodes
from recognition.evaluation.summary import Summary
from recognition.matching.fit import UNKNOWN
from recognition.models import Category, EvaluatedImage, Evaluation
from recognition.services.encoders.background import background_of
from recognition.services.evaluations.measure_gallery import enrolled, names_of, whole_of
from recognition.services.evaluations.progress import Progress

CHUNK = 200


def measure_queries(evaluation: Evaluation, progress: Progress) -> dict[str, Any]:
    """Ask the gallery about the archive's images. A folder is a category by slug or external id;
    one that is neither holds strangers. Raises NothingToEvaluate, LeaseLost.
    """
    vectors, labels = _labelled(evaluation)
    whole = whole_of(evaluation.gallery)
    if not len(vectors) or not len(whole.support):
        raise NothingToEvaluate("Neither the gallery nor the archive may be empty.")
    known = _category_by_label(evaluation, set(labels))
    truths = np.array([known.get(label, UNKNOWN) for label in labels], np.int64)
    model = whole.fitted()
    parts = [
        whole.asked(
            model,
            vectors[rows],
            truths[rows],
            evaluation.target_far,
            asked_rates(evaluation.target_far),
        )
        for rows in progress.through(
            np.array_split(np.arange(len(truths)), -(-len(truths) // CHUNK))
        )
    ]
    summary = Summary(parts, evaluation.target_far, names_of(evaluation.gallery))
    return summary.results(enrolled(whole.support)).to_json()


def measure_alone(evaluation: Evaluation, progress: Progress) -> dict[str, Any]:
    """Measure episodes of the archive's own folders, half of them enrolled. Raises
    NothingToEvaluate, LeaseLost.
    """
    vectors, labels = _labelled(evaluation)
    names = tuple(sorted(set(labels)))
    numbers = {name: number for number, name in enumerate(names)}
    data = LabelledSet(vectors, np.array([numbers[each] for each in labels], np.int64), names)
    rounds = drawn_episodes(
        data, shots=evaluation.shots, count=evaluation.episodes, seed=evaluation.seed
    )
    return measured_episodes(
        rounds,
        background_of(evaluation.gallery),
        far=evaluation.target_far,
        name=data.names.__getitem__,
        through=progress.through,
    ).to_json()


def _labelled(evaluation: Evaluation) -> tuple[Matrix, list[str]]:
    rows = EvaluatedImage.objects.filter(evaluation=evaluation).exclude(data=None)
    values = list(rows.order_by("number").values_list("label", "data"))
    stored = [data for _, data in values if data is not None]
    vectors = unpack_rows(stored, evaluation.encoder.dimension)
    return vectors, [label for label, _ in values]


def _category_by_label(evaluation: Evaluation, labels: set[str]) -> dict[str, int]:
    """Slugs before external ids, and only categories with something to compare with."""
    found = Category.objects.filter(
        Q(slug__in=labels) | Q(external_id__in=labels - {""}),
        gallery=evaluation.gallery,
        embeddings__encoder_id=evaluation.encoder_id,
    ).distinct()
    rows = list(found.values_list("pk", "slug", "external_id"))
    return {external_id: pk for pk, _, external_id in rows} | {slug: pk for pk, slug, _ in rows}
