from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from recognition.core.errors import InvalidCursor, InvalidInput

ORDERING = "ordering"


class ByCreation(CursorPagination):
    """Oldest first unless the caller asks for another order; steady while rows are added."""

    ordering = "id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= self.max_page_size:
            raise InvalidInput(f"page_size is a number from 1 to {self.max_page_size}.")
        return int(given)

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> tuple[str, ...]:
        """What the view's filters have ordered by, if they were asked to."""
        asked = queryset.query.order_by if request.query_params.get(ORDERING) else ()
        return tuple(str(each) for each in asked) or (self.ordering,)

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except ValueError:
            # A position in another order: text where a number is wanted.
            raise InvalidCursor(_HINT) from None

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise InvalidCursor(_HINT) from None
        if cursor is not None and "\0" in str(cursor.position):
            raise InvalidCursor(_HINT)
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page: dict[str, Any] = super().get_paginated_response_schema(schema)
        page["required"] = ["next", "previous", "results"]
        page["properties"]["results"]["description"] = "The rows of this page."
        for name in ("next", "previous"):
            page["properties"][name] = {
                "type": ["string", "null"],
                "format": "uri",
                "description": f"The address of the {name} page; null where there is none.",
            }
        return page

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        return [
            {
                "name": self.cursor_query_param,
                "in": "query",
                "required": False,
                "description": "Where the page begins: take the address in `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {
                "name": self.page_size_query_param,
                "in": "query",
                "required": False,
                "description": "How many rows a page has at most.",
                "schema": {**size, "default": self.page_size},
            },
        ]


class NewestFirst(ByCreation):
    ordering = "-id"


_HINT = "This cursor belongs to no page of this list; begin again without one."
