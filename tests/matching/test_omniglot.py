from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognition.matching.evaluation.metrics import mean_interval
from recognition.matching.evaluation.omniglot import (
    PIXEL_NEAREST_NEIGHBOUR,
    RUNS,
    read_runs,
    run_accuracies,
)
from recognition.matching.support import SupportSet
from recognition.types import Matrix

DATA = os.environ.get("ONESHOT_EVAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="ONESHOT_EVAL_DATA names no folder")


def pixels(images: Sequence[Image.Image]) -> Matrix:
    return np.stack([np.asarray(image.convert("L"), np.float32).ravel() / 255 for image in images])


def nearest_pixels(support: SupportSet, queries: Matrix) -> np.ndarray:
    distances = np.linalg.norm(queries[:, None] - support.vectors[None], axis=2)
    return -distances


def test_the_official_runs_give_pixels_about_the_published_accuracy():
    runs = read_runs(Path(DATA or "") / "omniglot-one-shot" / "all_runs.zip")
    assert len(runs) == RUNS
    assert {len(run.queries) for run in runs} == {len(run.references) for run in runs} == {20}
    accuracy = mean_interval(run_accuracies(runs, pixels, nearest_pixels)).mean
    assert accuracy == pytest.approx(PIXEL_NEAREST_NEIGHBOUR, abs=0.03)
