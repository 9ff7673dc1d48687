"""Synthetic vectors that are distributed as an encoder's embeddings are."""

from __future__ import annotations

import numpy as np

from recognition.core.types import Matrix

_CHUNK = 50_000
_SPREAD = 0.7


def clustered_vectors(
    count: int,
    dimension: int = 512,
    *,
    members: int = 20,
    centres: int | None = None,
    seed: int = 0,
    draw: int = 1,
) -> Matrix:
    """``count`` unit vectors around random centres, shape ``(count, d)``.

    There are ``centres`` of them, or ``count / members``. Both the centres and the spread about
    them have a spectrum that falls as 1/sqrt(rank), as the embeddings of natural images have.
    ``seed`` fixes the centres and ``draw`` the vectors about them, so another draw gives queries
    of the same distribution.
    """
    spectrum = (1.0 / np.sqrt(np.arange(1, dimension + 1))).astype(np.float32)
    rng = np.random.default_rng([seed, 0])
    middles = rng.standard_normal((centres or max(1, count // members), dimension), np.float32)
    middles *= spectrum
    rng = np.random.default_rng([seed, draw])
    vectors = np.empty((count, dimension), np.float32)
    for start in range(0, count, _CHUNK):
        chunk = vectors[start : start + _CHUNK]
        chunk[:] = rng.standard_normal(chunk.shape, np.float32)
        chunk *= _SPREAD * spectrum
        chunk += middles[rng.integers(len(middles), size=len(chunk))]
        chunk /= np.linalg.norm(chunk, axis=1, keepdims=True)
    return vectors
