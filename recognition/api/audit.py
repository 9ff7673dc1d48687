from __future__ import annotations

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from recognition.api.access import GalleryView
from recognition.api.pagination import NewestFirst
from recognition.models import AuditEntry, Scope
from recognition.selectors.audit import audit_of
from recognition.selectors.galleries import require_owner


class AuditAnswer(serializers.ModelSerializer[AuditEntry]):
    detail = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEntry
        fields = ["at", "actor", "key", "deed", "kind", "subject", "name", "detail", "request"]


class AuditList(GalleryView, ListAPIView[AuditEntry]):
    """Who did what to the gallery and what it holds, newest first. Takes an owner."""

    scope = Scope.MANAGE
    scope_to_read = True
    queryset = AuditEntry.objects.none()
    serializer_class = AuditAnswer
    pagination_class = NewestFirst
    filter_backends = [DjangoFilterBackend]
    filterset_fields = ["deed", "kind", "actor"]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_owner(request.user, self.gallery)

    def get_queryset(self) -> Any:
        return audit_of(self.gallery)
