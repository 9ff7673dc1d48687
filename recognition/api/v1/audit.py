from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from recognition.api.access import GalleryView
from recognition.api.filters import AuditFilters
from recognition.api.pagination import NewestFirst
from recognition.models import AuditEntry, Scope
from recognition.selectors.audit import audit_of
from recognition.selectors.galleries import require_owner


class AuditAnswer(serializers.ModelSerializer[AuditEntry]):
    """Something that was done to a gallery or to what it holds."""

    detail = serializers.DictField(
        read_only=True, help_text="What changed, by its name; may be empty."
    )

    class Meta:
        model = AuditEntry
        fields = ["at", "actor", "key", "deed", "kind", "subject", "name", "detail", "request"]
        extra_kwargs = {
            "at": {"help_text": "When it was done."},
            "deed": {"help_text": "What was done; stable, for programs."},
        }


class AuditList(GalleryView, ListAPIView[AuditEntry]):
    """Who did what to the gallery and what it holds, newest first. Takes an owner."""

    scope = Scope.MANAGE
    scope_to_read = True
    queryset = AuditEntry.objects.none()
    serializer_class = AuditAnswer
    pagination_class = NewestFirst
    filterset_class = AuditFilters

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_owner(request.user, self.gallery)

    def get_queryset(self) -> Any:
        return audit_of(self.gallery)
