"""Pixels of any kind to 8-bit sRGB, as a viewer would show them on a white page."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from recognition.errors import UnsupportedImage

WHITE = (255, 255, 255)
MAX_16_BIT = 65535
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}


def to_rgb(image: Image.Image) -> Image.Image:
    """A new RGB image: transparency over white, an embedded ICC profile applied.

    Raises UnsupportedImage where the range of the values, and so their brightness, is not known.
    """
    profile = image.info.get("icc_profile")
    flat = _over_white(_to_8_bit(image))
    converted = _apply_profile(flat, profile) if profile else None
    return converted or flat.convert("RGB")


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Grey of more than 8 bits scaled to 8; Pillow's own conversion would clip it."""
    if image.mode == "F":
        return _scale(image, 1.0)
    if image.mode.startswith("I"):
        return _scale(image, MAX_16_BIT)
    return image


def _scale(image: Image.Image, white: float) -> Image.Image:
    values = np.asarray(image).astype(np.float32)
    low, high = float(values.min()), float(values.max())
    if not (low >= 0 and high <= white):
        raise UnsupportedImage(
            f"The image's values run from {low:g} to {high:g}, so their brightness cannot be "
            "known. Save it with 8 or 16 bits a channel."
        )
    return Image.fromarray(np.rint(values * (255 / white)).astype(np.uint8))


def _over_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    page = Image.new("RGB", layer.size, WHITE)
    page.paste(layer, mask=layer)
    return page


def _apply_profile(image: Image.Image, data: bytes) -> Image.Image | None:
    """The image in sRGB, or None where it is there already or the profile is of no use."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        if profile.profile.xcolor_space.strip() != _PROFILE_SPACES.get(image.mode):
            return None
        if ImageCms.getProfileDescription(profile).startswith("sRGB"):
            return None
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
