from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from skimage import data as photos

from recognition.images import (
    STORED_CONTENT_TYPE,
    STORED_SUFFIX,
    encode_query,
    encode_stored,
    open_image,
    thumbnail,
)
from tests.images.builders import (
    encoded,
    exif,
)

CHELSEA = Image.fromarray(photos.chelsea())


def test_what_is_stored_opens_as_the_very_image_that_was_embedded():
    stored = encode_stored(CHELSEA)
    assert np.array_equal(np.asarray(open_image(stored)), np.asarray(CHELSEA))


def test_the_stored_type_is_what_is_written():
    with Image.open(BytesIO(encode_stored(CHELSEA))) as image:
        assert image.get_format_mimetype() == STORED_CONTENT_TYPE
        assert Image.registered_extensions()[STORED_SUFFIX] == image.format


def test_a_large_image_is_stored_small_and_looks_the_same_to_an_encoder():
    large = CHELSEA.resize((3000, 2000), Image.Resampling.BICUBIC)
    stored = encode_stored(large)
    again = open_image(stored)
    assert len(stored) < 1_000_000
    assert again.size == large.size
    seen = [np.asarray(image.resize((224, 224))).astype(int) for image in (large, again)]
    assert np.abs(seen[0] - seen[1]).mean() < 0.5


def noise(side: int) -> Image.Image:
    grain = np.random.default_rng(5).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Image.fromarray(grain)


def test_noise_that_the_format_cannot_hold_at_best_is_stored_all_the_same():
    image = noise(4000)
    with pytest.raises(ValueError, match="encoding error"):
        image.save(BytesIO(), "WEBP", quality=95, method=0)
    again = open_image(encode_stored(image))
    assert again.size == image.size
    seen = [np.asarray(each.resize((224, 224))).astype(int) for each in (image, again)]
    assert np.abs(seen[0] - seen[1]).mean() < 1


def test_a_query_is_kept_so_that_an_encoder_sees_the_same():
    again = open_image(encode_query(CHELSEA, b""))
    assert again.size == CHELSEA.size
    seen = [np.asarray(image.resize((224, 224))).astype(int) for image in (CHELSEA, again)]
    assert np.abs(seen[0] - seen[1]).mean() < 1


def test_a_side_longer_than_the_format_holds_is_scaled_down():
    assert open_image(encode_stored(Image.new("RGB", (20_000, 1_000)))).size == (16_383, 819)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_neither_the_stored_image_nor_its_thumbnail_tells_where_it_was_taken(kind: str):
    source = encoded(CHELSEA, kind, exif=exif())
    assert b"Camera of Alice" in source
    image = open_image(source)
    for written in (encode_stored(image), encode_query(image, source), thumbnail(image)):
        assert b"Alice" not in written
        with Image.open(BytesIO(written)) as file:
            assert not file.getexif()
            assert not file.info.keys() & {"exif", "xmp", "icc_profile"}


@pytest.mark.parametrize(
    ("size", "expected"), [((451, 300), (256, 170)), ((300, 451), (170, 256)), ((80, 60), (80, 60))]
)
def test_a_thumbnail_fits_its_side_and_is_never_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
):
    image = CHELSEA.resize(size)
    with Image.open(BytesIO(thumbnail(image))) as preview:
        assert (preview.format, preview.size) == ("WEBP", expected)
    assert image.size == size


def test_a_thumbnail_takes_the_side_it_is_told():
    with Image.open(BytesIO(thumbnail(CHELSEA, side=64))) as preview:
        assert max(preview.size) == 64
