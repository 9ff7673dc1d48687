"""The chunks of a PNG file (PNG specification, third edition)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from PIL.PngImagePlugin import MAX_TEXT_CHUNK

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PROFILE = 4 * 1024 * 1024
"""Bytes of the largest colour profile that is applied: ten times those of printing presses."""
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_MAY_TURN = (b"XML:com.adobe.xmp\0", b"Raw profile type exif\0", b"Raw profile type APP1\0")
"""Keywords of the texts in which an orientation may stand."""


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the type of each whole chunk, and where it starts and ends."""
    at = len(SIGNATURE)
    while len(data) >= at + 12:
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return
        yield data[at + 4 : at + 8], at, end
        at = end


def plain_png(data: bytes) -> tuple[bytes, bytes | None]:
    """Return the file without its notes, and its colour profile where that is a large one.

    A picture says nothing less without them, while Pillow refuses a file for the size of its texts
    or profile. Kept are the texts of usual size that may tell the orientation.
    """
    kept, profile, upto = [], None, 0
    for kind, start, end in chunks(data):
        if kind == b"iCCP" and _unpacked(body := data[start + 8 : end - 4], MAX_TEXT_CHUNK) is None:
            profile = _unpacked(body, MAX_PROFILE)
        elif kind not in _TEXTS or _may_turn(kind, data[start + 8 : end - 4]):
            continue
        kept.append(data[upto:start])
        upto = end
    return b"".join((*kept, data[upto:])) if kept else data, profile


def significant_bits(data: bytes) -> int | None:
    """Read how many bits of a sample mean something, by the chunk sBIT; None where it says
    nothing.
    """
    for kind, start, end in chunks(data):
        if kind == b"sBIT":
            grey = data[25] in {0, 4}
            return max(data[start + 8 : end - 4][: 1 if grey else 3], default=None)
        if kind == b"IDAT":
            break
    return None


def _may_turn(kind: bytes, body: bytes) -> bool:
    if kind == b"tEXt" or not body.startswith(_MAY_TURN):
        return body.startswith(_MAY_TURN)
    return _unpacked(body, MAX_TEXT_CHUNK, international=kind == b"iTXt") is not None


def _unpacked(body: bytes, most: int, *, international: bool = False) -> bytes | None:
    """Unpack what is compressed behind a chunk's keyword; None where it is broken or more than
    ``most`` bytes, which are never unpacked.
    """
    packed = body.partition(b"\0")[2]
    if international:
        compressed, packed = packed[:1] == b"\1", packed[2:].split(b"\0", 2)[-1]
        if not compressed:
            return packed if len(packed) < most else None
    else:
        packed = packed[1:]
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, most)
    except zlib.error:
        return None
    return None if unpacking.unconsumed_tail else plain
