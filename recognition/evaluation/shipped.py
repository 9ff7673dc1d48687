"""Sets that packages ship, so that everybody has them. Nothing was tuned on either."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from recognition.core.types import Ids

_DIGITS_EACH, _DARKEST = 40, 16.0
_CHARACTERS = "ABDEFGHJKMNQRTYabdeghkmqry2345679&@#?%"
_FONTS = re.compile(r"(DejaVu(Sans|SansMono|Serif)(-\w+)?|STIXGeneral\w*)\.ttf")
_SIDE, _POINTS = 160, 96


@dataclass(frozen=True, slots=True)
class Pictures:
    """Images, the class of each ``(n,)``, and ``names`` by class number."""

    images: Sequence[Image.Image]
    labels: Ids
    names: tuple[str, ...]


def read_digits() -> Pictures:
    """Read scikit-learn's handwritten digits: forty of each, black on white (Alpaydin and Kaynak
    1998).
    """
    from sklearn.datasets import load_digits

    ink, labels = load_digits(return_X_y=True)
    rows = [row for digit in range(10) for row in np.flatnonzero(labels == digit)[:_DIGITS_EACH]]
    images = [_handwritten(ink[row].reshape(8, 8)) for row in rows]
    return Pictures(images, labels[rows].astype(np.int64), tuple("0123456789"))


def read_glyphs() -> Pictures:
    """Draw letters, digits and signs in each of matplotlib's fonts for running text."""
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    fonts = sorted(font for font in folder.iterdir() if _FONTS.fullmatch(font.name))
    drawn = list(chain.from_iterable(_printed(font) for font in fonts))
    labels = np.tile(np.arange(len(_CHARACTERS), dtype=np.int64), len(fonts))
    return Pictures(drawn, labels, tuple(_CHARACTERS))


def shipped_sets() -> dict[str, Callable[[], Pictures]]:
    """Return, by name, what reads each set whose package is installed."""
    sets = {
        "sklearn-digits": ("sklearn", read_digits),
        "matplotlib-glyphs": ("matplotlib", read_glyphs),
    }
    return {name: read for name, (package, read) in sets.items() if find_spec(package)}


def _handwritten(ink: np.ndarray) -> Image.Image:
    grey = np.rint(255.0 * (1.0 - ink / _DARKEST)).astype(np.uint8)
    return Image.fromarray(grey).resize((128, 128), Image.Resampling.BICUBIC).convert("RGB")


def _printed(font: Path) -> Iterator[Image.Image]:
    face = ImageFont.truetype(str(font), _POINTS)
    for character in _CHARACTERS:
        page = Image.new("RGB", (_SIDE, _SIDE), "white")
        middle = _SIDE / 2, _SIDE / 2
        ImageDraw.Draw(page).text(middle, character, fill="black", font=face, anchor="mm")
        yield page
