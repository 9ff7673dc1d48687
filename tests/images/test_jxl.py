"""JPEG XL, whose decoder is bounded from outside."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_jxl  # noqa: F401 - registers the format with Pillow, to write it
import pytest
from PIL import Image

from recognition.core.errors import DamagedImage, ImageError, TooManyPixels
from recognition.images import ImageLimits, open_image, read_image
from recognition.images import jxl as module
from recognition.images.jxl import declared_size
from tests.images.builders import PHOTO, encoded, exif, pixels
from tests.images.test_ground import ring
from tests.images.test_matrix import MODES, SHOWN

WHOLE = encoded(PHOTO, "JXL", lossless=True)


@pytest.mark.parametrize("container", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA"])
def test_every_mode_is_the_picture(mode: str, container: bool):
    data = encoded(MODES[mode], "JXL", lossless=True, use_container=container)
    opened = read_image(data)
    assert np.abs(pixels(opened.image) - SHOWN[mode]).mean() < 1
    assert (opened.image.info, opened.warnings) == ({}, ())


def test_a_lossy_file_is_nearly_the_picture():
    assert np.abs(pixels(open_image(encoded(PHOTO, "JXL"))) - pixels(PHOTO)).mean() < 6


def test_its_profile_is_applied():
    """16-bit grey is written with one that says that its values are linear."""
    opened = read_image(encoded(MODES["I;16"], "JXL", lossless=True))
    linear = SHOWN["I;16"] / 255
    expected = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(pixels(opened.image) - 255 * expected).mean() < 2


def test_exif_does_not_turn_what_the_decoder_has_turned():
    data = encoded(PHOTO, "JXL", lossless=True, exif=exif(6))
    assert np.array_equal(pixels(open_image(data)), pixels(PHOTO))


def test_a_jpeg_that_was_packed_stands_upright(tmp_path: Path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(PHOTO, "JPEG", exif=exif(6)))
    target = BytesIO()
    with Image.open(path) as jpeg:
        jpeg.save(target, "JXL", lossless_jpeg=True)
    assert np.array_equal(
        pixels(open_image(target.getvalue())), pixels(open_image(path.read_bytes()))
    )


def test_a_white_mark_is_laid_over_black():
    opened = read_image(encoded(ring((255, 255, 255, 255)), "JXL", lossless=True))
    assert [warning.code for warning in opened.warnings] == ["ground_chosen"]


@pytest.mark.parametrize("size", [(96, 64), (64, 64), (450, 300), (1200, 1000), (513, 511), (8, 9)])
@pytest.mark.parametrize("container", [False, True])
def test_the_size_is_known_from_the_header(size: tuple[int, int], container: bool):
    data = encoded(Image.new("RGB", size), "JXL", use_container=container)
    assert declared_size(data) == size


def test_too_many_pixels_are_refused_before_they_are_decoded(monkeypatch):
    data = encoded(Image.new("RGB", (3000, 2000), "red"), "JXL")
    assert len(data) < 10_000
    monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: pytest.fail("It was decoded."))
    with pytest.raises(TooManyPixels, match="3000 x 2000 pixels"):
        open_image(data, limits=ImageLimits(max_pixels=1_000_000))


def test_a_file_that_takes_more_memory_than_its_size_says_is_refused(monkeypatch):
    """As if the picture were larger than its header: the system refuses what the decoder wants."""
    data = encoded(Image.new("RGB", (6000, 5000), "red"), "JXL")
    monkeypatch.setattr(module, "declared_size", lambda data: (100, 100))
    monkeypatch.setattr(module, "_BASE_BYTES", 400_000_000)
    with pytest.raises(DamagedImage, match="takes more memory"):
        open_image(data, limits=ImageLimits(max_pixels=100_000))


@pytest.mark.parametrize("kept", [2, 12, 40, len(WHOLE) // 2])
def test_a_part_of_a_file_is_damaged(kept: int):
    with pytest.raises(DamagedImage):
        open_image(WHOLE[:kept])


def test_a_spoilt_file_is_an_image_or_an_image_error():
    chance = np.random.default_rng(5)
    for _ in range(12):
        data = bytearray(WHOLE)
        for at in chance.integers(2, len(data), 3):
            data[at] = chance.integers(0, 256)
        try:
            assert open_image(bytes(data)).mode == "RGB"
        except ImageError as error:
            assert error.detail
