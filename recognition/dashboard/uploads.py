from __future__ import annotations

from django.http import HttpRequest

from recognition.conf import recognition_settings
from recognition.errors import ImageTooLarge, InvalidInput


def image_of(request: HttpRequest, name: str = "image") -> bytes:
    """The bytes of an uploaded image. Raises InvalidInput where none was chosen."""
    file = request.FILES.get(name)
    if file is None:
        raise InvalidInput("Choose an image first.")
    limit = recognition_settings().max_image_bytes
    if file.size is not None and file.size > limit:
        raise ImageTooLarge(f"The image has more than {limit} bytes; choose a smaller one.")
    return bytes(file.read())
