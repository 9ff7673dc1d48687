"""What deviates from good parts, on arrays alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from recognition.matching.surfaces.chance import GoodParts
from recognition.matching.surfaces.placed import placed_residuals
from recognition.matching.surfaces.registration import SIDE, register
from recognition.matching.surfaces.standing_out import PLACED, TEXTURE
from recognition.matching.surfaces.texture import Subspace, coarse


def normal_patches(seed, rows=20):
    """Patches that vary in three directions of twelve, with a little noise."""
    random = np.random.default_rng(seed)
    directions = np.random.default_rng(0).normal(size=(3, 12))
    return random.normal(size=(rows, rows, 3)) @ directions + random.normal(
        0.0, 0.05, (rows, rows, 12)
    )


def test_a_patch_beside_the_subspace_of_good_ones_stands_out():
    query = normal_patches(2)
    query[5, 7] += np.random.default_rng(3).normal(size=12)
    residuals = Subspace.of([normal_patches(1)]).residuals(query)
    assert np.unravel_index(residuals.argmax(), residuals.shape) == (5, 7)
    assert residuals[5, 7] > 5 * np.median(residuals)


def test_a_defective_part_has_a_higher_statistic_than_a_good_one():
    normal = Subspace.of([normal_patches(1)])
    good, bad = normal_patches(2), normal_patches(3)
    bad[4:7, 4:7] += np.random.default_rng(4).normal(size=12)
    statistics = [TEXTURE.statistic(normal.residuals(each)) for each in (good, bad)]
    assert statistics[1] > statistics[0] + 0.5


def test_what_lies_on_the_rim_does_not_count():
    residuals = np.ones((20, 20))
    rimmed = residuals.copy()
    rimmed[0, :] = 50.0
    assert PLACED.statistic(rimmed) == PLACED.statistic(residuals)


def test_the_threshold_is_what_the_rate_of_good_parts_exceeds():
    random = np.random.default_rng(5)
    good = random.gumbel(0.3, 0.1, 20_000)
    threshold = GoodParts.of(good[:10_000]).threshold(0.05)
    assert (good[10_000:] > threshold).mean() == pytest.approx(0.05, abs=0.01)


def test_patches_are_averaged_by_fours():
    patches = np.arange(16.0).reshape(4, 4, 1)
    np.testing.assert_array_equal(coarse(patches)[..., 0], [[2.5, 4.5], [10.5, 12.5]])


def scene(seed):
    return ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(SIDE, SIDE)), 2.0)


def test_a_turned_and_shifted_photo_is_laid_over_its_reference():
    reference = scene(6)
    angle = np.deg2rad(1.5)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    query = 0.6 * ndimage.affine_transform(reference, turn, [4.0, -3.0], mode="nearest") + 0.2
    found = register(reference, query)
    assert found.is_aligned
    expected = np.linalg.inv(turn)
    np.testing.assert_allclose(found.matrix[:, :2], expected, atol=0.01)
    shift = -expected @ [4.0, -3.0] / (SIDE - 1)
    np.testing.assert_allclose(found.matrix[:, 2], shift, atol=0.01)


def test_photos_of_two_things_are_not_laid_over_one_another():
    assert not register(scene(7), scene(8)).is_aligned


def test_a_missing_piece_is_found_at_its_place():
    reference = normal_patches(9)
    query = reference.copy()
    query[3, 4] = 0.0
    residuals = placed_residuals(reference, query)
    assert residuals[3, 4] == pytest.approx(np.linalg.norm(reference[3, 4]))
    assert np.count_nonzero(residuals) == 1
