"""The rate that a measurement advises."""

from __future__ import annotations

import pytest

from recognition.evaluation.metrics import rate_interval
from recognition.evaluation.rates import GRID, RATES, asked_rates
from recognition.evaluation.results import PassedAtRate, Rate
from recognition.evaluation.summary import advised_rate


def share(value: float, trials: int = 200) -> Rate:
    interval = rate_interval(value, trials)
    return Rate(value, interval.low, interval.high, trials)


def passed(times: float, claims: float = 0.0) -> list[PassedAtRate]:
    """So many times as much as each rate promises, of strangers and of false claims."""
    return [
        PassedAtRate(rate, share(min(rate * times, 1.0)), share(min(rate * claims, 1.0)))
        for rate in asked_rates(0.01)
    ]


def test_rates_rise_evenly_over_all_that_a_gallery_may_be_set_to():
    assert list(asked_rates(0.03)) == sorted({*RATES, *GRID, 0.03})
    assert (GRID[0], GRID[-1]) == (1e-6, 0.47)
    steps = [after / before for before, after in zip(GRID, GRID[1:], strict=False)]
    assert min(steps) > 1.1 and max(steps) < 1.3


@pytest.mark.parametrize(
    ("aim", "measured", "times", "claims", "advised"),
    [
        (0.01, 0.08, 8.0, 1.0, 0.0012),
        (0.2, 0.02, 0.1, 0.1, 0.47),
        (0.2, 0.02, 0.1, 1.0, None),
        (0.01, 0.015, 1.5, 1.0, None),
        (0.01, 0.08, 1e7, 1.0, None),
    ],
    ids=["too lax", "too strict", "claims keep it strict", "too little to say", "none would do"],
)
def test_the_largest_rate_that_keeps_the_aim_is_advised(aim, measured, times, claims, advised):
    found = advised_rate(passed(times, claims), aim, aim, share(measured))
    assert found == advised


def test_a_threshold_set_by_a_measurement_is_judged_by_the_aim():
    assert advised_rate(passed(8.0), 0.01, 0.0012, share(0.0096)) is None
    assert advised_rate(passed(30.0), 0.01, 0.0012, share(0.036)) == 0.00033
