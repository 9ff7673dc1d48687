"""Background embeddings that say what a chance similarity looks like for an encoder."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from recognition.core.types import Matrix

LIMIT = 1024
"""Vectors of a kind that a cohort keeps."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everyday things as one encoder sees them, ``images`` ``(n, d)``, and reads them, ``texts``
    ``(m, d)``; either may be empty.
    """

    fingerprint: str
    images: Matrix
    texts: Matrix

    @classmethod
    def empty(cls, fingerprint: str, dimension: int) -> Cohort:
        none = np.empty((0, dimension), np.float32)
        return cls(fingerprint, none, none)


def reservoir(*batches: Matrix, limit: int = LIMIT) -> Matrix:
    """Draw a bounded uniform sample of distinct rows: the ``limit`` with the smallest hashes.

    It depends on neither order nor repetition, and the sample of samples is the sample of the whole
    (bottom-k sampling, Cohen & Kaplan 2007), so that it grows batch by batch.
    """
    rows = np.concatenate(batches)
    keyed: dict[bytes, int] = {}
    for index, row in enumerate(rows):
        keyed.setdefault(blake2b(row.tobytes(), digest_size=16).digest(), index)
    kept = [keyed[key] for key in sorted(keyed)[:limit]]
    sample: Matrix = rows[kept]
    return sample
