"""What a JPEG file's markers say of it (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator

START, END = 0xD8, 0xD9
SCAN = 0xDA
HUFFMAN = {0xC0, 0xC1, 0xC2}
"""Frames of Huffman-coded pictures: baseline, extended and progressive."""
PROGRESSIVE = 0xC2
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Of every coding; the three others of that range are tables."""
_ALONE = {START, 0x01}
"""Markers without a segment, besides restarts, which stand in the data of scans."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Also what ends a scan's data, in which 0xFF stands only before a zero and restart markers."""
_END = bytes((0xFF, END))
_FILLINGS = (bytes(64), b"\x55" * 64)
"""Two continuations that no picture decodes alike from."""


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of each segment, as far as the file's one picture goes; ``END``
    comes last, where it is there. What is no marker is passed over, as decoders do.
    """
    at = 0
    while found := _MARKER.search(data, at):
        marker, at = data[found.start() + 1], found.end()
        if marker == END:
            yield marker, b""
            return
        if marker in _ALONE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        yield marker, data[at + 2 : at + length]
        at += max(length, 2)


def scans(data: bytes) -> int:
    """Count the picture's scans; thumbnails and what lies behind its end do not count."""
    return sum(marker == SCAN for marker, _ in segments(data))


def is_ended(data: bytes) -> bool:
    return any(marker == END for marker, _ in segments(data))


def endings(data: bytes) -> tuple[bytes, bytes]:
    """Return the file without an end mark, ended in two ways: pixels that are alike in both are its
    own, for they depend on nothing that is missing.
    """
    known = data.rstrip(b"\xff")
    one, other = (known + filling + _END for filling in _FILLINGS)
    return one, other


def is_refined(data: bytes) -> bool:
    """Say whether every coefficient of a progressive picture has been given its last bit (T.81,
    G.1), and so no further scan can be missing; a sequential one has no such scans.
    """
    components: tuple[int, ...] = ()
    final: set[tuple[int, int]] = set()
    for marker, content in segments(data):
        if marker in FRAMES and len(content) > 5:
            if marker != PROGRESSIVE:
                return True
            components = tuple(content[6 : 6 + 3 * content[5] : 3])
        elif marker == SCAN and content:
            shown = content[1 : 1 + 2 * content[0] : 2]
            first, last, approximation = content[1 + 2 * content[0] :][:3] or (0, 0, 0)
            if approximation & 15 == 0:
                final |= {(each, at) for each in shown for at in range(first, min(last, 63) + 1)}
    return final >= {(each, at) for each in components for at in range(64)}


def unread(data: bytes) -> str | None:
    """Name the coding of a whole file that is not read; None where it is one that is."""
    for marker, content in segments(data):
        if marker in FRAMES:
            if content[:1] != b"\x08":
                return f"a JPEG of {content[0] if content else 0} bits a channel"
            return None if marker in HUFFMAN else "a JPEG that is lossless or hierarchical"
    return None
