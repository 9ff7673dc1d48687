"""Drawings of things that nobody enrols: what chance looks like to the drawings encoder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from recognition.encoders.drawings.canvases import SQUARE, WIDE
from recognition.encoders.drawings.strokes.batches import draw_on, sign_on, write_on
from recognition.encoders.drawings.strokes.glyphs import make_glyphs
from recognition.encoders.drawings.strokes.signatures import make_signatures
from recognition.encoders.drawings.strokes.words import make_words

VERSION = 1
"""Raised with every change of these drawings."""

SEED = 255
"""Of classes of their own: a training's seeds are pairs, and this is none."""

ALPHABETS, LETTERS = 10, 16
SIGNATURES, WORDS = 72, 24
"""More characters than signatures, as there are more galleries of them: 256 in all."""

ENLARGED = 4


def cohort_images() -> Iterator[Image.Image]:
    """Draw 256 drawings, one of a class: characters of ten made-up alphabets, signatures
    and words.
    """
    generator = np.random.default_rng(SEED)
    glyphs = make_glyphs(generator, ALPHABETS, LETTERS)
    signatures = make_signatures(generator, SIGNATURES)
    words = make_words(generator, WORDS)
    for drawn in (
        draw_on(generator, glyphs, SQUARE),
        sign_on(generator, signatures, WIDE),
        write_on(generator, words, WIDE),
    ):
        for ink in drawn:
            page = Image.fromarray(np.pad(255 - ink, 4, constant_values=255))
            size = page.width * ENLARGED, page.height * ENLARGED
            yield page.resize(size, Image.Resampling.BICUBIC).convert("RGB")
