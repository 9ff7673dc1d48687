from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from recognition.core.errors import InvalidInput
from recognition.services.limits import read_image_file


def images_of(request: HttpRequest) -> list[bytes]:
    """The bytes of the uploaded images. Raises InvalidInput where none was chosen."""
    return [read_image_file(file) for file in _files(request)]


def image_of(request: HttpRequest) -> bytes:
    return read_image_file(_files(request)[0])


def _files(request: HttpRequest) -> list[UploadedFile[Any]]:
    files = request.FILES.getlist("image")
    if not files:
        raise InvalidInput("Choose an image first.")
    return list(files)
