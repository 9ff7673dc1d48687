from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from recognition.admin.base import ConsoleAdmin


class ReadOnlyAdmin(ConsoleAdmin):
    """What is a record of something else: writing it by hand would bypass the change log."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
