"""Pixels of any kind to 8-bit sRGB, as a viewer would show them on a page."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from recognition.core.types import QualityWarning

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
_GREY = {"1", "L", "LA", "La"}

FAINT = 24
"""Grey levels, a tenth of the range, within which a colour does not show on its ground."""

LOST = 0.9
"""Share of what an image shows that has to be lost on white before another ground is taken."""

CLEAR = 0.1
"""Share of an image that is transparent where the ground is a part of the picture."""

_LOOKED_AT = 1_000_000
"""Pixels that are enough to know the shares."""


def to_rgb(
    image: Image.Image, *, unused_alpha: bool
) -> tuple[Image.Image, tuple[QualityWarning, ...]]:
    """Make a new RGB image: an embedded ICC profile applied, transparency over a ground.

    ``unused_alpha`` says that the format's writers leave zeros in a channel that they do not use,
    so that alpha counts only where it shows something. The ground is white, but black for what is
    white itself. Returns what was guessed beside the image.
    """
    colours, alpha = _apart(image)
    colours = _in_srgb(colours, image.info.get("icc_profile"))
    if alpha is None or (unused_alpha and alpha.getextrema() == (0, 0)):
        return colours, ()
    ground = _ground(colours, alpha)
    page = Image.new("RGB", colours.size, ground)
    page.paste(colours, mask=alpha)
    if ground == WHITE:
        return page, ()
    detail = (
        "What the image shows is white on transparency; it was laid over black, since nothing of "
        "it can be seen on white."
    )
    return page, (QualityWarning("ground_chosen", detail),)


def _apart(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Colours without a palette, and alpha where there is any."""
    if not image.has_transparency_data:
        return (image.convert("RGB") if image.mode == "P" else image), None
    layer = image.convert("LA" if image.mode in _GREY else "RGBA")
    return layer.convert(layer.mode[:-1]), layer.getchannel("A")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "LAB":
        return _transformed(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    converted = _apply_profile(image, profile) if profile else None
    return converted or image.convert("RGB")


def _apply_profile(image: Image.Image, data: bytes) -> Image.Image | None:
    """The image in sRGB, or None where it is there already or the profile is of no use."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        if profile.profile.xcolor_space.strip() != _PROFILE_SPACES.get(image.mode):
            return None
        if ImageCms.getProfileDescription(profile).startswith("sRGB"):
            return None
        return _transformed(image, profile)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _transformed(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    srgb = ImageCms.createProfile("sRGB")
    transformed = ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    assert transformed is not None  # noqa: S101 - only one in place returns nothing
    return transformed


def _ground(colours: Image.Image, alpha: Image.Image) -> tuple[int, int, int]:
    """White, or black where nearly all that shows on it is white itself."""
    step = max(1, round((colours.width * colours.height / _LOOKED_AT) ** 0.5))
    size = max(1, colours.width // step), max(1, colours.height // step)
    shown = np.asarray(alpha.resize(size, Image.Resampling.NEAREST)) > FAINT
    if not shown.any() or np.mean(~shown) < CLEAR:
        return WHITE
    darkest = np.asarray(colours.resize(size, Image.Resampling.NEAREST)).min(axis=-1)
    return BLACK if np.mean(darkest[shown] > 255 - FAINT) >= LOST else WHITE
