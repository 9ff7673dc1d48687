from __future__ import annotations

import numpy as np
import pytest

from recognition.matching.advice.grouping import group_alike
from recognition.matching.fit import fit
from tests.matching.galleries import background, clusters, references


@pytest.fixture(scope="module")
def model():
    return fit(references(*clusters(8, 1, seed=1)), background())


def test_photos_of_one_stranger_come_together_and_of_two_apart(model):
    photos, things = clusters(4, 6, seed=2, spread=0.3)
    shuffled = np.random.default_rng(0).permutation(len(photos))
    groups = group_alike(model, photos[shuffled])
    assert sorted(row for group in groups for row in group) == list(range(len(photos)))
    assert [len(group) for group in groups] == [6, 6, 6, 6]
    for group in groups:
        assert len(set(things[shuffled][group])) == 1


def test_things_that_share_nothing_stay_alone(model):
    photos, _ = clusters(5, 1, seed=3)
    assert group_alike(model, photos) == [[0], [1], [2], [3], [4]]
    assert group_alike(model, photos[:0]) == []
