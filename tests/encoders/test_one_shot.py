"""One-shot recognition by the nearest reference, on real images kept outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

DATA = os.environ.get("ONESHOT_EVAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="ONESHOT_EVAL_DATA is not set")


def one_shot_accuracy(encoder, folder: Path, *, photos: int) -> float:
    """The first photo of each category is its reference, the next ones are queries."""
    categories = sorted(path for path in folder.iterdir() if path.is_dir())
    files = [sorted(path.iterdir())[:photos] for path in categories]
    embedded = [encoder.encode_images([Image.open(f).convert("RGB") for f in fs]) for fs in files]
    references = np.stack([rows[0] for rows in embedded])
    right = [(rows[1:] @ references.T).argmax(axis=1) == i for i, rows in enumerate(embedded)]
    return float(np.concatenate(right).mean())


@pytest.mark.parametrize(
    ("data", "photos", "at_least"),
    [("orl-faces", 5, 0.70), ("sign-language-digits", 16, 0.25)],
)
def test_one_photo_each_tells_categories_apart(bundled, data, photos, at_least):
    accuracy = one_shot_accuracy(bundled, Path(DATA) / data, photos=photos)
    print(f"{data}: one-shot accuracy {accuracy:.3f}")
    assert accuracy >= at_least
