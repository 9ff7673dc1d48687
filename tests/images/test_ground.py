"""Transparency: what shows, and on what."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageDraw

from recognition.images import read_image
from tests.images.builders import GREEN, PHOTO, RED, encoded, pixels
from tests.images.test_colour import profile_with_swapped_primaries

COLOURS = np.asarray(PHOTO)


def ring(colour: tuple[int, ...], ground: tuple[int, ...] = (255, 255, 255, 0)) -> Image.Image:
    image = Image.new("RGBA", (96, 96), ground)
    ImageDraw.Draw(image).ellipse((16, 16, 80, 80), outline=colour, width=12)
    return image


def bmp(header_size: int, alpha: int) -> bytes:
    """A 32-bit BMP with an alpha channel, from version 3 of its header on."""
    height, width = COLOURS.shape[:2]
    channels = np.dstack([COLOURS[..., ::-1], np.full((height, width), alpha, np.uint8)])
    rows = channels[::-1].tobytes()
    info = struct.pack("<IiiHHIIiiII", header_size, width, height, 1, 32, 3, len(rows), 0, 0, 0, 0)
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = (info + masks).ljust(header_size, b"\0")
    start = 14 + len(header)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + rows


@pytest.mark.parametrize("header_size", [56, 108, 124])
def test_a_bmp_that_leaves_its_alpha_unused_shows_its_colours(header_size: int):
    assert np.array_equal(pixels(read_image(bmp(header_size, alpha=0)).image), COLOURS)
    assert pixels(read_image(bmp(header_size, alpha=128)).image).mean() > COLOURS.mean() + 40


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("planar", [False, True])
def test_a_tiff_that_leaves_its_alpha_unused_shows_its_colours(depth: type, planar: bool):
    scale = 257 if depth is np.uint16 else 1
    values = np.dstack([COLOURS.astype(depth) * scale, np.zeros(COLOURS.shape[:2], depth)])
    planes = {"planarconfig": "separate"} if planar else {}
    target = BytesIO()
    tifffile.imwrite(
        target,
        np.moveaxis(values, -1, 0) if planar else values,
        photometric="rgb",
        extrasamples=["unassalpha"],
        metadata=None,
        **planes,
    )
    assert np.array_equal(pixels(read_image(target.getvalue()).image), COLOURS)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_where_alpha_is_meant_what_is_transparent_everywhere_stays_unseen(kind: str):
    clear = Image.merge("RGBA", [*PHOTO.split(), Image.new("L", PHOTO.size)])
    opened = read_image(encoded(clear, kind, **({"lossless": True} if kind == "WEBP" else {})))
    assert pixels(opened.image).min() == 255
    assert opened.warnings == ()


WHITE_MARKS = {
    "PNG": encoded(ring((255, 255, 255, 255)), "PNG"),
    "PNG, clear black": encoded(ring((255, 255, 255, 255), (0, 0, 0, 0)), "PNG"),
    "PNG, nearly white": encoded(ring((244, 250, 240, 255)), "PNG"),
    "PNG, grey": encoded(ring((255, 255, 255, 255)).convert("LA"), "PNG"),
    "WebP": encoded(ring((255, 255, 255, 255)), "WEBP", lossless=True),
    "GIF": encoded(ring((255, 255, 255, 255)), "GIF"),
    "AVIF": encoded(ring((255, 255, 255, 255)), "AVIF"),
    "TIFF": encoded(ring((255, 255, 255, 255)), "TIFF"),
}


@pytest.mark.parametrize("kind", WHITE_MARKS)
def test_a_white_mark_on_transparency_is_laid_over_black_and_it_is_said(kind: str):
    opened = read_image(WHITE_MARKS[kind])
    shown = pixels(opened.image)
    assert shown[0, 0].max() <= 3
    assert shown[48, 22].min() >= 235
    assert [warning.code for warning in opened.warnings] == ["ground_chosen"]


@pytest.mark.parametrize("colour", [(0, 0, 0), (230, 0, 0), (255, 255, 120), (128, 128, 128)])
def test_a_mark_that_shows_on_white_is_laid_over_white(colour: tuple[int, ...]):
    opened = read_image(encoded(ring((*colour, 255)), "PNG"))
    assert opened.image.getpixel((0, 0)) == (255, 255, 255)
    assert opened.warnings == ()


def test_a_product_on_a_white_page_with_clear_corners_stays_on_white():
    page = Image.new("RGBA", (96, 96), "white")
    page.paste((200, 30, 30), (44, 44, 52, 52))
    page.paste((0, 0, 0, 0), (0, 0, 6, 6))
    opened = read_image(encoded(page, "PNG"))
    assert opened.image.getpixel((0, 0)) == (255, 255, 255)
    assert opened.warnings == ()


def test_a_palette_with_a_profile_is_shown_in_the_profiles_colours():
    image = Image.new("P", (16, 16))
    image.putpalette([*RED, *GREEN])
    opened = read_image(encoded(image, "PNG", icc_profile=profile_with_swapped_primaries()))
    assert np.abs(pixels(opened.image).mean(axis=(0, 1)) - GREEN).max() < 8


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_profile_counts_beside_transparency(kind: str):
    image = Image.new("RGBA", (16, 16), (*RED, 255))
    image.paste((*RED, 0), (0, 0, 4, 16))
    data = encoded(image, kind, icc_profile=profile_with_swapped_primaries(), **LOSSLESS[kind])
    shown = pixels(read_image(data).image)
    assert np.abs(shown[8, 12] - GREEN).max() < 8
    assert shown[8, 1].tolist() == [255, 255, 255]


LOSSLESS: dict[str, dict[str, bool]] = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}}


def test_a_profile_that_is_srgb_leaves_transparency_alone():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = ring((0, 0, 0, 255))
    plain, tagged = (
        read_image(encoded(image, "PNG", **given)).image for given in ({}, {"icc_profile": profile})
    )
    assert np.array_equal(pixels(plain), pixels(tagged))
