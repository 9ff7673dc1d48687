"""Boxes as people and programs write them."""

from __future__ import annotations

import pytest

from recognition.core.errors import InvalidBox
from recognition.core.regions import MOST_REGIONS, Box, FoundRegion, first_regions


@pytest.mark.parametrize(
    "given",
    [
        "40,12,96,80",
        " 40, 12 ,96,80",
        [40, 12, 96, 80],
        ["40", "12", "96", "80"],
        [39.6, 12.4, 96.4, 79.9],
        {"x": 40, "y": 12, "width": 96, "height": 80},
    ],
)
def test_a_box_is_read_however_it_is_written(given):
    assert Box.of(given) == Box(40, 12, 96, 80)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "40,12,96",
        "40,12,96,80,1",
        "a,b,c,d",
        [1, 2, 3],
        [True, 0, 10, 10],
        {"x": 1, "y": 2, "width": 3},
        {"x": 1, "y": 2, "width": 3, "height": 4, "z": 5},
        [0, 0, 0, 10],
        [0, 0, 10, -1],
        [0, 0, float("nan"), 10],
        [0, 0, 1e308, 10],
        "1e999,0,10,10",
        None,
        7,
    ],
)
def test_what_is_no_box_is_refused(given):
    with pytest.raises(InvalidBox):
        Box.of(given)


def test_a_box_is_cut_to_its_image():
    assert Box(-10, -10, 50, 50).within((100, 30)) == Box(0, 0, 40, 30)
    assert Box(90, 20, 500, 500).within((100, 30)) == Box(90, 20, 10, 10)


@pytest.mark.parametrize("box", [Box(100, 0, 20, 20), Box(-30, 0, 20, 20), Box(95, 0, 20, 20)])
def test_a_box_beside_its_image_is_refused(box):
    with pytest.raises(InvalidBox):
        box.within((100, 100))


def test_a_margin_ends_at_the_image():
    assert Box(5, 40, 20, 10).grown(0.5, (100, 52)) == Box(0, 30, 35, 22)


def test_overlap_is_the_intersection_over_the_union():
    assert Box(0, 0, 10, 10).overlap(Box(5, 0, 10, 10)) == pytest.approx(50 / 150)
    assert Box(0, 0, 10, 10).overlap(Box(20, 0, 10, 10)) == 0.0


def test_of_too_many_regions_the_first_are_looked_at_and_it_is_told():
    many = [FoundRegion(Box(each, 0, 10, 10)) for each in range(MOST_REGIONS + 6)]
    found = first_regions(many)
    assert found.regions == tuple(many[:MOST_REGIONS])
    [warning] = found.warnings
    assert warning.code == "more_regions"
    assert str(MOST_REGIONS + 6) in warning.detail
