"""A JPEG file as it came, less all that is not its picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

START, END = b"\xff\xd8", b"\xff\xd9"
FRAMES = {0xC0, 0xC1, 0xC2}
"""Of Huffman-coded pictures: baseline, extended and progressive."""
SCAN = 0xDA
CODING = {0xC4, 0xDB, 0xDD, SCAN, *FRAMES}
"""Tables, restart interval, scans and frames."""
APP0, APP14 = 0xE0, 0xEE
ASIDE = {*range(APP0, APP0 + 16), 0xFE}
"""What applications add, and comments."""
KNOWN = CODING | ASIDE
JFIF, ADOBE = b"JFIF\0", b"Adobe"
JFIF_BYTES, ADOBE_BYTES = 18, 16
"""Of segments that tell colours and nothing else (ITU-T T.871, 10.1; T.872, 6.5.3)."""
EXIF, PROFILE = b"Exif\0", b"ICC_PROFILE\0"

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends a scan's data, in which 0xFF stands only before a zero and restart markers."""


def plain_jpeg(data: bytes, size: tuple[int, int]) -> bytes | None:
    """Return the file with the segments that its picture is decoded from, and nothing else: no
    metadata, comments, thumbnails, nor what lies behind its end (ITU-T T.81, annex B).

    None where the picture is not what these alone would show, upright and in sRGB with ``size``
    pixels, or where the file is of another kind.
    """
    kept = [START]
    try:
        for marker, segment, scan in _segments(data):
            payload = segment[4:]
            if marker in FRAMES and (_size(payload) != size or payload[5] not in {1, 3}):
                return None
            if marker not in KNOWN or payload.startswith((EXIF, PROFILE)):
                return None
            tells_colours = _tells_colours(marker, segment)
            if marker == APP14 and payload.startswith(ADOBE) and not tells_colours:
                return None
            if marker in CODING or tells_colours:
                kept += segment, scan
    except (IndexError, ValueError):
        return None
    return b"".join((*kept, END))


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, segment and, of a scan, its data, up to the end of the image. Raises IndexError,
    ValueError where there is none.
    """
    if not data.startswith(START):
        raise ValueError
    at = len(START)
    while data[at : at + 2] != END:
        if data[at] != 0xFF:
            raise ValueError
        marker, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        after = end
        if marker == SCAN:
            if (found := _MARKER.search(data, end)) is None:
                raise ValueError
            after = found.start()
        yield marker, data[at:end], data[end:after]
        at = after


def _size(frame: bytes) -> tuple[int, int]:
    return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")


def _tells_colours(marker: int, segment: bytes) -> bool:
    """Say whether a segment says how the components make colours, and nothing else."""
    if marker == APP0:
        return segment.startswith(JFIF, 4) and len(segment) == JFIF_BYTES
    return marker == APP14 and segment.startswith(ADOBE, 4) and len(segment) == ADOBE_BYTES
