"""Files are kept as they came where nothing but a picture is in them, and re-written elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms
from skimage import data as photos

from recognition.images import encode_query, open_image
from recognition.images.plain_jpeg import plain_jpeg
from tests.images.builders import encoded, exif

CHELSEA = Image.fromarray(photos.chelsea())
SECRET = b"51.5007 N, 0.1246 W"


def jpeg(image: Image.Image = CHELSEA, **options: object) -> bytes:
    return encoded(image, "JPEG", **options)


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def with_segment(data: bytes, marker: int, payload: bytes) -> bytes:
    return data[:2] + segment(marker, payload) + data[2:]


@pytest.mark.parametrize(
    "data",
    [
        jpeg(),
        jpeg(quality=30, subsampling=0),
        jpeg(progressive=True),
        jpeg(optimize=True, restart_marker_rows=1),
        jpeg(CHELSEA.convert("L")),
        jpeg(keep_rgb=True),
    ],
    ids=["baseline", "full colour", "progressive", "restarts", "grey", "rgb"],
)
def test_a_plain_file_shows_the_same_pixels(data: bytes):
    kept = plain_jpeg(data, CHELSEA.size)
    assert kept is not None
    assert np.array_equal(np.asarray(open_image(kept)), np.asarray(open_image(data)))
    assert encode_query(open_image(data), data) == kept


@pytest.mark.parametrize(
    "data",
    [
        with_segment(jpeg(), 0xFE, SECRET),
        with_segment(jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        with_segment(jpeg(), 0xED, b"Photoshop 3.0\0" + SECRET),
        with_segment(jpeg(), 0xE0, b"JFXX\0" + SECRET),
        with_segment(jpeg(), 0xE0, b"JFIF\0" + SECRET),
        jpeg(progressive=True, comment=SECRET),
        jpeg() + SECRET,
        jpeg() + jpeg(comment=SECRET),
    ],
    ids=["comment", "xmp", "iptc", "jfxx", "jfif", "progressive", "behind", "second"],
)
def test_what_is_not_the_picture_goes(data: bytes):
    kept = plain_jpeg(data, CHELSEA.size)
    assert kept is not None
    assert SECRET not in kept
    assert np.array_equal(np.asarray(open_image(kept)), np.asarray(open_image(data)))


@pytest.mark.parametrize(
    "data",
    [
        jpeg(exif=exif(orientation=6)),
        jpeg(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        jpeg(CHELSEA.convert("CMYK")),
        b"",
        b"GIF89a",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9"[:3],
        jpeg()[:-2],
        jpeg().replace(b"\xff\xc0", b"\xff\xc9"),
        with_segment(jpeg(), 0xDC, b"\0\1"),
        with_segment(jpeg(), 0xEE, b"Adobe\0\x64\0\0\0\0\1" + SECRET),
    ],
    ids=[
        *("turned", "profile", "cmyk", "empty", "gif", "start", "cut", "open", "frame", "lines"),
        "adobe",
    ],
)
def test_any_other_file_is_written_anew(data: bytes):
    assert plain_jpeg(data, CHELSEA.size) is None


def test_a_file_that_was_scaled_down_is_written_anew():
    assert plain_jpeg(jpeg(), (CHELSEA.width // 2, CHELSEA.height // 2)) is None


def test_damage_anywhere_is_no_error():
    data = jpeg(progressive=True)
    for at in range(2, len(data), 7):
        plain_jpeg(data[:at], CHELSEA.size)
        plain_jpeg(data[:at] + b"\xff" + data[at + 1 :], CHELSEA.size)
