from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageDraw, ImageOps

from recognition.images.views import SIDE, is_line_drawing, pool, views


def drawing() -> Image.Image:
    image = Image.new("RGB", (105, 105), "white")
    ImageDraw.Draw(image).line([(20, 30), (60, 80), (70, 25)], fill="black", width=3)
    return image


def test_a_drawing_is_told_from_photos_in_either_tone():
    assert is_line_drawing(drawing())
    assert is_line_drawing(ImageOps.invert(drawing()))
    for name in ("astronaut", "coffee", "page", "moon"):
        assert not is_line_drawing(Image.fromarray(getattr(skimage.data, name)()).convert("RGB"))


def test_a_square_photo_is_shown_as_it_is():
    photo = Image.fromarray(skimage.data.astronaut())
    [view] = views(photo)
    assert view() is photo


def test_an_oblong_photo_is_also_shown_whole():
    photo = Image.fromarray(skimage.data.coffee())
    original, whole = (view() for view in views(photo))
    assert original is photo
    assert whole.size == (SIDE, SIDE)


def test_a_drawing_looks_the_same_wherever_and_in_whatever_tone_it_is_drawn():
    plain = drawing()
    moved = Image.new("RGB", (140, 140), "white")
    moved.paste(plain, (30, 10))
    for other in (moved, ImageOps.invert(plain)):
        for left, right in zip(views(plain), views(other), strict=True):
            difference = np.abs(np.asarray(left(), float) - np.asarray(right(), float))
            assert difference.mean() < 2.0


def test_views_are_pooled_image_by_image():
    rows = np.eye(4, dtype=np.float32)
    pooled = pool(rows, [1, 3])
    np.testing.assert_allclose(pooled[0], rows[0])
    np.testing.assert_allclose(pooled[1], [0, 3**-0.5, 3**-0.5, 3**-0.5], rtol=1e-6)


@pytest.mark.parametrize(("shades", "drawn"), [(0.029, True), (0.031, False)])
@pytest.mark.parametrize("first", [0, 45, 90])
def test_so_many_shades_make_it_a_photo_wherever_they_are(shades: float, drawn: bool, first: int):
    page = np.full((100, 1000), 255, np.uint8)
    page[::10, :100] = 0
    page[first : first + 10, 500 : 500 + round(shades * 10_000)] = 128
    assert is_line_drawing(Image.fromarray(page).convert("RGB")) is drawn
