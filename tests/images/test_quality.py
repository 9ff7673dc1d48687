from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageEnhance, ImageFilter

from recognition.images.quality import image_warnings

DATA = os.environ.get("ONESHOT_EVAL_DATA")
SETS = {"orl-faces": "*.pgm", "magnetic-tile-defects": "*.jpg", "sign-language-digits": "*.JPG"}


def codes(image: Image.Image) -> set[str]:
    return {warning.code for warning in image_warnings(image)}


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.fromarray(skimage.data.astronaut())


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
def test_a_good_photo_has_no_warnings(name: str):
    assert codes(Image.fromarray(getattr(skimage.data, name)())) == set()


def test_a_blurred_photo_is_told(photo: Image.Image):
    assert codes(photo.filter(ImageFilter.GaussianBlur(8))) == {"blurred"}


def test_sharpness_does_not_depend_on_resolution(photo: Image.Image):
    blurred = photo.filter(ImageFilter.GaussianBlur(8))
    assert codes(blurred.resize((1400, 1400))) == codes(blurred) == {"blurred"}


def test_a_tiny_photo_is_told(photo: Image.Image):
    assert codes(photo.resize((32, 40))) == {"tiny"}


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 300)])
def test_a_blank_image_is_told_at_any_size(size: tuple[int, int]):
    assert "blank" in codes(Image.new("RGB", size, (120, 130, 110)))


def test_burnt_out_and_drowned_photos_are_told(photo: Image.Image):
    assert codes(ImageEnhance.Brightness(photo).enhance(6)) == {"over_exposed"}
    dark = Image.fromarray((np.asarray(photo) // 8 * (np.asarray(photo) > 200)).astype(np.uint8))
    assert "under_exposed" in codes(dark)


def test_a_line_drawing_is_not_over_exposed():
    page = np.full((200, 200, 3), 255, np.uint8)
    page[40:160:12] = 0
    assert codes(Image.fromarray(page)) == set()


@pytest.mark.skipif(not DATA, reason="ONESHOT_EVAL_DATA names no folder with real sets")
@pytest.mark.parametrize("name", SETS)
def test_no_sharp_photo_of_the_sets_is_called_blurred_and_most_blurred_ones_are(name: str):
    """Blurred by 3 % of their long side; a surface without marks is then called blank."""
    told = []
    for path in sorted(Path(DATA or "", name).rglob(SETS[name])):
        with Image.open(path) as opened:
            sharp = opened.convert("RGB")
        assert codes(sharp) == set()
        blurred = sharp.filter(ImageFilter.GaussianBlur(0.03 * max(sharp.size)))
        told.append(bool(codes(blurred) & {"blurred", "blank"}))
    assert len(told) >= 180 and np.mean(told) > 0.98
