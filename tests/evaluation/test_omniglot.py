from __future__ import annotations

import os
from pathlib import Path

import pytest

from recognition.evaluation.metrics import mean_interval
from recognition.evaluation.omniglot import (
    RUNS,
    read_runs,
    run_accuracies,
)
from recognition.services.evaluations.measure_omniglot import nearest_pixels, pixels

PUBLISHED_OF_PIXELS = 0.217
DATA = os.environ.get("ONESHOT_EVAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="ONESHOT_EVAL_DATA names no folder")


def test_the_official_runs_give_pixels_about_the_published_accuracy():
    runs = read_runs(Path(DATA or "") / "omniglot-one-shot" / "all_runs.zip")
    assert len(runs) == RUNS
    assert {len(run.queries) for run in runs} == {len(run.references) for run in runs} == {20}
    accuracy = mean_interval(run_accuracies(runs, pixels, nearest_pixels)).mean
    assert accuracy == pytest.approx(PUBLISHED_OF_PIXELS, abs=0.03)
