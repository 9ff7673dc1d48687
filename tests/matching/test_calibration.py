"""Calibration finds the most likely slope and reject score, as a general optimiser does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import optimize, special

from recognition.core.arrays import Floats
from recognition.matching.calibration import (
    PRIOR_UNKNOWN,
    SLOPE,
    UNCALIBRATED,
    Trials,
    fit_calibration,
)


def drawn(seed: int, lead: float) -> list[Trials]:
    """Batches of queries, a fifth of them unknown, whose true category leads by ``lead``."""
    generator = np.random.default_rng(seed)
    batches = []
    for count, categories in ((40, 1), (120, 5), (60, 20)):
        truth = generator.integers(categories, size=count)
        truth[::5] = -1
        scores = generator.normal(size=(count, categories))
        known = np.flatnonzero(truth >= 0)
        scores[known, truth[known]] += generator.normal(lead, 1.5, known.size)
        batches.append(Trials(scores, truth))
    return batches


def penalised_loss(values: Floats, batches: Sequence[Trials]) -> float:
    slope, unknown = float(np.exp(values[0])), float(values[1])
    known = sum(int((batch.truth >= 0).sum()) for batch in batches)
    strangers = sum(len(batch.truth) for batch in batches) - known
    loss = (
        ((values[0] - np.log(SLOPE)) ** 2 + (unknown - PRIOR_UNKNOWN) ** 2)
        / (known + strangers)
        / 2
    )
    for batch in batches:
        logits = slope * np.column_stack([np.full(len(batch.truth), unknown), batch.scores])
        shares = special.log_softmax(logits, axis=1)[np.arange(len(logits)), batch.truth + 1]
        loss -= (np.where(batch.truth >= 0, 0.5 / known, 0.5 / strangers) * shares).sum()
    return float(loss)


@pytest.mark.parametrize("lead", [-2.0, 0.0, 3.0, 9.0, 30.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_what_a_general_optimiser_finds(seed: int, lead: float) -> None:
    batches = drawn(seed, lead)
    options = {"xatol": 1e-7, "fatol": 1e-12, "maxiter": 2000}
    start = [np.log(SLOPE), PRIOR_UNKNOWN]
    best = optimize.minimize(
        penalised_loss, start, args=(batches,), method="Nelder-Mead", options=options
    ).x
    fitted = fit_calibration(batches)
    np.testing.assert_allclose(np.log(fitted.slope), best[0], atol=1e-4)
    np.testing.assert_allclose(fitted.unknown, best[1], atol=1e-3)
    assert fitted.calibrated


def test_without_known_or_unknown_queries_nothing_is_fitted() -> None:
    scores = np.zeros((5, 2))
    assert fit_calibration([Trials(scores, np.zeros(5, np.int64))]) == UNCALIBRATED
    assert fit_calibration([Trials(scores, np.full(5, -1))]) == UNCALIBRATED
