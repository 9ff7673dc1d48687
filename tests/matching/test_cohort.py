from __future__ import annotations

import numpy as np

from recognition.matching.background import Background
from recognition.matching.cohort import Cohort, reservoir
from recognition.matching.everyday import background_images, background_texts
from tests.matching.galleries import unit

ROWS = unit(np.random.default_rng(0).normal(size=(200, 8)))


def test_a_reservoir_is_bounded_and_depends_on_neither_order_nor_repetition():
    sample = reservoir(ROWS, limit=50)
    assert sample.shape == (50, 8)
    np.testing.assert_array_equal(sample, reservoir(ROWS[::-1], ROWS[:60], limit=50))


def test_a_reservoir_grows_batch_by_batch_to_the_sample_of_the_whole():
    grown = reservoir(reservoir(ROWS[:120], limit=50), ROWS[120:], limit=50)
    np.testing.assert_array_equal(grown, reservoir(ROWS, limit=50))


def test_a_gallery_s_own_images_outweigh_everyday_ones_the_more_there_are():
    cohort = Cohort("made", ROWS[:100], ROWS[150:])
    for count, share in ((0, 0.0), (1, 0.2), (4, 0.5), (36, 0.9)):
        images = Background.of(cohort).with_images(ROWS[100 : 100 + count]).images
        own = (images[:, None] == ROWS[None, 100:150]).all(axis=2).any(axis=1)
        assert len(images) == 100
        assert own.mean() == share


def test_own_images_speak_alone_where_there_are_no_everyday_ones():
    cohort = Cohort("made", ROWS[:0], ROWS[150:])
    images = Background.of(cohort).with_images(ROWS[:5]).images
    np.testing.assert_array_equal(images, ROWS[:5])


def test_everyday_things_come_from_installed_packages():
    texts = background_texts()
    assert len(texts) > 900 and "Afghan hound" in texts
    images = list(background_images())
    assert len(images) > 100
    assert {image.mode for image in images} == {"RGB"}
