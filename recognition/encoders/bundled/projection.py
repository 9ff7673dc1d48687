"""The joint space of the bundled encoder, in closed form: no photos, no training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HALF = 256
"""Dimensions of each half of the joint space: what is said, then what is seen."""

SEEN_WEIGHT = 1.5
"""Length of an image's seen half beside its said half of length one."""

TOP1_ACCURACY = 0.775
"""ImageNet top-1 accuracy of EfficientNet-Lite2 (the model's authors)."""


@dataclass(frozen=True, slots=True)
class TextProjection:
    """``directions`` (256, 384) maps a text embedding to the said half, ``classes`` (1000, 256) is
    the class table: the said half of each class, L2-normalised.
    """

    directions: Array
    classes: Array


def l2(rows: Array) -> Array:
    """Scale rows to length one."""
    normalised: Array = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return normalised


def project_texts(class_texts: Array) -> TextProjection:
    """Find the principal directions of the class texts (1000, 384) after their mean direction is
    removed.
    """
    mean = l2(class_texts.mean(axis=0))
    rest = class_texts - np.outer(class_texts @ mean, mean)
    directions, _ = principal_directions(rest, HALF)
    return TextProjection(directions, l2(class_texts @ directions.T))


def whiten_features(classifier: Array) -> Array:
    """Return the (256, 1280) map of an image feature to its seen half.

    The principal directions of the classifier's centred rows are those that tell classes apart;
    dividing by their deviations gives each the same say.
    """
    directions, deviations = principal_directions(classifier - classifier.mean(axis=0), HALF)
    whitened: Array = directions / deviations[:, None]
    return whitened


def principal_directions(rows: Array, count: int) -> tuple[Array, Array]:
    """Return the first ``count`` right singular vectors and values, each sign fixed so that all
    machines build the same space.
    """
    _, values, directions = np.linalg.svd(rows, full_matrices=False)
    directions = directions[:count]
    largest = np.abs(directions).argmax(axis=1)
    signs = np.sign(directions[np.arange(count), largest])
    return directions * signs[:, None], values[:count]


def logit_scale(classes: Array) -> float:
    """Return the text-image logit scale: what multiplies a cosine before a softmax over texts.

    Chosen so that an image that is surely of one class gives that class, among the thousand, the
    probability with which the image tower is right; solved by bisection.
    """
    similarities = classes @ classes.T / np.hypot(1.0, SEEN_WEIGHT)
    low, high = 1.0, 1000.0
    for _ in range(40):
        middle = (low + high) / 2
        logits = middle * similarities
        own = np.exp(np.diag(logits) - np.log(np.exp(logits - logits.max()).sum(1)) - logits.max())
        low, high = (middle, high) if own.mean() < TOP1_ACCURACY else (low, middle)
    return float(low)
