"""JPEG XL, decoded in a process of its own.

Its decoder reserves what a file asks for before anything of that can be checked (the pixels of
frames and of extra channels may be many more than the picture's), so that only the operating
system can bound it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from recognition.core.errors import DamagedImage, TooManyPixels
from recognition.images.limits import ImageLimits, check_size

JXL = "JPEG XL"
"""Stands beside the names of Pillow's formats."""

_CODESTREAM, _CONTAINER = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"
_BASE_BYTES = 1_000_000_000
_PIXEL_BYTES = 30
"""Address space of the process: its libraries and threads, and the planes of a picture, of which
50 million pixels took 18 bytes each, measured."""

_SECONDS = 30
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
"""Width by height, as the header abbreviates it (ISO/IEC 18181-1, SizeHeader)."""


def is_jxl(data: bytes) -> bool:
    return data.startswith((_CODESTREAM, _CONTAINER))


def decode_jxl(data: bytes, limits: ImageLimits) -> Image.Image:
    """Decode the picture, upright unless it has EXIF, and with its profile, as Pillow has both.

    Raises TooManyPixels, ImageError, DamagedImage.
    """
    if (size := declared_size(data)) is not None:
        check_size(size, limits)
    memory = _BASE_BYTES + _PIXEL_BYTES * limits.max_pixels
    try:
        done = subprocess.run(  # noqa: S603 - of this interpreter, with no argument of anybody's
            [sys.executable, "-I", str(_CHILD), str(memory), str(_SECONDS)],
            input=data,
            capture_output=True,
            timeout=2 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooManyPixels("The JPEG XL file takes too long to decode. Save it as JPEG.") from None
    if done.returncode:
        raise DamagedImage(
            "The JPEG XL file is damaged, or takes more memory than an image of its size. Save it "
            "again, or as JPEG."
        )
    head, _, pixels = done.stdout.partition(b"\n")
    told = json.loads(head)
    image = Image.frombytes(told["mode"], tuple(told["size"]), pixels)
    image.info |= {key: bytes.fromhex(value) for key, value in told["info"].items()}
    return image


def declared_size(data: bytes) -> tuple[int, int] | None:
    """Read width and height from the header; None where that is further in the file than is
    looked.
    """
    at = data.find(_CODESTREAM, 0, 4096)
    if at < 0:
        return None
    bits = _Bits(data[at + 2 : at + 2 + 16])
    small = bits.take(1)
    height = _side(bits, small)
    if ratio := bits.take(3):
        wide, high = _RATIOS[ratio - 1]
        return height * wide // high, height
    return _side(bits, small), height


def _side(bits: _Bits, small: int) -> int:
    return 8 * (bits.take(5) + 1) if small else bits.take((9, 13, 18, 30)[bits.take(2)]) + 1


class _Bits:
    """Bits from the lowest of the first byte on."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._left & (1 << count) - 1
        self._left >>= count
        return value


_CHILD = Path(__file__).with_name("jxl_child.py")
