"""Photos of several people are composed so that everybody in them is known."""

from __future__ import annotations

import numpy as np
from PIL import Image

from recognition.core.arrays import unit_rows
from recognition.core.regions import Box
from recognition.evaluation.composed import Composed, Looked, Shown, compose, look, measured
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort

DIMENSION = 64


def background() -> Background:
    none = np.empty((0, DIMENSION), np.float32)
    return Background.of(Cohort("made up", none, none))


def test_a_composed_photo_shows_different_people_at_places_of_their_own():
    photos = [Image.new("RGB", (90, 110), (40 * number, 0, 0)) for number in range(6)]
    ground = Image.new("RGB", (300, 400), (0, 255, 0))
    for seed in range(20):
        made = compose(photos, [0, 0, 1, 1, 2, 3], ground, np.random.default_rng(seed))
        people = [each.person for each in made.people]
        assert 2 <= len(people) == len(set(people)) <= 5
        for number, each in enumerate(made.people):
            left, top, right, bottom = each.box.edges
            middle = made.image.getpixel(((left + right) // 2, (top + bottom) // 2))
            assert middle == photos[each.photo].getpixel((0, 0))
            assert not any(each.box.overlap(other.box) for other in made.people[number + 1 :])


def test_a_region_shows_whom_its_centre_lies_on():
    photo = Composed(
        Image.new("RGB", (100, 100)),
        (Shown(7, 0, Box(0, 0, 40, 40)), Shown(8, 1, Box(60, 60, 40, 40))),
    )
    boxes = [Box(65, 65, 10, 10), Box(45, 45, 8, 8)]
    found = look(photo, lambda image: (boxes, np.zeros((2, DIMENSION), np.float32)))
    assert found.shown == (8, None)
    assert found.people == {7, 8}


def test_who_is_enrolled_is_named_and_others_as_seldom_as_is_set():
    generator = np.random.default_rng(0)
    people = unit_rows(generator.normal(size=(40, DIMENSION)).astype(np.float32))
    photos = [
        Looked(people[[at, at + 1]], (at, at + 1), frozenset({at, at + 1})) for at in range(39)
    ]
    found = measured(
        photos, people, np.arange(40), background(), shots=1, far=0.05, draws=3, enrolled=0.5
    )
    assert (found.found, found.nobody, found.photos) == (1.0, 0, 39)
    assert (found.named, found.misnamed) == (1.0, 0.0)
    assert found.strangers <= 0.05
