from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms
from skimage import data as photos

from recognition.core.errors import UnsupportedImage
from recognition.images import open_image
from tests.images.builders import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    encoded,
)


def opened(image: Image.Image, kind: str, **options: object) -> Image.Image:
    return open_image(encoded(image, kind, **options))


def first_row(image: Image.Image) -> list[tuple[int, ...]]:
    return [image.getpixel((x, 0)) for x in range(image.width)]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_16_bit_grey_keeps_its_range(kind: str):
    grey = np.array([[0, 257, 128 * 257, 40_000, 65_535]], np.uint16)
    row = first_row(opened(Image.fromarray(grey), kind))
    assert row == [(value,) * 3 for value in (0, 1, 128, 156, 255)]


def test_16_bit_grey_in_big_endian_order_keeps_its_range():
    grey = Image.frombytes("I;16B", (2, 1), b"\xff\xff\x80\x80")
    assert first_row(opened(grey, "TIFF")) == [WHITE, (128, 128, 128)]


def test_a_12_bit_pgm_is_scaled_by_the_maximum_it_declares():
    assert first_row(open_image(b"P5 3 1 4095\n\x00\x00\x08\x00\x0f\xff")) == [
        (0, 0, 0),
        (128, 128, 128),
        WHITE,
    ]


def test_a_plain_ppm_and_a_bitmap_are_read():
    assert first_row(open_image(b"P3\n# a comment\n2 1\n255\n255 0 0  0 0 255\n")) == [RED, BLUE]
    assert first_row(open_image(b"P1\n2 1\n1 0\n")) == [(0, 0, 0), WHITE]


def test_a_float_image_is_scaled_from_zero_to_one():
    grey = Image.fromarray(np.array([[0, 0.5, 1]], np.float32))
    assert first_row(opened(grey, "TIFF")) == [(0, 0, 0), (128, 128, 128), WHITE]


@pytest.mark.parametrize("values", [[0.0, 900.0], [-0.5, 1.0], [0.0, np.nan], [0.0, np.inf]])
def test_a_float_image_of_unknown_range_is_refused(values: list[float]):
    with pytest.raises(UnsupportedImage, match="8 or 16 bits"):
        opened(Image.fromarray(np.array([values], np.float32)), "TIFF")


def test_a_32_bit_image_beyond_16_bits_is_refused():
    with pytest.raises(UnsupportedImage, match="8 or 16 bits"):
        opened(Image.fromarray(np.array([[0, 70_000]], np.int32)), "TIFF")


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_a_negative(kind: str):
    """Adobe writes the inks of a CMYK JPEG inverted; a TIFF holds them as they are."""
    inks = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    red = np.asarray(opened(inks, kind)).reshape(-1, 3).mean(axis=0)
    assert np.abs(red - RED).max() < 6
    paper = opened(Image.new("CMYK", (16, 16), (0, 0, 0, 0)), kind)
    assert np.asarray(paper).min() > 250


@pytest.mark.parametrize("mode", ["1", "L"])
def test_grey_becomes_equal_channels(mode: str):
    grey = Image.new(mode, (2, 1))
    grey.putpixel((1, 0), 255)
    assert first_row(opened(grey, "PNG")) == [(0, 0, 0), WHITE]


def palette() -> Image.Image:
    image = Image.new("P", (3, 1))
    image.putpalette([*RED, *GREEN, *BLUE])
    image.putdata([0, 1, 2])
    return image


def test_a_palette_is_resolved():
    assert first_row(opened(palette(), "PNG")) == [RED, GREEN, BLUE]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_white(kind: str):
    assert first_row(opened(palette(), kind, transparency=1)) == [RED, WHITE, BLUE]


def test_palette_entries_of_partial_transparency_are_blended():
    row = first_row(opened(palette(), "PNG", transparency=b"\xff\x00\x80"))
    assert row == [RED, WHITE, (127, 127, 255)]


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_alpha_is_laid_over_white(kind: str, options: dict[str, object]):
    image = Image.new("RGBA", (3, 1))
    image.putdata([(0, 0, 0, 255), (9, 9, 9, 0), (0, 0, 0, 128)])
    assert first_row(opened(image, kind, **options)) == [(0, 0, 0), WHITE, (127, 127, 127)]


def test_grey_with_alpha_is_laid_over_white():
    image = Image.new("LA", (2, 1))
    image.putdata([(40, 255), (40, 0)])
    assert first_row(opened(image, "PNG")) == [(40, 40, 40), WHITE]


@pytest.mark.parametrize(("mode", "key"), [("L", 7), ("RGB", (7, 7, 7))])
def test_a_transparent_colour_is_white(mode: str, key: object):
    image = Image.new(mode, (2, 1), key)
    image.putpixel((1, 0), 8 if mode == "L" else (8, 8, 8))
    assert first_row(opened(image, "PNG", transparency=key)) == [WHITE, (8, 8, 8)]


def profile_with_swapped_primaries() -> bytes:
    """sRGB with the tags of its red and its green primary exchanged, under another name."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = data.replace("sRGB".encode("utf-16-be"), "Odd ".encode("utf-16-be"))
    table, tags = data[:400], data[400:]
    table = table.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    return table + tags


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_an_embedded_profile_is_applied(kind: str):
    image = opened(
        Image.new("RGB", (16, 16), RED), kind, icc_profile=profile_with_swapped_primaries()
    )
    assert np.abs(np.asarray(image).astype(int).mean(axis=(0, 1)) - GREEN).max() < 8
    assert image.info == {}


def test_an_srgb_profile_changes_nothing():
    photo = Image.fromarray(photos.chelsea())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(np.asarray(opened(photo, "PNG", icc_profile=profile)), photos.chelsea())


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("profile", [b"broken", profile_with_swapped_primaries()[:300]])
def test_a_broken_profile_is_ignored(mode: str, profile: bytes):
    image = opened(Image.new(mode, (4, 4), "white"), "PNG", icc_profile=profile)
    assert first_row(image) == [WHITE] * 4


def test_a_profile_for_another_kind_of_pixels_is_ignored():
    image = opened(Image.new("L", (2, 1), 90), "PNG", icc_profile=profile_with_swapped_primaries())
    assert first_row(image) == [(90, 90, 90)] * 2
