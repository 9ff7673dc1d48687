"""Made-up words in print: characters of one alphabet side by side, as many people sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.encoders.drawings.strokes.glyphs import (
    POINTS,
    Floats,
    Glyphs,
    draw_glyphs,
    make_glyphs,
)

LETTERS = 7
"""Letters of a word at most: more are too small to be read on the canvas."""

LETTER_STROKES = 2

SLOPE, SLANT = 0.08, 0.2
"""Deviations of a word's rise over its length, and of its letters' lean."""


@dataclass(frozen=True)
class Words:
    """``n`` words. ``letters`` are n times ``LETTERS`` characters, word by word; ``size`` (n, l, 2)
    and ``advance`` (n, l) are of each letter, ``slant`` and ``slope`` (n,) of the whole, and
    ``count`` (n,) is the number of letters.
    """

    letters: Glyphs
    size: Floats
    advance: Floats
    slant: Floats
    slope: Floats
    count: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.count)


def make_words(generator: np.random.Generator, count: int) -> Words:
    """Make up ``count`` words."""
    letters = make_glyphs(generator, count, LETTERS)
    letters.count[:] = np.minimum(letters.count, LETTER_STROKES)
    at = count, LETTERS
    size = generator.uniform((0.45, 0.6), (0.9, 1.0), (*at, 2))
    initial = np.arange(LETTERS) < (generator.random((count, 1)) < 0.7)
    size *= np.where(initial, generator.uniform(1.2, 2.2, at), 1.0)[..., None]
    tall = generator.random(at) < 0.2
    size[..., 1] *= np.where(tall, 1.6, 1.0)
    advance = size[..., 0] * generator.uniform(0.75, 1.3, (count, 1)) + 0.1
    return Words(
        letters,
        size.astype(np.float32),
        advance.astype(np.float32),
        generator.normal(0.15, SLANT, count).astype(np.float32),
        generator.normal(0.05, SLOPE, count).astype(np.float32),
        generator.integers(2, LETTERS + 1, count),
    )


def draw_words(generator: np.random.Generator, words: Words) -> tuple[Floats, NDArray[np.bool_]]:
    """Write each word once: points (n, p, 2), y downwards, and which of them the pen draws."""
    n = len(words)

    def noise(*shape: int) -> Floats:
        return generator.standard_normal(shape, dtype=np.float32)

    points, shown = draw_glyphs(generator, words.letters)
    kept = LETTER_STROKES * POINTS
    points = points[:, :kept].reshape(n, LETTERS, kept, 2)
    shown = shown[:, :kept].reshape(n, LETTERS, kept)
    size = words.size * np.exp(0.1 * noise(n, LETTERS, 2))
    advance = words.advance * np.exp(0.12 * noise(n, LETTERS))
    left = np.cumsum(advance, -1) - advance
    base = 0.06 * noise(n, LETTERS)
    x = left[..., None] + points[..., 0] * size[..., :1]
    y = base[..., None] + (points[..., 1] - 1.0) * size[..., 1:]
    slant = words.slant + 0.06 * noise(n)
    slope = words.slope + 0.03 * noise(n)
    across = x - slant[:, None, None] * y
    downwards = y - slope[:, None, None] * x
    shown &= (np.arange(LETTERS) < words.count[:, None])[..., None]
    placed = np.stack([across, downwards], -1).astype(np.float32)
    return placed.reshape(n, -1, 2), shown.reshape(n, -1)
