"""How well a network tells made-up classes apart that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Matrix
from recognition.encoders.drawings.canvases import SQUARE, WIDE
from recognition.encoders.drawings.encoder import DrawingsEncoder
from recognition.encoders.drawings.preparing import prepare_drawn
from recognition.encoders.drawings.strokes.batches import draw_on, sign_on
from recognition.encoders.drawings.strokes.glyphs import make_glyphs
from recognition.encoders.drawings.strokes.signatures import make_signatures

HELD_OUT = 1_000_000_007
"""Seed of classes that no training draws: its seeds are pairs, and this is none."""

ALPHABETS, LETTERS = 10, 20
SIGNERS, SIGNED = 60, 4


@dataclass(frozen=True)
class Judged:
    """``characters`` is the share that is named rightly of twenty of one alphabet by one reference
    each; ``signatures`` is the equal error rate against other signers.
    """

    characters: float
    signatures: float


def judge(encoder: DrawingsEncoder) -> Judged:
    """Measure on classes of the same kind as were learnt, drawn from a seed of their own."""
    generator = np.random.default_rng(HELD_OUT)
    glyphs = make_glyphs(generator, ALPHABETS, LETTERS)
    first, second = (
        encoder.forward_images([prepare_drawn(one) for one in draw_on(generator, glyphs, SQUARE)])
        for _ in range(2)
    )
    right = [
        (second[rows] @ first[rows].T).argmax(1) == np.arange(LETTERS)
        for rows in np.split(np.arange(len(glyphs)), ALPHABETS)
    ]
    signatures = make_signatures(generator, SIGNERS)
    signed = [
        encoder.forward_images([prepare_drawn(one) for one in sign_on(generator, signatures, WIDE)])
        for _ in range(SIGNED)
    ]
    return Judged(float(np.mean(right)), _equal_error_rate(signed))


def _equal_error_rate(signed: list[Matrix]) -> float:
    genuine: list[NDArray[np.float32]] = []
    others: list[NDArray[np.float32]] = []
    for number, first in enumerate(signed):
        for second in signed[:number]:
            similarities = first @ second.T
            genuine.append(np.diag(similarities))
            others.append(similarities[~np.eye(len(first), dtype=bool)])
    own, foreign = np.sort(np.concatenate(genuine)), np.sort(np.concatenate(others))
    missed = np.searchsorted(own, own) / len(own)
    let_in = 1.0 - np.searchsorted(foreign, own) / len(foreign)
    at = int(np.abs(missed - let_in).argmin())
    return float((missed[at] + let_in[at]) / 2)
