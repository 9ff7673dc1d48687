from __future__ import annotations

import struct
import zlib

import pytest
from PIL.ImageFile import ImageFile

from recognition.core.errors import EmptyImage, ImageError, ImageTooLarge, TooManyPixels
from recognition.images import ImageLimits, open_image
from tests.images.builders import (
    FILES,
    PHOTO,
    each_file,
)


def test_an_empty_file_is_refused():
    with pytest.raises(EmptyImage):
        open_image(b"")


def test_a_file_of_too_many_bytes_is_refused():
    data = FILES["JPEG"]
    with pytest.raises(ImageTooLarge, match="at most"):
        open_image(data, limits=ImageLimits(max_bytes=len(data) - 1))
    open_image(data, limits=ImageLimits(max_bytes=len(data)))


@each_file
def test_the_pixel_limit_is_exact(data: bytes):
    count = PHOTO.width * PHOTO.height
    open_image(data, limits=ImageLimits(max_pixels=count))
    with pytest.raises(TooManyPixels, match="96 x 64 pixels"):
        open_image(data, limits=ImageLimits(max_pixels=count - 1))


def png(width: int, height: int, row: bytes) -> bytes:
    """A 1-bit grey PNG of equal rows, written without ever holding its pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    deflate = zlib.compressobj()
    body = b"".join(deflate.compress(row) for _ in range(height)) + deflate.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_000, 12_000, 20_000])
def test_a_png_bomb_is_refused_before_it_is_decoded(side: int, monkeypatch):
    bomb = png(side, side, bytes(1 + side // 8))
    assert len(bomb) < 100_000
    monkeypatch.setattr(ImageFile, "load", lambda image: pytest.fail("It was decoded."))
    with pytest.raises(TooManyPixels, match="Scale it down"):
        open_image(bomb)


@pytest.mark.filterwarnings("error")
def test_a_bomb_is_refused_where_warnings_are_errors():
    with pytest.raises(TooManyPixels):
        open_image(png(12_000, 12_000, bytes(1501)))


def test_an_image_too_narrow_to_scale_is_refused():
    with pytest.raises(ImageError, match="too narrow"):
        open_image(png(8 * 1000, 8, bytes(1001)))
    assert open_image(png(8 * 50, 8, bytes(51))).size == (400, 8)


def test_a_tiff_of_tiles_far_larger_than_itself_is_refused():
    tags = [(256, 64), (257, 64), (258, 8), (259, 8), (262, 1), (277, 1), (322, 40_000)]
    tags += [(323, 40_000), (324, 8), (325, 8)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    tiff = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    with pytest.raises(TooManyPixels, match="tiles of 40000 x 40000"):
        open_image(tiff)


def test_a_jpeg_of_hundreds_of_scans_is_refused():
    data = FILES["JPEG, progressive"]
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(ImageError, match="scans"):
        open_image(data[:-2] + 100 * scan + data[-2:])
