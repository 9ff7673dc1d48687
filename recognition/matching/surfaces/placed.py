"""Compare each patch with the one at its place on a good part that it was laid over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def placed_residuals(
    reference: NDArray[np.floating], query: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Return the distance of each patch to the reference's at its place, ``(rows, columns)``.

    Both are the finest features ``(rows, columns, d)`` of photos that lie over one another.
    """
    return np.asarray(np.linalg.norm(query - reference, axis=-1))
