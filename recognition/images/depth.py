"""Samples of more than 8 bits to 8, without loss of the range that they fill."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.core.errors import UnsupportedImage
from recognition.core.types import QualityWarning

MAX_16_BIT = 65535
SENSORS = (8, 10, 12)
"""Bits of cameras whose values are kept in 16; brighter ones may as well be a dark picture."""


_OTHER_ORDER = str.maketrans({"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"})


def significant(most: int, declared: int | None) -> int:
    """Return how many of 16 bits mean something, 1 to 16, by the greatest value and the
    declaration.

    A declaration counts where no value goes beyond it: elsewhere the values have been scaled up
    already, as the PNG specification wants. Without one, it is the smallest of ``SENSORS`` that
    holds ``most``.
    """
    if declared is not None and (declared >= 16 or most >> declared == 0):
        return min(declared, 16)
    return next((bits for bits in SENSORS if 0 < most < 1 << bits), 16)


def stretched(bits: int, declared: int | None) -> tuple[QualityWarning, ...]:
    """Return a warning where ``bits`` is a guess, not what the file declares; otherwise none."""
    if bits >= 16 or bits == declared:
        return ()
    detail = (
        f"No value of this 16-bit image reaches {1 << bits}, as a camera of {bits} bits writes it; "
        f"it was taken for one and made {1 << 16 - bits} times as bright."
    )
    return (QualityWarning("stretched", detail),)


def grey_of_16(
    image: Image.Image, declared: int | None
) -> tuple[Image.Image, tuple[QualityWarning, ...]]:
    """Turn a grey image of 16 bits into one of 8, with alpha where it has a transparent value."""
    values: NDArray[np.uint16] = np.asarray(image).astype(np.uint16, copy=False)
    bits = significant(int(values.max()), declared)
    grey = Image.fromarray(_table(bits)[values])
    key = image.info.get("transparency")
    if isinstance(key, int):
        grey.putalpha(Image.fromarray((values != key).astype(np.uint8) * 255))
    return grey, stretched(bits, declared)


def grey_of_range(image: Image.Image, white: float) -> Image.Image:
    """Scale grey values from 0 to ``white`` to 8 bits. Raises UnsupportedImage for any beyond."""
    values = np.asarray(image).astype(np.float32)
    low, high = float(values.min()), float(values.max())
    if not (low >= 0 and high <= white):
        raise UnsupportedImage(
            f"The image's values run from {low:g} to {high:g}, so their brightness cannot be "
            "known. Save it with 8 or 16 bits a channel."
        )
    return Image.fromarray(np.rint(values * (255 / white)).astype(np.uint8))


def colours_of_16(
    high: Image.Image, low: Image.Image | None, declared: int | None
) -> tuple[Image.Image, tuple[QualityWarning, ...]]:
    """Turn colours of 16 bits into 8, of their high bytes, which Pillow gives, and their low ones.

    Without the low ones, the little that the high ones hold is spread.
    """
    values = np.asarray(high).astype(np.uint16) * 256
    values += np.uint16(255) if low is None else np.asarray(low)
    colours = values[..., : 1 if high.mode == "LA" else 3]
    bits = significant(int(colours.max()), declared)
    alpha_bits = significant(int(values.max()), declared)
    made = _table(bits)[values]
    if colours.shape != values.shape:
        made[..., -1] = _table(alpha_bits)[values[..., -1]]
    return Image.fromarray(made), stretched(bits, declared)


def may_be_dim(high: Image.Image, declared: int | None) -> bool:
    """Say whether the high bytes of the colours are so small that the low ones may count."""
    colours = [high.getchannel(band) for band in high.getbands() if band != "A"]
    bits = max(SENSORS[-1], declared if declared is not None and declared < 16 else 0)
    return not any(any(each.histogram()[1 << bits - 8 :]) for each in colours)


def _table(bits: int) -> NDArray[np.uint8]:
    """The 8-bit value of every 16-bit one, white being the greatest of ``bits``."""
    white = (1 << bits) - 1
    values = np.minimum(np.arange(MAX_16_BIT + 1, dtype=np.float32), white)
    return np.rint(values * (255 / white)).astype(np.uint8)


def low_tile(tile: Any) -> Any:
    """Return a tile of Pillow's that is unpacked to the low bytes of 16-bit colours, not the high
    ones: the names of the two orders of bytes are exchanged.
    """
    args = tile.args
    name = args if isinstance(args, str) else args[0]
    order = name[-1].translate(_OTHER_ORDER) if ";16" in name else ""
    if not order or order == name[-1]:
        raise ValueError(f"{name} has no low bytes.")
    low = name[:-1] + order
    return tile._replace(args=low if isinstance(args, str) else (low, *args[1:]))
