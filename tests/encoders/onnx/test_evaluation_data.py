"""The evaluation data on both engines: the same embeddings and the same decisions.

ONESHOT_EVAL=all takes every image instead of some of each category.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from recognition.core.types import Decision, Matrix
from recognition.evaluation.labelled import as_support
from recognition.images import open_image
from recognition.matching.decisions import decide
from recognition.matching.fit import fit
from recognition.services.encoders import gallery_encoders
from recognition.services.encoders.background import background_for, embed_cohort
from tests.encoders.onnx.evaluation_data import Labelled, labelled_sets
from tests.encoders.photos import sample

TIE = 1e-3
PACKAGED = ("astronaut", "brick", "camera", "chelsea", "coffee", "coins", "motorcycle_left", "page")


def cases() -> list[Labelled]:
    folder = os.environ.get("ONESHOT_EVAL_DATA")
    return labelled_sets(Path(folder)) if folder else []


def embedded(encoder, files: list[bytes], fit: int | None) -> Matrix:
    batches = [files[start : start + 16] for start in range(0, len(files), 16)]
    return np.concatenate(
        [encoder.encode_images([open_image(data, fit=fit) for data in each]) for each in batches]
    )


@pytest.mark.skipif(not cases(), reason="ONESHOT_EVAL_DATA names no folder")
@pytest.mark.parametrize("data", cases() or [None], ids=lambda data: data and data.name)
def test_every_photo_is_embedded_and_decided_as_on_torch(onnx, torch, data):
    ours = embedded(onnx, data.files, fit=onnx.spec.input_size)
    theirs = embedded(torch, data.files, fit=None)
    lowest = (ours * theirs).sum(axis=1).min()
    differing = different_decisions(onnx, ours, theirs, np.array(data.labels))
    print(f"{data.name}: {len(ours)} images, lowest cosine {lowest:.6f}, {differing} differ")
    assert lowest >= 0.999
    assert differing == 0


def test_packaged_photos_are_decided_as_on_torch(onnx, torch):
    photos = [sample(f"{name}.png") for name in PACKAGED]
    shown = [view for photo in photos for view in (photo, photo.rotate(6), photo.rotate(-9))]
    labels = np.repeat(np.arange(len(photos)), 3)
    ours, theirs = onnx.encode_images(shown), torch.encode_images(shown)
    assert different_decisions(onnx, ours, theirs, labels) == 0


def different_decisions(encoder, ours: Matrix, theirs: Matrix, labels: np.ndarray) -> int:
    """How many queries are decided otherwise, though what torch makes of them is no tie.

    The first image of each category is its reference; a third of the categories is not enrolled.
    """
    references = np.unique(labels, return_index=True)[1]
    enrolled = references[np.arange(len(references)) % 3 != 2]
    queries = np.setdiff1d(np.arange(len(labels)), references)
    embed_cohort(encoder, gallery_encoders.models_dir())
    background = background_for(encoder)
    answers = []
    for vectors in (ours, theirs):
        support = as_support(vectors[enrolled], labels[enrolled])
        model = fit(support, background)
        answers.append([decide(model, vectors[[query]], support) for query in queries])
    return sum(
        (own.outcome, own.category) != (other.outcome, other.category) and not is_tie(other)
        for own, other in zip(*answers, strict=True)
    )


def is_tie(decision: Decision) -> bool:
    """Whether a hair's breadth parts the best two, or the best from the threshold."""
    first, second = decision.candidates[:2]
    near = first.score - second.score, abs(first.score - decision.threshold.score)
    return min(near) <= TIE
