"""Embeddings that were computed before."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

import numpy as np

from recognition.core.types import Vector


class VectorCache:
    """The embeddings used last, by a digest of what they were made from; at most ``size`` of
    them, none where it is 0. Safe to share by threads.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._vectors: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = Lock()

    def key_of(self, content: bytes | memoryview) -> bytes:
        """Return the digest of what an embedding is made from; empty where none is kept."""
        return hashlib.blake2b(content, digest_size=20).digest() if self.size else b""

    def get(self, key: bytes) -> Vector | None:
        with self._lock:
            if (found := self._vectors.get(key)) is not None:
                self._vectors.move_to_end(key)
            return found

    def put(self, key: bytes, vector: Vector) -> None:
        if not self.size:
            return
        # A row of a batch would keep the whole batch in memory.
        own = np.array(vector)
        own.setflags(write=False)
        with self._lock:
            self._vectors[key] = own
            self._vectors.move_to_end(key)
            if len(self._vectors) > self.size:
                self._vectors.popitem(last=False)

    def __len__(self) -> int:
        return len(self._vectors)
