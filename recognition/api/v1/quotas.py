from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.models import Scope
from recognition.selectors.galleries import require_owner
from recognition.services.quotas import Quota, quotas_of

KINDS = ["categories", "references", "queries", "bytes", "owner_galleries", "owner_bytes"]


class QuotaAnswer(serializers.Serializer[Any]):
    """How much there is of something, and how much there may be."""

    what = serializers.ChoiceField(
        choices=KINDS,
        help_text=(
            "What is counted; `bytes` are those of files. What begins with `owner_` is of all "
            "galleries together that the gallery's first owner has."
        ),
    )
    used = serializers.IntegerField(min_value=0, help_text="How much there is.")
    limit = serializers.SerializerMethodField(help_text="How much there may be; null for any.")

    def get_limit(self, quota: Quota) -> int | None:
        return quota.limit or None


class QuotasAnswer(serializers.Serializer[Any]):
    """All that is counted."""

    quotas = QuotaAnswer(many=True, help_text="One for each kind.")


class Quotas(GalleryView):
    scope = Scope.MANAGE
    scope_to_read = True

    @extend_schema(responses=QuotasAnswer)
    def get(self, request: Request, gallery: str) -> Response:
        """What the gallery and its first owner hold, beside what the operator lets them hold."""
        require_owner(request.user, self.gallery)
        return Response(QuotasAnswer({"quotas": quotas_of(self.gallery)}).data)
