"""What the demo gallery of drawings holds: characters of fonts that installed packages ship."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

CHARACTERS = "ABGKQRSW?47"
"""Enrolled from Pillow's own font, one picture each."""

STRANGER = "X"
"""Asked about, and never enrolled."""

SIZE = 160
MARGIN = 48
TURN = 6.0
"""Degrees by which what is asked about is turned: nobody writes straight."""


def reference_image(character: str) -> bytes:
    """Draw a character in Pillow's own font, as a PNG."""
    return _png(_drawn(character, ImageFont.load_default(SIZE)))


def character_query(character: str) -> bytes:
    """Draw a character in another font, bold and turned, as a PNG."""
    font = ImageFont.truetype(BytesIO(_inter()), SIZE)
    drawn = _drawn(character, font)
    return _png(drawn.rotate(TURN, Image.Resampling.BICUBIC, expand=True, fillcolor=255))


def _drawn(character: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> Image.Image:
    left, top, right, bottom = (round(edge) for edge in font.getbbox(character))
    page = Image.new("L", (right - left + 2 * MARGIN, bottom - top + 2 * MARGIN), 255)
    ImageDraw.Draw(page).text((MARGIN - left, MARGIN - top), character, fill=0, font=font)
    return page


def _inter() -> bytes:
    """The font of the admin console, unpacked: FreeType may be built without Brotli."""
    spec = find_spec("unfold")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("django-unfold is not installed")
    file = Path(spec.origin).parent / "static/unfold/fonts/inter/Inter-Bold.woff2"
    font = TTFont(file)
    font.flavor = None
    unpacked = BytesIO()
    font.save(unpacked)
    return unpacked.getvalue()


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
