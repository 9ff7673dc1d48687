"""Bytes in, clean RGB image out, and back to bytes for storing."""

from recognition.images.decoding import Opened, check_request, open_image, read_image
from recognition.images.limits import ImageLimits
from recognition.images.storing import (
    QUERY_CONTENT_TYPE,
    QUERY_SUFFIX,
    STORED_CONTENT_TYPE,
    STORED_SUFFIX,
    encode_query,
    encode_stored,
    thumbnail,
)

__all__ = [
    "QUERY_CONTENT_TYPE",
    "QUERY_SUFFIX",
    "STORED_CONTENT_TYPE",
    "STORED_SUFFIX",
    "ImageLimits",
    "Opened",
    "check_request",
    "encode_query",
    "encode_stored",
    "open_image",
    "read_image",
    "thumbnail",
]
