from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class RemovedByService(ModelAdmin):  # type: ignore[misc]
    """Whatever is deleted here goes through its service: files, embeddings, index entries."""

    @abstractmethod
    def remove(self, obj: Any) -> None: ...

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.remove(obj)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> tuple[Any, ...]:
        """What hangs on an object goes with it, also what is read-only by itself."""
        to_delete, counts, _, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected
