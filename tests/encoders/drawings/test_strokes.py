"""Made-up classes: the same from the same seed, and never drawn twice alike."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.encoders.drawings.canvases import SQUARE, WIDE
from recognition.encoders.drawings.cohort import cohort_images
from recognition.encoders.drawings.strokes.batches import draw_on, make_batch, sign_on, write_on
from recognition.encoders.drawings.strokes.glyphs import make_glyphs
from recognition.encoders.drawings.strokes.signatures import make_signatures
from recognition.encoders.drawings.strokes.words import make_words

KINDS = {
    "characters": (lambda g: make_glyphs(g, 2, 8), draw_on, SQUARE),
    "signatures": (lambda g: make_signatures(g, 16), sign_on, WIDE),
    "words": (lambda g: make_words(g, 16), write_on, WIDE),
}


def similarity(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_a_batch_is_given_by_its_seed_and_number():
    first, again, other = (make_batch(1, number, 32) for number in (3, 3, 4))
    assert (first.drawings == again.drawings).all()
    assert first.drawings.shape == other.drawings.shape
    assert (first.drawings != other.drawings).any()


def test_batches_take_turns_on_both_canvases():
    canvases = [make_batch(0, number, 32).canvas for number in range(3)]
    assert canvases == [SQUARE, SQUARE, WIDE]


@pytest.mark.parametrize("kind", KINDS)
def test_a_class_is_drawn_otherwise_each_time_and_stays_itself(kind):
    make, draw, canvas = KINDS[kind]
    generator = np.random.default_rng(5)
    made = make(generator)
    first, second = draw(generator, made, canvas), draw(generator, made, canvas)
    assert first.shape == (16, *canvas) and first.dtype == np.uint8
    assert all((one != other).any() for one, other in zip(first, second, strict=True))
    own = np.mean([similarity(one, other) for one, other in zip(first, second, strict=True)])
    others = np.mean(
        [similarity(one, other) for one, other in zip(first, first[::-1], strict=True)]
    )
    assert own > others + 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_every_drawing_has_ink_and_fits_its_canvas(kind):
    make, draw, canvas = KINDS[kind]
    generator = np.random.default_rng(6)
    for drawn in draw(generator, make(generator), canvas):
        assert 0.005 < (drawn > 127).mean() < 0.7
        edge = np.concatenate([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
        assert (edge > 127).mean() < 0.1


def test_the_cohort_is_the_same_each_time():
    first, again = list(cohort_images()), list(cohort_images())
    assert len(first) == 256
    assert all(one.tobytes() == other.tobytes() for one, other in zip(first, again, strict=True))
    assert len({one.tobytes() for one in first}) == 256
