"""Galleries whose geometry is known: clusters of directions around a common one."""

from __future__ import annotations

import numpy as np

from recognition.core.types import EvidenceKind, Matrix
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.support import SupportSet

DIMENSION = 64


def unit(rows: np.ndarray) -> Matrix:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def clusters(
    categories: int, each: int, *, seed: int = 0, spread: float = 0.5, shared: float = 2.0
) -> tuple[Matrix, np.ndarray]:
    """Photos ``(categories * each, d)`` of things of one kind, and which thing each shows."""
    generator = np.random.default_rng(seed)
    kind = shared * unit(np.random.default_rng(99).normal(size=DIMENSION))
    things = unit(generator.normal(size=(categories, DIMENSION))) + kind
    noise = generator.normal(size=(categories, each, DIMENSION)) * spread / np.sqrt(DIMENSION)
    photos = (things[:, None] + noise).reshape(-1, DIMENSION)
    return unit(photos), np.repeat(np.arange(categories), each)


def references(vectors: Matrix, categories: np.ndarray, first_id: int = 1) -> SupportSet:
    ids = np.arange(first_id, first_id + len(vectors))
    return SupportSet.of(ids, categories, [EvidenceKind.REFERENCE] * len(vectors), vectors)


def prompts(vectors: Matrix, categories: np.ndarray, first_id: int = 10_001) -> SupportSet:
    ids = np.arange(first_id, first_id + len(vectors))
    return SupportSet.of(ids, categories, [EvidenceKind.PROMPT] * len(vectors), vectors)


def background(seed: int = 5) -> Background:
    """Everyday things that share nothing, and texts in a space of their own."""
    generator = np.random.default_rng(seed)
    images = unit(generator.normal(size=(60, DIMENSION)))
    texts = unit(generator.normal(size=(300, DIMENSION)))
    return Background.of(Cohort("made", images, texts))
