"""Bytes in, clean RGB image out, and back to bytes for storing."""

from recognition.images.decoding import open_image
from recognition.images.limits import ImageLimits
from recognition.images.storing import (
    STORED_CONTENT_TYPE,
    STORED_SUFFIX,
    encode_stored,
    thumbnail,
)

__all__ = [
    "STORED_CONTENT_TYPE",
    "STORED_SUFFIX",
    "ImageLimits",
    "encode_stored",
    "open_image",
    "thumbnail",
]
