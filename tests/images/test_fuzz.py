"""Files spoilt in every way: an image, or an error that says so, in bounded memory."""

from __future__ import annotations

import resource
import sys
from io import BytesIO

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data as photos

from recognition.core.errors import ImageError
from recognition.images import ImageLimits, read_image
from tests.images.builders import FILES, PHOTO
from tests.images.camera import dng
from tests.images.test_around import JPEGS, noted
from tests.images.test_around import tiff as pages
from tests.images.test_ground import WHITE_MARKS, bmp
from tests.images.test_samples import in_16, png, tiff

COLOURS = np.asarray(PHOTO)
LIMITS = ImageLimits(max_bytes=1_000_000, max_pixels=1_000_000)
MOST_BYTES = 300_000_000
"""Far more than a million pixels take in any form, far less than what a bomb would."""


def _planar() -> bytes:
    target = BytesIO()
    planes = np.moveaxis(in_16(COLOURS, 16), -1, 0)
    tifffile.imwrite(target, planes, photometric="rgb", planarconfig="separate", metadata=None)
    return target.getvalue()


SEEDS = {
    **FILES,
    **{f"JPEG, {kind}": data for kind, data in JPEGS.items()},
    "JPEG without an end": JPEGS["baseline"][:-2],
    "PNG of 12 bits": png(in_16(COLOURS, 12), significant=12),
    "PNG with notes": noted(PHOTO, packed="x" * 100_000, xmp="x" * 1000),
    "PNG, white mark": WHITE_MARKS["PNG"],
    "TIFF of 12 bits": tiff(in_16(COLOURS, 12)),
    "TIFF, deflated": tiff(COLOURS, compression="zlib"),
    "TIFF in planes": _planar(),
    "TIFF with pages": pages((COLOURS, 1), (COLOURS, 1), (COLOURS, 0), below=1),
    "BMP with alpha": bmp(124, alpha=0),
    "raw": dng(photos.chelsea()[:64, :64]),
}

positions = st.floats(0, 1, exclude_max=True)
EDITS = st.one_of(
    st.tuples(st.just("set"), positions, st.binary(min_size=1, max_size=8)),
    st.tuples(st.just("insert"), positions, st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("cut"), positions, positions),
    st.tuples(st.just("repeat"), positions, st.integers(1, 400)),
)


def spoilt(data: bytes, edits: list[tuple[str, float, object]]) -> bytes:
    """The start of a file, where its structure is, is hit as often as all the rest."""
    for kind, where, what in edits:
        at = int(len(data) * where) if where < 0.5 else int(min(len(data), 400) * (2 * where - 1))
        match kind, what:
            case "set", bytes():
                data = data[:at] + what + data[at + len(what) :]
            case "insert", bytes():
                data = data[:at] + what + data[at:]
            case "cut", float():
                data = data[:at] + data[at + int(len(data) * what * what) :]
            case "repeat", int():
                data = data[: at + what] + data[at:]
    return data


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=120, deadline=None, derandomize=True)
@given(edits=st.lists(EDITS, min_size=1, max_size=6))
def test_a_spoilt_file_is_an_image_or_an_image_error_in_bounded_memory(kind: str, edits: list):
    before = peak()
    try:
        opened = read_image(spoilt(SEEDS[kind], edits), limits=LIMITS)
    except ImageError as error:
        assert error.code.startswith(("image_", "invalid_image"))
    else:
        assert opened.image.mode == "RGB"
        assert opened.image.width * opened.image.height <= LIMITS.max_pixels
    assert peak() - before < MOST_BYTES


def peak() -> int:
    """Bytes that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )
