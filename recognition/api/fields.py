"""How an image reaches the service: a multipart file, a raw body, or base64 in JSON."""

from __future__ import annotations

import string
from base64 import b64decode
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import unquote

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.fields import empty
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.request import Request

from recognition.api.inputs import Float, is_text
from recognition.api.parsing import ImageJSONParser, PlainFormParser
from recognition.core.configuration import recognition_settings
from recognition.core.rates import MAX_FAR, MIN_FAR
from recognition.core.regions import Box, Regions
from recognition.services.limits import check_image_bytes, read_image_file
from recognition.services.negatives.add import MAX_FILES
from recognition.services.recognition.identify import MAX_LOOKS


class RawImageParser(BaseParser):
    """A body that is the image itself, with its own content type."""

    media_type = "image/*"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, bytes]:
        limit = recognition_settings().max_image_bytes
        data = stream.read(limit + 1)
        check_image_bytes(len(data))
        return {"image": data}


class LenientMultiPartParser(MultiPartParser):
    """A multipart form, in which a part without a file name may be a file all the same.

    Some clients send buffers so (``form-data`` of Node), and ``curl -F "image=<photo.jpg"`` does. A
    part that is no UTF-8 is no text (RFC 7578, 5.1.2), so it is a file.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles[Any, Any]:
        # Every byte is a character of Latin-1, so that nothing is lost in the text that Django
        # makes of a field.
        context = {**(parser_context or {}), "encoding": "latin-1"}
        parsed = super().parse(stream, media_type, context)
        data, files = QueryDict(mutable=True), parsed.files.copy()
        for name, values in parsed.data.lists():
            for raw in (value.encode("latin-1") for value in values):
                try:
                    data.appendlist(name, raw.decode())
                except UnicodeDecodeError:
                    files.appendlist(name, SimpleUploadedFile(name, raw))
        return DataAndFiles(data, files)


_PLAIN = str.maketrans("-_", "+/", string.whitespace)
"""What makes the plain alphabet of base64 of the others."""

IMAGE_PARSERS = [LenientMultiPartParser, RawImageParser, ImageJSONParser, PlainFormParser]


def image_input(request: Request) -> Mapping[str, Any]:
    """What the caller gave; beside a raw image the other fields stand in the address."""
    data = request.data
    if not isinstance(data, Mapping):
        raise ParseError("Send an object with named fields.")
    if (request.content_type or "").startswith("image/"):
        # An empty body reaches no parser: it is an empty image.
        given = {"image": [data.get("image", b"")]}
        return MultiValueDict({**dict(request.query_params.lists()), **given})
    return data


class FarField(Float):
    """A false-accept rate; none means the gallery's."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "min_value": MIN_FAR,
            "max_value": MAX_FAR,
            "required": False,
            "help_text": "False-accept rate to aim for, as a share; by default the gallery's.",
            **kwargs,
        }
        super().__init__(**kwargs)


@extend_schema_field(
    {
        "oneOf": [
            {
                "type": "string",
                "format": "box",
                "pattern": r"^[^,]+,[^,]+,[^,]+,[^,]+$",
                "example": "40,12,96,96",
            },
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            {
                "type": "object",
                "properties": {name: {"type": "number"} for name in ("x", "y", "width", "height")},
                "required": ["x", "y", "width", "height"],
                "additionalProperties": False,
            },
        ]
    }
)
class BoxInput(serializers.Field[Box, Any, Any, Any]):
    """A box as text, four numbers or an object."""

    def __init__(self, **kwargs: Any) -> None:
        what = (
            "The part of the image that is meant: `x,y,width,height` in pixels of the upright "
            "image; in JSON also four numbers, or an object with these names."
        )
        super().__init__(**{"required": False, "help_text": what, **kwargs})

    def get_value(self, dictionary: Any) -> Any:
        # A form that leaves its field empty means no box.
        value = super().get_value(dictionary)
        return empty if value == "" and is_text(self) else value

    def to_internal_value(self, data: Any) -> Box:
        return Box.of(data)

    def to_representation(self, value: Box) -> Any:
        return value.as_json()


class RegionsInput(serializers.ChoiceField):
    """Which regions of the image are looked at."""

    def __init__(self, **kwargs: Any) -> None:
        what = (
            "`one`: the main thing, such as the largest face, which is also what is looked at "
            "where nothing is said. `all`: whatever is found, each by itself. `whole`: the whole "
            "image. Where it is given, or a `box`, the answer tells of each in `regions`."
        )
        options = {"required": False, "help_text": what, **kwargs}
        super().__init__(choices=[each.value for each in Regions], **options)

    def to_internal_value(self, data: Any) -> Regions:
        return Regions(super().to_internal_value(data))


def from_base64(text: str) -> bytes:
    """Decode base64 in the forms that libraries write: with line breaks (RFC 2045), URL-safe, with
    or without padding (RFC 4648), or as a data URL (RFC 2397). Raises ValueError."""
    head, comma, packed = text.rpartition(",")
    if comma and "%" in packed:
        packed = unquote(packed)
    packed = packed.translate(_PLAIN).rstrip("=")
    return b64decode(packed + "=" * (-len(packed) % 4), validate=True)


@extend_schema_field(OpenApiTypes.BINARY)
class ImageBytes(serializers.Field[bytes, Any, Any, Any]):
    """The bytes of an uploaded image, not yet looked at."""

    default_error_messages = {
        "not_a_file": "Send the image as a multipart file, as the body, or as base64 in JSON.",
        "not_base64": "The image is neither a file nor base64. With curl, write image=@photo.jpg.",
    }

    def __init__(self, **kwargs: Any) -> None:
        what = (
            "The image: JPEG, PNG, WebP, GIF, BMP, TIFF, HEIF, AVIF, JPEG 2000, JPEG XL, PGM, PPM "
            "or a camera's raw file."
        )
        super().__init__(**{"help_text": what, **kwargs})

    def to_internal_value(self, data: Any) -> bytes:
        if isinstance(data, UploadedFile):
            return read_image_file(data)
        if isinstance(data, bytes):
            return data
        if not isinstance(data, str):
            self.fail("not_a_file")
        try:
            return from_base64(data)
        except ValueError:
            self.fail("not_base64")

    def to_representation(self, value: bytes) -> Any:
        raise TypeError("An image is only ever received.")


def _one_or_several(most: int) -> dict[str, Any]:
    image = {"type": "string", "format": "binary"}
    return {"oneOf": [image, {"type": "array", "items": image, "minItems": 1, "maxItems": most}]}


@extend_schema_field(_one_or_several(MAX_LOOKS))
class Burst(serializers.Field[list[bytes], Any, Any, Any]):
    """One image, or several of one and the same thing: a repeated part, or a list in JSON."""

    default_error_messages = {
        "empty": "Give at least one image.",
        "max_length": "Give at most {most} images.",
    }
    most = MAX_LOOKS

    def get_value(self, dictionary: Any) -> Any:
        if isinstance(dictionary, MultiValueDict):
            return dictionary.getlist(self.field_name) or empty
        return super().get_value(dictionary)

    def to_internal_value(self, data: Any) -> list[bytes]:
        return [ImageBytes().run_validation(each) for each in self.several(data)]

    def several(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            data = [data]
        if not data:
            self.fail("empty")
        if len(data) > self.most:
            self.fail("max_length", most=self.most)
        return list(data)

    def to_representation(self, value: list[bytes]) -> Any:
        raise TypeError("Images are only ever received.")


@extend_schema_field(_one_or_several(MAX_FILES))
class ImageFiles(Burst):
    """One image, or several of different things, as files that nobody has read yet; what has no
    file's name is called by its number."""

    most = MAX_FILES

    def to_internal_value(self, data: Any) -> list[File[Any]]:  # type: ignore[override]
        given = self.several(data)
        return [
            each
            if isinstance(each, UploadedFile)
            else ContentFile(ImageBytes().run_validation(each), name=f"image {number}")
            for number, each in enumerate(given, start=1)
        ]
