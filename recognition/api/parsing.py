"""Bodies of text, bounded before they are parsed: bytes, values, depth."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, JSONParser

MAX_JSON_BYTES = 1_000_000
MAX_VALUES = 20_000
"""A thousand labels or descriptions, and metadata of many keys; each takes some 70 bytes."""

MAX_DEPTH = 32

Context = Mapping[str, Any] | None


class PlainJSONParser(JSONParser):
    """JSON without images: at most a megabyte."""

    @property
    def limit(self) -> int:
        return MAX_JSON_BYTES

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None
    ) -> Any:
        data = read_bounded(stream, self.limit)
        if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
            raise ParseError(f"The JSON holds more than {MAX_VALUES} values.")
        try:
            value = super().parse(BytesIO(data), media_type, parser_context)
        except RecursionError:
            raise _too_deep() from None
        check_depth(value)
        return value


class ImageJSONParser(PlainJSONParser):
    """JSON that may hold images in base64."""

    @property
    def limit(self) -> int:
        return text_limit()


class PlainFormParser(FormParser):
    """A form without files; one with more fields than are read is refused, not a crash."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None
    ) -> Any:
        data = read_bounded(stream, text_limit())
        try:
            return super().parse(BytesIO(data), media_type, parser_context)
        except ValueError as error:
            raise ParseError(str(error)) from None


def text_limit() -> int:
    """Bytes of a body that may hold an image as text."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def read_bounded(stream: IO[Any], limit: int) -> bytes:
    """The body. Raises RequestDataTooBig, having read no more than the limit."""
    data = bytes(stream.read(limit + 1))
    if len(data) > limit:
        raise RequestDataTooBig(f"At most {limit} bytes are accepted.")
    return data


def check_depth(value: Any) -> None:
    """Raises ParseError for lists and objects nested more than 32 deep: what validates, compares
    and writes them calls itself."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise _too_deep()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> ParseError:
    return ParseError(f"The JSON is nested more than {MAX_DEPTH} deep.")
