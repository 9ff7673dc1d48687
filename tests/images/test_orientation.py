from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from recognition.images import open_image
from tests.images.builders import (
    BLUE,
    GREEN,
    PHOTO,
    RED,
    WHITE,
    encoded,
    exif,
    pixels,
)


def quadrants() -> Image.Image:
    colours = np.array([[RED, GREEN], [BLUE, WHITE]], np.uint8)
    return Image.fromarray(colours.repeat(16, axis=0).repeat(32, axis=1))


UPRIGHT = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: stored[::-1, ::-1].swapaxes(0, 1),
    8: lambda stored: np.rot90(stored, 1),
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_an_image_stands_upright_and_loses_its_place(kind: str, orientation: int):
    data = encoded(quadrants(), kind, exif=exif(orientation))
    image = open_image(data)
    expected = UPRIGHT[orientation](pixels(quadrants()))
    assert pixels(image).shape == expected.shape
    assert np.abs(pixels(image) - expected).mean() < 10
    assert not image.getexif()
    assert image.info == {}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("block", [b"no TIFF header", b"MM\0*\xff\xff\xff\xff\0", b"MM\0*\0"])
def test_an_unreadable_exif_block_does_not_spoil_the_image(kind: str, block: bytes):
    assert open_image(encoded(PHOTO, kind, exif=b"Exif\0\0" + block)).size == PHOTO.size
