"""Score normalisation of speaker verification (Auckenthaler et al. 2000; Matejka et al. 2017).

Each takes scores ``(queries, targets)`` and cohort scores, and returns scores of the same shape in
standard deviations of an impostor.
"""

from __future__ import annotations

import numpy as np

from recognition.core.arrays import Floats

_SMALLEST = 1e-6


def statistics(scores: Floats, axis: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation along an axis, the latter never zero."""
    return scores.mean(axis=axis), np.maximum(scores.std(axis=axis), _SMALLEST)


def z_norm(scores: Floats, mean: Floats, deviation: Floats) -> Floats:
    """Normalise scores against what each target scores with chance queries: ``mean`` and
    ``deviation`` are ``(targets,)``.
    """
    normalised: Floats = (scores - mean) / deviation
    return normalised


def t_norm(scores: Floats, mean: Floats, deviation: Floats) -> Floats:
    """Normalise scores against what each query scores with chance targets: ``mean`` and
    ``deviation`` are ``(queries,)``.
    """
    normalised: Floats = (scores - mean[:, None]) / deviation[:, None]
    return normalised


def as_norm(scores: Floats, queries: Floats, targets: Floats, top: int) -> Floats:
    """Normalise scores in the adaptive symmetric way: the mean of both, each against its ``top``
    nearest of the cohort.

    ``queries`` ``(queries, cohort)`` and ``targets`` ``(targets, cohort)`` are cohort scores.
    """
    nearest_queries = -np.sort(-queries, axis=1)[:, :top]
    nearest_targets = -np.sort(-targets, axis=1)[:, :top]
    by_query = t_norm(scores, *statistics(nearest_queries, 1))
    by_target = z_norm(scores, *statistics(nearest_targets, 1))
    symmetric: Floats = (by_query + by_target) / 2.0
    return symmetric
