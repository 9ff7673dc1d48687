"""Faces are found in photos as people take them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.encoders.faces.detection import eye_centres, turn
from tests.encoders.photos import sample

FACELESS = ("brick.png", "chelsea.png", "coffee.png", "coins.png", "page.png", "rocket.jpg")


def dimmed(image: Image.Image, share: float) -> Image.Image:
    return image.point([round(value * share) for value in range(256)] * 3)


def side_by_side(*images: Image.Image) -> Image.Image:
    page = Image.new("RGB", (sum(each.width for each in images), max(i.height for i in images)))
    left = 0
    for each in images:
        page.paste(each, (left, 0))
        left += each.width
    return page


def test_a_face_is_found_where_it_is(faces, astronaut):
    [face] = faces.detect(astronaut)
    right, left = eye_centres(face.landmarks)
    assert left == pytest.approx((203, 102), abs=6) and right == pytest.approx((246, 104), abs=6)
    assert face.box.x < left[0] < right[0] < face.box.x + face.box.width
    assert face.score > 1 and face.turned == 0


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_photo_on_its_side_is_turned_until_a_face_stands_upright(faces, astronaut, degrees):
    upright = faces.detect(astronaut)[0]
    [face] = faces.detect(turn(astronaut, degrees))
    assert face.turned == 360 - degrees
    assert face.eye_distance == pytest.approx(upright.eye_distance, rel=0.1)
    back = faces.encode_images([turn(astronaut, degrees)])[0]
    assert back @ faces.encode_images([astronaut])[0] > 0.97


def test_boxes_and_landmarks_of_a_turned_photo_are_pixels_of_that_photo(faces, portrait):
    upright = faces.detect(portrait)[0]
    [face] = faces.detect(turn(portrait, 90))
    x, y = upright.landmarks[:, 0], upright.landmarks[:, 1]
    expected = np.stack([y, portrait.width - x], axis=1)
    assert face.landmarks == pytest.approx(expected, abs=5)
    assert face.box.x == pytest.approx(upright.box.y, abs=12)
    assert face.box.y == pytest.approx(portrait.width - upright.box.x - upright.box.width, abs=12)


@pytest.mark.parametrize("share", [0.3, 0.15, 0.08])
def test_a_dark_face_is_found_and_embedded_as_a_lit_one(faces, astronaut, share):
    lit, dark = faces.encode_images([astronaut, dimmed(astronaut, share)])
    assert lit @ dark > 0.97


def test_a_face_in_the_shade_of_a_bright_photo_is_brightened(faces, astronaut):
    shaded = dimmed(astronaut, 0.25)
    ImageDraw.Draw(shaded).rectangle((0, 300, 511, 511), fill="white")
    lit, dark = faces.encode_images([astronaut, shaded])
    assert lit @ dark > 0.96


@pytest.mark.parametrize("size", [(92, 114), (600, 743), (2100, 2600)])
def test_large_and_small_copies_are_embedded_alike(faces, portrait, size):
    one, other = faces.encode_images([portrait, portrait.resize(size)])
    assert one @ other > 0.96


def test_a_face_that_fills_the_photo_is_found(faces, astronaut):
    assert faces.detect(astronaut.crop((172, 62, 282, 172)))


def test_the_network_finds_a_face_that_is_not_frontal(faces, cameraman):
    [face] = faces.detect(cameraman)
    assert face.box.x < 222 < face.box.x + face.box.width
    assert face.box.y < 150 < face.box.y + face.box.height


def test_all_faces_of_a_photo_are_found_the_largest_first(faces, portrait):
    small = portrait.resize((147, 182))
    found = faces.detect(side_by_side(small, portrait, portrait.rotate(6)))
    assert len(found) == 3
    assert found[-1].box.x < 147
    widths = [face.box.width for face in found]
    assert widths == sorted(widths, reverse=True)


def test_a_small_face_in_a_large_photo_is_found(faces, portrait):
    page = Image.new("RGB", (880, 660), (90, 110, 130))
    page.paste(portrait, (600, 300))
    [face] = faces.detect(page)
    assert 600 < face.box.x < 810 and 300 < face.box.y < 560
    [crop, other] = faces.encode_images([page, portrait])
    assert crop @ other > 0.97


@pytest.mark.parametrize("name", FACELESS)
def test_nothing_is_found_where_nobody_is(faces, name):
    assert faces.detect(sample(name)) == []


@pytest.mark.parametrize("size", [(1, 1), (3000, 2), (2, 300), (40, 40)])
def test_images_of_odd_shapes_have_no_face(faces, size):
    assert faces.detect(Image.new("RGB", size, "grey")) == []
