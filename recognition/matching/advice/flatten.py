"""A gallery in two dimensions, to be looked at."""

from __future__ import annotations

import numpy as np

from recognition.core.arrays import Floats
from recognition.core.types import Ids, Matrix
from recognition.matching.neighbours import category_means

OVERSAMPLED = 8
ROUNDS = 4


def flatten(vectors: Matrix, categories: Ids) -> Floats:
    """Return coordinates ``(n, 2)`` in [-1, 1] of ``vectors`` ``(n, d)``, in the plane that tells
    the categories ``(n,)`` apart most.

    The two first principal components of the categories' means (Pearson 1901), found by randomised
    subspace iteration (Halko et al. 2011), which takes milliseconds for thousands.
    """
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2))
    _, means = category_means(vectors, categories)
    middle = means.mean(axis=0)
    plane = _plane(means - middle if len(means) > 2 else vectors - middle)
    flat = (np.asarray(vectors, np.float64) - middle) @ plane
    flat -= (flat.max(axis=0) + flat.min(axis=0)) / 2.0
    coordinates: Floats = flat / max(float(np.abs(flat).max()), 1e-9)
    return coordinates


def _plane(rows: Floats) -> Floats:
    """The two directions ``(d, 2)`` along which the rows spread most; their signs are fixed."""
    generator = np.random.default_rng(0)
    basis = generator.normal(size=(rows.shape[1], min(2 + OVERSAMPLED, rows.shape[1])))
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(rows.T @ (rows @ basis))
    _, _, directions = np.linalg.svd(rows @ basis, full_matrices=False)
    plane: Floats = basis @ directions[:2].T
    return plane * np.where(plane.sum(axis=0) < 0.0, -1.0, 1.0)
