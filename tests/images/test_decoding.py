from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile
from skimage import data as photos

from recognition.core.errors import (
    DamagedImage,
    ImageError,
    UnsupportedImage,
)
from recognition.images import open_image
from tests.images.builders import (
    BLUE,
    FILES,
    GREEN,
    LOSSLESS,
    LOSSY,
    PHOTO,
    RED,
    difference,
    each_file,
    encoded,
    pixels,
)


@pytest.mark.parametrize("data", LOSSLESS.values(), ids=LOSSLESS.keys())
def test_lossless_formats_give_their_exact_pixels(data: bytes):
    assert np.array_equal(pixels(open_image(data)), pixels(PHOTO))


@pytest.mark.parametrize("data", LOSSY.values(), ids=LOSSY.keys())
def test_lossy_formats_give_nearly_their_pixels(data: bytes):
    assert difference(open_image(data), PHOTO) < 6


@each_file
def test_what_comes_out_is_a_plain_rgb_image_without_metadata(data: bytes):
    image = open_image(data)
    assert (type(image), image.mode, image.size) == (Image.Image, "RGB", PHOTO.size)
    assert image.info == {}
    assert not image.getexif()


@pytest.mark.filterwarnings("ignore")
@each_file
@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused_or_was_whole_but_for_its_trailer(data: bytes, share: float):
    try:
        image = open_image(data[: int(share * len(data))])
    except ImageError:
        return
    assert share > 0.9
    assert np.array_equal(pixels(image), pixels(open_image(data)))


@each_file
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 255)), min_size=1))
def test_a_corrupted_file_never_raises_anything_but_an_image_error(
    data: bytes, edits: list[tuple[int, int]]
):
    corrupted = bytearray(data)
    for position, value in edits:
        corrupted[position % len(data)] = value
    try:
        image = open_image(bytes(corrupted))
    except ImageError as error:
        assert error.detail.endswith((".", "again."))
    else:
        assert image.mode == "RGB"


@pytest.mark.filterwarnings("ignore")
@each_file
def test_half_a_file_is_damaged(data: bytes):
    with pytest.raises(DamagedImage, match="damaged or incomplete"):
        open_image(data[: len(data) // 2])


SVG = b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"hello, this is a text file named cat.jpg\n", "text, not an image"),
        ("Grüße in UTF-16".encode("utf-16"), "text, not an image"),
        (b"<!doctype html><title>404</title>", "text, not an image"),
        (SVG, "SVG drawing. Export it"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF document. Export the page"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2", "Upload one frame"),
        (encoded(PHOTO, "ICO"), "not known. Save the image as"),
        (bytes(range(256)), "not known. Save the image as"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(data: bytes, advice: str):
    with pytest.raises(UnsupportedImage, match=advice):
        open_image(data)


def test_the_first_frame_of_an_animation_counts():
    frames = [Image.new("RGB", (32, 32), colour) for colour in (RED, GREEN, BLUE)]
    for kind in ("GIF", "PNG", "WEBP", "TIFF", "AVIF"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        with Image.open(BytesIO(data)) as animation:
            assert animation.n_frames == 3
        assert difference(open_image(data), frames[0]) < 3, kind


def test_a_large_jpeg_for_an_encoder_is_decoded_at_reduced_scale():
    with open(photos.__path__[0] + "/retina.jpg", "rb") as file:
        data = file.read()
    full, reduced = open_image(data), open_image(data, fit=224)
    assert (full.size, reduced.size) == ((1411, 1411), (706, 706))
    seen = [image.resize((224, 224), Image.Resampling.BICUBIC) for image in (full, reduced)]
    assert difference(*seen) < 1


@pytest.mark.parametrize("side", [100, 447, 448, 895, 896, 1800])
def test_the_reduced_scale_keeps_twice_what_the_encoder_takes(side: int):
    data = encoded(PHOTO.resize((2 * side, side)), "JPEG")
    short = min(open_image(data, fit=224).size)
    assert short == side if side < 896 else 448 <= short < 896


def test_many_threads_decode_alike_and_leave_pillow_as_it_was():
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    alone = [pixels(open_image(data)) for data in FILES.values()]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            together = list(pool.map(open_image, FILES.values()))
            assert all(map(np.array_equal, alone, map(pixels, together)))
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
