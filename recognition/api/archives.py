"""Archives as they arrive: to disk, not to memory, and no further than their limit."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from recognition.api.base import ApiView
from recognition.conf import recognition_settings
from recognition.errors import ArchiveTooLarge


class CappedFile(TemporaryFileUploadHandler):
    """Refuses an upload as soon as it is too large."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        limit = recognition_settings().max_archive_bytes
        if self.received > limit:
            raise ArchiveTooLarge(f"At most {limit / 1e6:g} MB are accepted. Split the archive.")
        super().receive_data_chunk(raw_data, start)


class ArchiveView(ApiView):
    """A view whose POST takes an archive."""

    parser_classes = [MultiPartParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Before authentication, since checking a session's CSRF token parses the body.
        request.upload_handlers = [CappedFile(request)]
        return super().initialize_request(request, *args, **kwargs)


@extend_schema_field(OpenApiTypes.BINARY)
class ArchiveField(serializers.Field[Any, Any, Any, Any]):
    """An uploaded file, not yet looked at."""

    default_error_messages = {"not_a_file": "Send the archive as a multipart file."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, UploadedFile):
            self.fail("not_a_file")
        return data

    def to_representation(self, value: Any) -> Any:
        raise TypeError("An archive is only ever received.")
