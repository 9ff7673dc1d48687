"""An image that cannot be used."""

from __future__ import annotations

from recognition.errors.base import Conflict, InvalidInput


class ImageError(InvalidInput):
    """An upload that is not a usable image."""

    code = "invalid_image"
    title = "The image cannot be used"


class EmptyImage(ImageError):
    code = "image_empty"


class ImageTooLarge(ImageError):
    code = "image_too_large"
    status = 413


class TooManyPixels(ImageError):
    code = "image_too_many_pixels"
    status = 413


class UnsupportedImage(ImageError):
    code = "image_unsupported"
    status = 415


class DamagedImage(ImageError):
    code = "image_damaged"


class ImageNotKept(Conflict):
    """A query whose image its gallery did not keep, or keeps no longer."""

    code = "image_not_kept"


class ImageLost(Conflict):
    """An image that was kept cannot be read any more."""

    code = "image_lost"
