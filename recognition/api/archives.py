"""Calls that take an archive."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from recognition.api.base import ApiView
from recognition.api.uploads import CappedFile


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

    default_error_messages = {
        "not_a_file": "Send the archive as a multipart file: a part with a file name."
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, UploadedFile):
            self.fail("not_a_file")
        return data

    def to_representation(self, value: Any) -> Any:
        raise TypeError("An archive is only ever received.")
