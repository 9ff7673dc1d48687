"""Batches of drawings, two of each class: each is given by a seed and its number alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.encoders.drawings.canvases import SQUARE, WIDE, Canvas
from recognition.encoders.drawings.strokes.drawing import GLYPH_HAND, SIGNATURE_HAND, bend, ink
from recognition.encoders.drawings.strokes.glyphs import Glyphs, draw_glyphs, make_glyphs
from recognition.encoders.drawings.strokes.signatures import (
    Signatures,
    draw_signatures,
    make_signatures,
)
from recognition.encoders.drawings.strokes.words import Words, draw_words, make_words

ALPHABET = 16
"""Characters of an alphabet in a batch."""

WIDE_EVERY = 3
"""One batch in so many is on the wide canvas."""


@dataclass(frozen=True)
class Batch:
    """Drawings (2, n, height, width), 255 is ink: two of each of ``n`` classes."""

    canvas: Canvas
    drawings: NDArray[np.uint8]


def make_batch(seed: int, number: int, classes: int) -> Batch:
    """Draw the batch of that ``number``, of about so many classes.

    Most classes on the square canvas are characters, most on the wide one signatures; some of the
    others are there so that both canvases know all.
    """
    generator = np.random.default_rng([seed, number])
    if number % WIDE_EVERY == WIDE_EVERY - 1:
        canvas, classes, share = WIDE, classes * 5 // 8, 0.3
    else:
        canvas, share = SQUARE, 0.85
    alphabets = max(1, round(classes * share / ALPHABET))
    signed = max(4, classes - alphabets * ALPHABET)
    words = make_words(generator, signed // 4)
    signatures = make_signatures(generator, signed - signed // 4)
    glyphs = make_glyphs(generator, alphabets, ALPHABET)
    drawn = [
        np.concatenate(
            [
                draw_on(generator, glyphs, canvas),
                sign_on(generator, signatures, canvas),
                write_on(generator, words, canvas),
            ]
        )
        for _ in range(2)
    ]
    return Batch(canvas, np.stack(drawn))


def draw_on(generator: np.random.Generator, glyphs: Glyphs, canvas: Canvas) -> NDArray[np.uint8]:
    """Draw each character once: (n, height, width)."""
    points, shown = draw_glyphs(generator, glyphs)
    return ink(generator, bend(generator, points, shown, GLYPH_HAND), shown, canvas, GLYPH_HAND)


def sign_on(
    generator: np.random.Generator, signatures: Signatures, canvas: Canvas
) -> NDArray[np.uint8]:
    """Sign each signature once: (n, height, width)."""
    points, shown = draw_signatures(generator, signatures)
    bent = bend(generator, points, shown, SIGNATURE_HAND)
    return ink(generator, bent, shown, canvas, SIGNATURE_HAND)


def write_on(generator: np.random.Generator, words: Words, canvas: Canvas) -> NDArray[np.uint8]:
    """Write each word once: (n, height, width)."""
    points, shown = draw_words(generator, words)
    bent = bend(generator, points, shown, SIGNATURE_HAND)
    return ink(generator, bent, shown, canvas, SIGNATURE_HAND)
