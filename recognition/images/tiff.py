"""Which picture of a TIFF file counts, and of what kind its pixels are (TIFF 6.0)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, TiffImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from recognition.core.errors import UnsupportedImage

# Pillow's own reading of uncompressed files takes samples of 16 bits in separate planes for 8.
TiffImagePlugin.READ_LIBTIFF = True
# And it knows 16-bit grey of which white is zero in one order of bytes only.
_SWAPPED_GREY = (b"MM", 1, (1,), 1, (16,), ())
TiffImagePlugin.OPEN_INFO.setdefault(
    (b"MM", 0, *_SWAPPED_GREY[2:]), TiffImagePlugin.OPEN_INFO[_SWAPPED_GREY]
)

BIG, BIG_SWAPPED = b"II+", b"MM\0+"
"""BigTIFF, and that in the order of bytes in which Pillow does not read it."""

MAX_DIRECTORIES = 64
"""Pictures that are looked through for the full one."""
SUB_DIRECTORIES, MAX_SAMPLE, SAMPLE_FORMAT, DNG_VERSION = 330, 281, 339, 50706
COLOUR_FILTER, LINEAR_RAW = 32803, 34892
"""What a photometric interpretation says of the sensor's own values (TIFF/EP, DNG)."""
UNSIGNED, SIGNED, FLOATING, VOID = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Page:
    """A picture of the file: where its directory is, and what that says."""

    offset: int
    tags: Any

    @property
    def is_reduced(self) -> bool:
        """Say whether the page is of lower resolution than another picture of the file."""
        return bool(self.tags.get(ExifTags.Base.NewSubfileType, 0) & 1)

    @property
    def is_raw(self) -> bool:
        photometric = self.tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION)
        return photometric in {COLOUR_FILTER, LINEAR_RAW} or DNG_VERSION in self.tags

    @property
    def bits(self) -> tuple[int, ...]:
        return tuple(self.tags.get(TiffImagePlugin.BITSPERSAMPLE, (1,)))

    @property
    def is_inverted(self) -> bool:
        """Say whether white is zero, which Pillow reads right only of 8 bits and fewer."""
        return bool(self.tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION, 0) == 0)

    @property
    def significant_bits(self) -> int | None:
        """Return the bits of a sample that mean something, where the file says so."""
        if self.bits[0] < 16:
            return self.bits[0]
        declared = self.tags.get(MAX_SAMPLE)
        most = max(declared) if isinstance(declared, tuple) else declared
        return int(most).bit_length() if most else None


def pages(data: bytes) -> Iterator[Page]:
    """Yield the pictures of the file, each followed by those that its directory names; none for a
    directory that cannot be read.
    """
    size, form = (8, "Q") if data.startswith(BIG) else (4, "L")
    order = "<" if data.startswith(b"II") else ">"
    header = data[: 2 * size]
    if len(header) < 2 * size or data.startswith(BIG_SWAPPED):
        return
    (first,) = struct.unpack(order + form, header[size:])
    due, seen = [first], set[int]()
    file = BytesIO(data)
    while due and len(seen) < MAX_DIRECTORIES:
        offset = due.pop(0)
        if offset in seen or not 0 < offset < len(data):
            continue
        seen.add(offset)
        tags = ImageFileDirectory_v2(header)
        with suppress(Exception):  # Pillow's parsing lets through whatever it ran into
            file.seek(offset)
            tags.load(file)
            below = tags.get(SUB_DIRECTORIES, ())
            yield Page(offset, tags)
            due = [*(below if isinstance(below, tuple) else (below,)), *due, tags.next]


def full_page(data: bytes) -> Page | None:
    """Return the first picture that is no reduced copy of another, else the first; None of a file
    whose directories cannot be read.
    """
    found = list(pages(data))
    return next((page for page in found if not page.is_reduced), found[0] if found else None)


def beginning_with(data: bytes, page: Page) -> bytes:
    """Return the file with that picture as its first."""
    order = "<" if data.startswith(b"II") else ">"
    if data.startswith(BIG):
        return data[:8] + struct.pack("<Q", page.offset) + data[16:]
    return data[:4] + struct.pack(order + "L", page.offset) + data[8:]


def check_samples(page: Page) -> None:
    """Refuse samples whose black and white are not known. Raises UnsupportedImage."""
    formats = page.tags.get(SAMPLE_FORMAT, (UNSIGNED,))
    kinds = set(formats if isinstance(formats, tuple) else (formats,))
    bits = set(page.bits)
    if kinds == {FLOATING} and bits == {32} and len(page.bits) == 1:
        return  # values from 0 to 1 are told from others once they are decoded
    if kinds <= {UNSIGNED, VOID} and max(bits) <= 16:
        return
    named = {SIGNED: "signed", FLOATING: "floating-point"}
    kind = next((named[each] for each in (FLOATING, SIGNED) if each in kinds), "whole")
    raise UnsupportedImage(
        f"The TIFF's pixels are {kind} numbers of {max(bits)} bits, of which it is not known what "
        "is black and what is white. Save it with 8 or 16 bits a channel."
    )


def unread(data: bytes) -> str | None:
    """Name what of a whole file is not read, for an error to tell; None where it should be read."""
    if data.startswith(BIG_SWAPPED):
        return "a BigTIFF with its bytes in big-endian order"
    page = full_page(data)
    if page is None:
        return None
    tags = page.tags
    compression = tags.get(TiffImagePlugin.COMPRESSION, 1)
    if compression not in TiffImagePlugin.COMPRESSION_INFO:
        return f"a TIFF compressed in way {compression}"
    photometric = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION, 0)
    known = {(key[1], *key[4][:1]) for key in TiffImagePlugin.OPEN_INFO}
    channels = {len(key[4]) for key in TiffImagePlugin.OPEN_INFO if key[1] == photometric}
    if (photometric, *page.bits[:1]) in known and len(page.bits) in channels:
        return None
    return f"a TIFF of {len(page.bits)} channels with {page.bits[0]} bits (colours {photometric})"
