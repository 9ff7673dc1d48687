"""Put queries of the same thing together, so that they are judged at once."""

from __future__ import annotations

import numpy as np
from scipy import special

from recognition.core.types import Matrix
from recognition.matching.impostors import MAX_NORMAL_SCORE
from recognition.matching.model import GalleryModel

CHANCE = 0.01
"""How seldom two photos of different things are as alike as photos of one group. In sixteen
galleries of ten people a hundred photos of ten others made 10 to 30 groups; in half of them at most
two photos were misplaced, in the others two or three people came together."""


def group_alike(model: GalleryModel, vectors: Matrix) -> list[list[int]]:
    """Group rows of ``vectors`` ``(n, d)`` that show the same thing, the largest group first.

    Average linkage (Sokal & Michener 1958) on the gallery's own scale of chance, which says how
    alike is alike whatever the gallery holds. Quadratic in ``n``: for some hundred queries.
    """
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    from scipy.cluster.hierarchy import fcluster, linkage  # 50 MB that few processes need
    from scipy.spatial.distance import squareform

    inside = model.space(vectors)
    likeness = model.impostors.usual.normal_score(inside @ inside.T)
    apart = np.maximum(MAX_NORMAL_SCORE - (likeness + likeness.T) / 2.0, 0.0)
    np.fill_diagonal(apart, 0.0)
    limit = MAX_NORMAL_SCORE + float(special.ndtri(CHANCE))
    tree = linkage(squareform(apart, checks=False), method="average")
    labels = fcluster(tree, limit, criterion="distance")
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    return sorted(groups, key=lambda rows: (-len(rows), rows[0]))
