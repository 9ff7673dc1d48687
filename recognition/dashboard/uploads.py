from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from recognition.core.configuration import recognition_settings
from recognition.core.errors import ImageTooLarge, InvalidInput


def images_of(request: HttpRequest) -> list[bytes]:
    """The bytes of the uploaded images. Raises InvalidInput where none was chosen."""
    return [_read(file) for file in _files(request)]


def image_of(request: HttpRequest) -> bytes:
    return _read(_files(request)[0])


def _files(request: HttpRequest) -> list[UploadedFile[Any]]:
    files = request.FILES.getlist("image")
    if not files:
        raise InvalidInput("Choose an image first.")
    return list(files)


def _read(file: UploadedFile[Any]) -> bytes:
    limit = recognition_settings().max_image_bytes
    if file.size is not None and file.size > limit:
        raise ImageTooLarge(f"The image has more than {limit} bytes; choose a smaller one.")
    return bytes(file.read())
