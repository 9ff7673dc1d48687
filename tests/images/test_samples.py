"""Samples that are not 8 bits of brightness from black to white."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, PngImagePlugin

from recognition.core.errors import ImageError, UnsupportedImage
from recognition.images import read_image
from recognition.images.decoding import Opened
from tests.images.builders import PHOTO, encoded, exif, pixels

COLOURS = np.asarray(PHOTO)
GREY = np.asarray(PHOTO.convert("L"))
SHADES = {"grey": GREY, "colours": COLOURS}


def in_16(values: np.ndarray, bits: int) -> np.ndarray:
    """8-bit values as a sensor of so many bits writes them into 16."""
    return np.rint(values.astype(float) * ((1 << bits) - 1) / 255).astype(np.uint16)


def tiff(values: np.ndarray, **options: object) -> bytes:
    target = BytesIO()
    photometric = "rgb" if values.ndim == 3 and values.shape[-1] in {3, 4} else "minisblack"
    given = {"photometric": photometric, "metadata": None, **options}
    tifffile.imwrite(target, values, **given)
    return target.getvalue()


def png(values: np.ndarray, significant: int | None = None) -> bytes:
    """A PNG of 16 bits a channel; Pillow writes grey ones, and rows of others are put together."""
    channels = values.shape[2] if values.ndim == 3 else 1
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    target = BytesIO(b"")
    target.write(b"\x89PNG\r\n\x1a\n")
    height, width = values.shape[:2]
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    PngImagePlugin.putchunk(target, b"IHDR", size + bytes((16, colour_type, 0, 0, 0)))
    if significant:
        PngImagePlugin.putchunk(target, b"sBIT", bytes([significant] * channels))
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    PngImagePlugin.putchunk(target, b"IDAT", zlib.compress(rows))
    PngImagePlugin.putchunk(target, b"IEND", b"")
    return target.getvalue()


def codes(opened: Opened) -> list[str]:
    return [warning.code for warning in opened.warnings]


def shown(values: np.ndarray) -> np.ndarray:
    return values if values.ndim == 3 else np.stack([values] * 3, axis=-1)


WAYS = {
    "PNG": png,
    "TIFF": tiff,
    "TIFF, deflated": lambda values: tiff(values, compression="zlib"),
    "TIFF, big-endian": lambda values: tiff(values, byteorder=">"),
    "TIFF, tiles": lambda values: tiff(values, tile=(32, 32)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shades", SHADES)
@pytest.mark.parametrize(("bits", "times"), [(8, 256), (10, 64), (12, 16)])
def test_few_bits_in_16_are_stretched_and_it_is_said(way: str, shades: str, bits: int, times: int):
    values = SHADES[shades]
    opened = read_image(WAYS[way](in_16(values, bits)))
    assert np.abs(pixels(opened.image) - shown(values)).max() <= 1
    assert codes(opened) == ["stretched"]
    assert f"made {times} times as bright" in opened.warnings[0].detail


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shades", SHADES)
@pytest.mark.parametrize("bits", [14, 16])
def test_what_may_as_well_be_a_dark_picture_is_left_as_it_is(way: str, shades: str, bits: int):
    values = in_16(SHADES[shades], bits)
    opened = read_image(WAYS[way](values))
    assert np.abs(pixels(opened.image) - shown(values / 257)).max() <= 1
    assert codes(opened) == []


@pytest.mark.parametrize("shades", SHADES)
@pytest.mark.parametrize("bits", [10, 12, 14])
def test_bits_that_a_png_declares_are_no_guess(shades: str, bits: int):
    values = SHADES[shades]
    opened = read_image(png(in_16(values, bits), significant=bits))
    assert np.abs(pixels(opened.image) - shown(values)).max() <= 1
    assert codes(opened) == []


@pytest.mark.parametrize("shades", SHADES)
def test_a_png_that_is_scaled_up_as_specified_is_left_as_it_is(shades: str):
    values = SHADES[shades]
    opened = read_image(png(values.astype(np.uint16) * 257, significant=12))
    assert np.abs(pixels(opened.image) - shown(values)).max() <= 1


@pytest.mark.parametrize("shades", SHADES)
def test_a_dark_picture_of_which_all_16_bits_are_declared_stays_dark(shades: str):
    opened = read_image(png(in_16(SHADES[shades], 10), significant=16))
    assert pixels(opened.image).max() <= 4
    assert codes(opened) == []


@pytest.mark.parametrize("shades", SHADES)
@pytest.mark.parametrize("bits", [10, 12, 14])
def test_a_greatest_value_that_a_tiff_declares_is_no_guess(shades: str, bits: int):
    values = SHADES[shades]
    count = values.shape[2] if values.ndim == 3 else 1
    most = ((1 << bits) - 1,) * count
    declared = (281, "H", count, most[0] if count == 1 else most, True)
    opened = read_image(tiff(in_16(values, bits), extratags=[declared]))
    assert np.abs(pixels(opened.image) - shown(values)).max() <= 1
    assert codes(opened) == []


def test_alpha_of_16_bits_beside_colours_of_12_is_left_as_it_is():
    solid = np.full(GREY.shape, 65_535, np.uint16)
    opened = read_image(png(np.dstack([in_16(COLOURS, 12), solid])))
    assert np.abs(pixels(opened.image) - COLOURS).max() <= 1


def test_grey_with_alpha_of_12_bits_is_stretched_as_far_as_it_was_read():
    solid = np.full(GREY.shape, 65_535, np.uint16)
    opened = read_image(png(np.dstack([in_16(GREY, 12), solid])))
    assert np.abs(pixels(opened.image) - shown(GREY)).max() <= 16
    assert codes(opened) == ["stretched"]


def test_12_bits_in_separate_planes_are_stretched():
    planes = np.moveaxis(in_16(COLOURS, 12), -1, 0)
    opened = read_image(tiff(planes, photometric="rgb", planarconfig="separate"))
    assert np.abs(pixels(opened.image) - COLOURS).max() <= 16
    assert codes(opened) == ["stretched"]


def test_black_is_black():
    opened = read_image(png(np.zeros((64, 64), np.uint16)))
    assert (pixels(opened.image).max(), codes(opened)) == (0, [])


def test_a_transparent_value_of_16_bits_is_white():
    values = np.full((64, 64), 40_000, np.uint16)
    values[:, :32] = 7
    data = encoded(Image.fromarray(values), "PNG", transparency=7)
    assert pixels(read_image(data).image)[0, [0, 63]].tolist() == [[255] * 3, [156] * 3]


UNSUPPORTED = {
    "signed, 8 bits": (GREY // 2).astype(np.int8),
    "signed, 16 bits": GREY.astype(np.int16),
    "signed, 32 bits": GREY.astype(np.int32),
    "signed colours": COLOURS.astype(np.int16),
    "whole, 32 bits": GREY.astype(np.uint32),
    "whole, 64 bits": GREY.astype(np.uint64),
    "floating-point, 16 bits": (GREY / 255).astype(np.float16),
    "floating-point, 64 bits": (GREY / 255).astype(np.float64),
    "floating-point colours": (COLOURS / 255).astype(np.float32),
    "complex": GREY.astype(np.complex64),
}


@pytest.mark.parametrize("kind", UNSUPPORTED)
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_samples_of_unknown_range_are_unsupported_not_damaged(kind: str, compression: str | None):
    with pytest.raises(UnsupportedImage, match="Save it with 8 or 16 bits a channel") as raised:
        read_image(tiff(UNSUPPORTED[kind], compression=compression))
    assert (raised.value.code, raised.value.status) == ("image_unsupported", 415)
    if "," in kind:
        name, bits = kind.split(", ")
        assert f"{name} numbers of {bits}" in raised.value.detail


def test_many_channels_are_unsupported_not_damaged():
    bands = np.dstack([COLOURS, COLOURS, GREY])
    with pytest.raises(UnsupportedImage, match="7 channels"):
        read_image(tiff(bands, photometric="minisblack", planarconfig="contig"))


def test_a_compression_that_is_not_read_is_unsupported_not_damaged():
    data = bytearray(tiff(GREY))
    at = data.index((259).to_bytes(2, "little") + b"\3\0\1\0\0\0") + 8
    data[at : at + 2] = (34_712).to_bytes(2, "little")
    with pytest.raises(UnsupportedImage, match="compressed in way 34712"):
        read_image(bytes(data))


@pytest.mark.parametrize(("frame", "depth"), [(0xC3, 8), (0xC5, 8), (0xC1, 12)])
def test_a_jpeg_of_another_coding_is_unsupported_not_damaged(frame: int, depth: int):
    data = encoded(PHOTO, "JPEG")
    at = data.index(b"\xff\xc0")
    other = data[: at + 1] + bytes((frame,)) + data[at + 2 : at + 4] + bytes((depth,))
    with pytest.raises(UnsupportedImage, match="This is a JPEG"):
        read_image(other + data[at + 5 :])


def test_a_bmp_that_holds_a_jpeg_is_unsupported_not_damaged():
    data = bytearray(encoded(PHOTO, "BMP"))
    data[30:34] = (4).to_bytes(4, "little")
    with pytest.raises(UnsupportedImage, match="This is a BMP of a rare kind"):
        read_image(bytes(data))


def test_lab_colours_are_the_picture():
    """ICC's D50 white is not the screen's; 8 bits of a and b are coarse."""
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    made = ImageCms.profileToProfile(PHOTO, srgb, lab, outputMode="LAB")
    opened = read_image(encoded(made, "TIFF"))
    assert np.abs(pixels(opened.image) - COLOURS).mean() < 3


def test_a_damaged_or_large_file_is_not_called_unsupported():
    whole = tiff(COLOURS, compression="zlib")
    with pytest.raises(ImageError) as raised:
        read_image(whole[: len(whole) // 2])
    assert raised.value.code == "image_damaged"


def test_exif_beside_16_bits_still_turns_the_image():
    turned = read_image(encoded(Image.fromarray(in_16(GREY, 16)), "PNG", exif=exif(6)))
    assert np.abs(pixels(turned.image) - np.rot90(shown(GREY), -1)).max() <= 1
