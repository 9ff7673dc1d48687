"""The geometry in which images are compared with images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from recognition.core.arrays import Floats, unit_rows
from recognition.core.types import Matrix
from recognition.matching.prior import CENTRE_SHARE
from recognition.matching.support import SupportSet

TEXT_WEIGHT = 0.3
"""What is left, between images, of the directions in which texts live."""

WITHIN_SHARE = 0.6
"""How far the references' own scatter may count, beside a scatter alike in all directions."""

WITHIN_DOF = 20.0
"""Degrees of freedom at which it counts half of that."""

MAX_ROWS = 1024
MAX_DIRECTIONS = 64


@dataclass(frozen=True, slots=True)
class Space:
    """An affine map of image embeddings, after which a cosine compares what tells things apart.

    ``text_basis`` ``(r, d)`` are orthonormal directions of the text subspace, ``mean`` ``(d,)`` is
    what images of this kind share, ``within`` ``(k, d)`` are orthonormal directions in which photos
    of one thing differ, each weighed by ``gains`` ``(k,)`` beside ``rest`` for all others.
    """

    text_basis: Matrix
    mean: Floats
    within: Floats
    gains: Floats
    rest: float

    def __call__(self, vectors: NDArray[np.floating]) -> Matrix:
        """L2-normalised float32 ``(n, d)``."""
        rows = np.asarray(_without_text(vectors, self.text_basis) - self.mean, np.float32)
        within = np.asarray(self.within, np.float32)
        gains = np.asarray(self.gains - self.rest, np.float32)
        return unit_rows(rows * np.float32(self.rest) + ((rows @ within.T) * gains) @ within)


def fit_space(
    support: SupportSet,
    text_basis: Matrix,
    everyday: Floats | None,
    own: Matrix,
    *,
    known: float = 1.0,
    centre_share: float = CENTRE_SHARE,
    freedom: int | None = None,
) -> Space:
    """Centre on the mean of categories and weigh directions by how steady they are.

    ``everyday`` ``(d,)`` is the mean of everyday images. ``own`` ``(k, d)``, which may be empty,
    are images like the queries that show none of the categories. Where ``support`` is a part of a
    gallery, ``freedom`` is by how many the references of the whole outnumber its categories: the
    map is then as bold as that of the whole. ``known`` in [0, 1] is how far the gallery is the
    centre, rather than everyday images, and ``centre_share`` how much of the centre is taken away.

    Centring is SimpleShot's (Wang et al. 2019); the weights are those of linear discriminant
    analysis with the within-category scatter shrunk towards the sphere (Friedman 1989). One
    reference a category gives no scatter, and all directions count alike.
    """
    references = support.references
    rows = _without_text(references.vectors, text_basis)
    groups = [rows[members] for _, members in references.groups()] if len(rows) else []
    others = _without_text(own, text_basis)
    mean = centre_share * _centre(groups, others, everyday, known)
    deviations = [
        (group - group.mean(axis=0)) * np.sqrt(len(group) / (len(group) - 1)) / np.sqrt(len(group))
        for group in groups
        if len(group) > 1
    ]
    dof = sum(len(group) - 1 for group in deviations)
    if not dof:
        return Space(text_basis, mean, np.empty((0, rows.shape[1])), np.empty(0), 1.0)
    within, gains, rest = _within(
        np.concatenate(deviations), len(deviations), dof if freedom is None else freedom
    )
    return Space(text_basis, mean, within, gains, rest)


def mean_image(images: Matrix, text_basis: Matrix) -> Floats | None:
    """Return the mean ``(d,)`` of everyday images, as ``fit_space`` wants it; None without any."""
    if not len(images):
        return None
    mean: Floats = _without_text(images, text_basis).mean(axis=0)
    return mean


def looks_from(
    images: Matrix, text_basis: Matrix, everyday: Floats | None, centre_share: float = CENTRE_SHARE
) -> Matrix:
    """Return directions ``(n, d)`` of images from everyday photos, as a gallery's only category
    sees them, whose centre those are; ``everyday`` is their mean, None without any.
    """
    rows = _without_text(images, text_basis)
    return unit_rows(rows if everyday is None else rows - centre_share * everyday)


def text_directions(texts: Matrix) -> Matrix:
    """Return an orthonormal basis ``(r, d)`` of the texts' span where it is a proper part of the
    space; empty where texts reach everywhere, or where they are too few to tell.
    """
    dimension = texts.shape[1]
    if len(texts) < dimension:
        return np.empty((0, dimension), np.float32)
    values, directions = np.linalg.eigh(texts.T.astype(np.float64) @ texts)
    used = values > values[-1] * 1e-6
    if used.mean() > 0.9:
        return np.empty((0, dimension), np.float32)
    return np.ascontiguousarray(directions[:, used].T, np.float32)


def _without_text(vectors: NDArray[np.floating], text_basis: Matrix) -> Floats:
    if not len(text_basis):
        return np.asarray(vectors, np.float64)
    rows = np.asarray(vectors, np.float32)
    weakened = rows - np.float32(1.0 - TEXT_WEIGHT) * ((rows @ text_basis.T) @ text_basis)
    return np.asarray(unit_rows(weakened), np.float64)


def _centre(groups: list[Floats], others: Floats, everyday: Floats | None, share: float) -> Floats:
    """Between what the gallery's images share and what all images do."""
    total = sum((group.mean(axis=0) for group in groups), others.sum(axis=0))
    known: Floats = total / max(len(groups) + len(others), 1)
    if everyday is None:
        return known
    centre: Floats = share * known + (1.0 - share) * everyday
    return centre


def shrinkage(freedom: int) -> float:
    """Return how far the references' own scatter counts, from 0 to below ``WITHIN_SHARE``, by how
    many they are more than categories.
    """
    return WITHIN_SHARE * freedom / (freedom + WITHIN_DOF)


def _within(rows: Floats, categories: int, dof: int) -> tuple[Floats, Floats, float]:
    """Directions, their gains and the gain of the rest, from deviations within categories.

    The rows are scaled so that their squares sum to a mean scatter a category.
    """
    step = max(1, -(-len(rows) // MAX_ROWS))
    kept = rows[::step] * np.sqrt(step / categories)
    variances, directions = _principal(kept)
    shrink = shrinkage(dof)
    relative = variances / max(float((kept**2).sum()) / rows.shape[1], 1e-12)
    gains = 1.0 / np.sqrt(shrink * relative + (1.0 - shrink))
    return directions, gains, float(1.0 / np.sqrt(1.0 - shrink))


def _principal(rows: Floats) -> tuple[Floats, Floats]:
    """Sums of squares along the main directions, and these, the greatest first."""
    count, dimension = rows.shape
    if count <= dimension // 2:
        _, deviations, directions = np.linalg.svd(rows, full_matrices=False)
        return deviations[:MAX_DIRECTIONS] ** 2, directions[:MAX_DIRECTIONS]
    first = max(dimension - MAX_DIRECTIONS, 0)
    values, vectors = linalg.eigh(rows.T @ rows, subset_by_index=[first, dimension - 1])
    return np.maximum(values[::-1], 0.0), vectors.T[::-1]
