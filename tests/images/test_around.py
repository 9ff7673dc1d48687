"""Pictures among what else a file holds: thumbnails, notes, films, and ends that are missing."""

from __future__ import annotations

import os
import zlib
from io import BytesIO

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin
from skimage import data as photos

from recognition.core.errors import DamagedImage, TooManyPixels
from recognition.images import ImageLimits, open_image, read_image
from tests.images.builders import PHOTO, encoded, pixels
from tests.images.camera import dng
from tests.images.test_colour import profile_with_swapped_primaries

COLOURS = np.asarray(PHOTO)
OTHER = photos.astronaut()[::8, ::8]


def tiff(*pages: tuple[np.ndarray, int], order: str = "<", below: int = 0) -> bytes:
    """Pages with their subfile types; the last ``below`` of them hang below the first."""
    target = BytesIO()
    with tifffile.TiffWriter(target, byteorder=order) as writer:
        for number, (values, kind) in enumerate(pages):
            writer.write(
                values,
                photometric="rgb",
                metadata=None,
                subfiletype=kind,
                subifds=below if number == 0 else 0,
            )
    return target.getvalue()


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("below", [0, 1])
def test_the_full_picture_counts_not_the_reduced_one_before_it(order: str, below: int):
    opened = read_image(tiff((OTHER, 1), (COLOURS, 0), order=order, below=below))
    assert np.array_equal(pixels(opened.image), COLOURS)
    assert opened.warnings == ()


def test_of_several_reduced_pictures_the_full_one_is_found():
    opened = read_image(tiff((OTHER[::2, ::2], 1), (OTHER, 1), (COLOURS, 0), (OTHER, 1)))
    assert np.array_equal(pixels(opened.image), COLOURS)


def test_a_picture_that_is_reduced_of_none_is_taken_and_it_is_said():
    opened = read_image(tiff((COLOURS, 1)))
    assert np.array_equal(pixels(opened.image), COLOURS)
    assert [warning.code for warning in opened.warnings] == ["reduced_copy"]


def test_smaller_copies_behind_the_picture_do_not_count():
    opened = read_image(tiff((COLOURS, 0), (OTHER, 1), below=1))
    assert np.array_equal(pixels(opened.image), COLOURS)


def test_the_full_picture_is_as_bounded_as_the_first():
    data = tiff((OTHER[::4, ::4], 1), (COLOURS, 0))
    with pytest.raises(TooManyPixels, match="96 x 64 pixels"):
        read_image(data, limits=ImageLimits(max_pixels=96 * 64 - 1))


def test_directories_in_a_ring_come_to_an_end():
    data = bytearray(tiff((OTHER, 1), (OTHER, 1)))
    first = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[first : first + 2], "little")
    second = int.from_bytes(data[first + 2 + 12 * count :][:4], "little")
    count = int.from_bytes(data[second : second + 2], "little")
    data[second + 2 + 12 * count :][:4] = data[4:8]
    data[second + 2 + 12 * count : second + 6 + 12 * count] = data[4:8]
    assert np.array_equal(pixels(open_image(bytes(data))), OTHER)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_cameras_raw_file_is_developed(orientation: int):
    chelsea = photos.chelsea()
    image = open_image(dng(chelsea, orientation))
    upright = chelsea if orientation == 1 else np.rot90(chelsea, -1)
    seen, expected = (
        np.asarray(each.resize((32, 32))).astype(float).ravel()
        for each in (image, Image.fromarray(upright))
    )
    assert np.corrcoef(seen, expected)[0, 1] > 0.97


def test_a_raw_file_is_refused_by_its_size_before_it_is_developed():
    with pytest.raises(TooManyPixels, match="450 x 300 pixels"):
        read_image(dng(photos.chelsea()), limits=ImageLimits(max_pixels=100_000))


def test_half_a_raw_file_is_damaged():
    data = dng(photos.chelsea())
    with pytest.raises(DamagedImage, match="raw file is damaged"):
        read_image(data[: len(data) // 2])


JPEGS = {
    "baseline": encoded(PHOTO, "JPEG", quality=90),
    "grey": encoded(PHOTO.convert("L"), "JPEG"),
    "CMYK": encoded(PHOTO.convert("CMYK"), "JPEG"),
    "progressive": encoded(PHOTO, "JPEG", progressive=True),
    "restarts": encoded(PHOTO, "JPEG", restart_marker_rows=1),
}


@pytest.mark.parametrize("kind", JPEGS)
@pytest.mark.parametrize("fit", [None, 16])
def test_a_jpeg_that_lacks_nothing_but_its_end_mark_is_whole(kind: str, fit: int | None):
    whole = JPEGS[kind]
    expected = pixels(open_image(whole, fit=fit))
    for cut in (1, 2):
        assert np.array_equal(pixels(open_image(whole[:-cut], fit=fit)), expected)


@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_that_lacks_pixels_is_damaged(kind: str):
    whole = JPEGS[kind]
    for cut in (20, 100, len(whole) // 3):
        with pytest.raises(DamagedImage):
            open_image(whole[:-cut])


def test_a_progressive_jpeg_that_lacks_a_whole_scan_is_damaged():
    whole = JPEGS["progressive"]
    with pytest.raises(DamagedImage):
        open_image(whole[: whole.rindex(b"\xff\xda")])


def test_the_film_behind_a_motion_photo_does_not_count():
    film = b"\0\0\0\x18ftypmp42" + 200 * (os.urandom(50).replace(b"\xff", b"") + b"\xff\xda\0\x08")
    for whole in JPEGS.values():
        assert np.array_equal(pixels(open_image(whole + film)), pixels(open_image(whole)))


def noted(image: Image.Image, **chunks: object) -> bytes:
    notes = PngImagePlugin.PngInfo()
    for kind, text in chunks.items():
        if kind == "xmp":
            notes.add_itxt("XML:com.adobe.xmp", str(text), zip=True)
        elif kind == "international":
            notes.add_itxt("Comment", str(text), zip=True)
        else:
            notes.add_text("Comment", str(text), zip=kind == "packed")
    return encoded(image, "PNG", pnginfo=notes)


@pytest.mark.parametrize("kind", ["packed", "plain", "international", "xmp"])
def test_a_png_with_megabytes_of_notes_is_its_picture(kind: str):
    data = noted(PHOTO, **{kind: "x" * 3_000_000})
    assert np.array_equal(pixels(open_image(data)), COLOURS)


def test_a_png_with_a_hundred_large_notes_is_its_picture():
    notes = PngImagePlugin.PngInfo()
    for number in range(100):
        notes.add_text(f"Comment {number}", "x" * 1_000_000, zip=True)
    assert np.array_equal(pixels(open_image(encoded(PHOTO, "PNG", pnginfo=notes))), COLOURS)


def test_notes_behind_the_pixels_do_no_harm_either():
    data = encoded(PHOTO, "PNG")
    notes = BytesIO()
    PngImagePlugin.putchunk(notes, b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000)))
    end = data.rindex(b"IEND") - 4
    assert np.array_equal(pixels(open_image(data[:end] + notes.getvalue() + data[end:])), COLOURS)


def test_an_orientation_that_stands_in_a_note_is_kept():
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )
    assert np.array_equal(pixels(open_image(noted(PHOTO, xmp=xmp))), np.rot90(COLOURS, -1))


@pytest.mark.parametrize("size", [0, 2_000_000])
def test_a_profile_of_megabytes_is_applied(size: int):
    """What lies behind its last tag is of no use, but no harm."""
    profile = bytearray(profile_with_swapped_primaries() + os.urandom(size))
    profile[:4] = len(profile).to_bytes(4, "big")
    data = encoded(Image.new("RGB", (16, 16), (255, 0, 0)), "PNG", icc_profile=bytes(profile))
    assert np.abs(pixels(open_image(data)).mean(axis=(0, 1)) - (0, 255, 0)).max() < 8


def test_a_profile_beyond_all_measure_is_left_out():
    data = encoded(PHOTO, "PNG", icc_profile=bytes(9_000_000))
    assert np.array_equal(pixels(open_image(data)), COLOURS)
