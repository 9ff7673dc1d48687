"""Every format, mode, depth and orientation against the same picture as 8-bit RGB."""

from __future__ import annotations

from io import BytesIO
from itertools import product

import numpy as np
import pytest
import tifffile
from PIL import Image

from recognition.core.errors import UnsupportedImage
from recognition.images import open_image, read_image
from tests.images.builders import PHOTO, encoded, pixels
from tests.images.test_orientation import UPRIGHT

COLOURS = np.asarray(PHOTO)
GREY = np.asarray(PHOTO.convert("L"))
ALPHA = np.linspace(0, 255, COLOURS.shape[1]).astype(np.uint8)[None].repeat(len(COLOURS), axis=0)


def over_white(colours: np.ndarray) -> np.ndarray:
    share = ALPHA[..., None] / 255
    return np.rint(colours * share + 255 * (1 - share))


GREY_RGB = np.stack([GREY] * 3, axis=-1)
TIFF_KINDS = {
    "grey": (GREY, {"photometric": "minisblack"}, GREY_RGB),
    "grey, white is zero": (255 - GREY, {"photometric": "miniswhite"}, GREY_RGB),
    "colours": (COLOURS, {"photometric": "rgb"}, COLOURS),
    "colours and alpha": (
        np.dstack([COLOURS, ALPHA]),
        {"photometric": "rgb", "extrasamples": ["unassalpha"]},
        over_white(COLOURS),
    ),
    "colours and something": (
        np.dstack([COLOURS, ALPHA]),
        {"photometric": "rgb", "extrasamples": ["unspecified"]},
        COLOURS,
    ),
}
LAYOUTS = {
    "strips": {"rowsperstrip": 10},
    "one strip": {},
    "tiles": {"tile": (32, 32)},
    "deflated": {"compression": "zlib", "rowsperstrip": 16},
    "deflated tiles": {"compression": "zlib", "tile": (48, 16)},
    "BigTIFF": {"bigtiff": True},
}


def tiff(
    values: np.ndarray, *, planar: bool, order: str, bigtiff: bool = False, **options
) -> bytes:
    target = BytesIO()
    if planar and values.ndim == 3:
        values, options["planarconfig"] = np.moveaxis(values, -1, 0), "separate"
    with tifffile.TiffWriter(target, byteorder=order, bigtiff=bigtiff) as writer:
        writer.write(values, metadata=None, **options)
    return target.getvalue()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", TIFF_KINDS)
@pytest.mark.parametrize("depth", [8, 16])
def test_a_tiff_is_the_picture_whatever_its_layout(kind: str, depth: int, layout: str):
    values, options, expected = TIFF_KINDS[kind]
    deep = values.astype(np.uint16) * 257 if depth == 16 else values
    orders = "<" if layout == "BigTIFF" else "<>"
    for planar, order in product([False, True], orders):
        data = tiff(deep, planar=planar, order=order, **options, **LAYOUTS[layout])
        opened = read_image(data)
        assert np.abs(pixels(opened.image) - expected).max() <= 1, (planar, order)
        assert opened.warnings == ()


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize(("depth", "planar"), [(8, False), (8, True), (16, False), (16, True)])
def test_a_tiff_of_any_depth_stands_upright(orientation: int, depth: int, planar: bool):
    deep = COLOURS.astype(np.uint16) * 257 if depth == 16 else COLOURS
    data = tiff(
        deep,
        planar=planar,
        order="<",
        photometric="rgb",
        extratags=[(274, "H", 1, orientation, True)],
    )
    assert np.array_equal(pixels(open_image(data)), UPRIGHT[orientation](pixels(PHOTO)))


MODES = {
    "1": PHOTO.convert("1"),
    "L": PHOTO.convert("L"),
    "P": PHOTO.quantize(64),
    "RGB": PHOTO,
    "CMYK": PHOTO.convert("CMYK"),
    "YCbCr": PHOTO.convert("YCbCr"),
    "LA": Image.merge("LA", [PHOTO.convert("L"), Image.fromarray(ALPHA)]),
    "RGBA": Image.merge("RGBA", [*PHOTO.split(), Image.fromarray(ALPHA)]),
    "I;16": Image.fromarray(GREY.astype(np.uint16) * 257),
}
SHOWN = {
    "L": GREY_RGB,
    "RGB": COLOURS,
    "CMYK": COLOURS,
    "YCbCr": COLOURS,
    "LA": over_white(GREY_RGB),
    "RGBA": over_white(COLOURS),
    "I;16": GREY_RGB,
}
WRITABLE = {
    "PNG": {"1", "L", "P", "RGB", "LA", "RGBA", "I;16"},
    "TIFF": {"1", "L", "P", "RGB", "CMYK", "YCbCr", "LA", "RGBA", "I;16"},
    "JPEG": {"L", "RGB", "CMYK", "YCbCr"},
    "JPEG2000": {"L", "RGB", "LA", "RGBA", "I;16", "YCbCr"},
    "WEBP": {"L", "RGB", "RGBA"},
    "BMP": {"1", "L", "P", "RGB"},
    "PPM": {"1", "L", "RGB", "I;16"},
    "GIF": {"1", "L", "P"},
    "AVIF": {"L", "RGB", "RGBA", "LA"},
    "HEIF": {"L", "RGB", "RGBA", "LA", "I;16"},
}
BEST = {
    "JPEG": {"quality": 100, "subsampling": 0},
    "WEBP": {"lossless": True, "exact": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "HEIF": {"quality": -1, "chroma": 444},
}


@pytest.mark.parametrize(
    ("kind", "mode"), [(kind, mode) for kind, modes in WRITABLE.items() for mode in sorted(modes)]
)
def test_every_mode_of_every_format_is_the_picture(kind: str, mode: str):
    opened = read_image(encoded(MODES[mode], kind, **BEST.get(kind, {})))
    shown = SHOWN[mode] if mode in SHOWN else np.asarray(MODES[mode].convert("RGB"))
    assert opened.image.size == PHOTO.size
    assert np.abs(pixels(opened.image) - shown).mean() < 1.5
    assert opened.warnings == ()


def test_a_big_tiff_in_the_other_order_is_unsupported_not_damaged():
    data = tiff(COLOURS, planar=False, order=">", bigtiff=True, photometric="rgb")
    with pytest.raises(UnsupportedImage, match="BigTIFF with its bytes in big-endian order"):
        open_image(data)
