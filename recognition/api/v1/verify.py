from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.base import MATCHING, REGIONS
from recognition.api.fields import (
    IMAGE_PARSERS,
    BoxInput,
    FarField,
    ImageBytes,
    RegionsInput,
    image_input,
)
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Text
from recognition.api.v1.answers import VerificationAnswer
from recognition.core.errors import CategoryNotFound, EmptyCategory, QuotaExceeded
from recognition.services.recognition.verify import verify


class VerifyInput(serializers.Serializer[Any]):
    """An image and what it is claimed to show."""

    image = ImageBytes()
    category = Text(
        max_length=200, help_text="Slug or external id of what the image is claimed to show."
    )
    far = FarField()
    box = BoxInput()
    regions = RegionsInput()


class Verify(GalleryView):
    raises = (CategoryNotFound, EmptyCategory, *MATCHING, QuotaExceeded, *REGIONS)
    parser_classes = IMAGE_PARSERS
    curators_change = False

    @extend_schema(request=VerifyInput, responses=VerificationAnswer)
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Accept or reject the claim that an image shows a category, and keep it as a query."""
        given = VerifyInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        values = given.validated_data
        return Response(
            verify(
                gallery=self.gallery,
                category=values["category"],
                data=values["image"],
                far=values.get("far"),
                user=self.user,
                box=values.get("box"),
                regions=values.get("regions"),
            )
        )
