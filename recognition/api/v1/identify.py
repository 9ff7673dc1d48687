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
    Burst,
    FarField,
    RegionsInput,
    image_input,
)
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag, Integer
from recognition.api.v1.answers import IdentificationAnswer
from recognition.core.errors import QuotaExceeded
from recognition.services.recognition.explain import explain
from recognition.services.recognition.identify import DEFAULT_TOP_K, MAX_LOOKS, MAX_TOP_K, identify


class IdentifyInput(serializers.Serializer[Any]):
    """An image, and how to answer."""

    image = Burst(
        help_text=f"The image, or up to {MAX_LOOKS} of one and the same thing, fused into one "
        "answer."
    )
    top_k = Integer(
        min_value=1,
        max_value=MAX_TOP_K,
        default=DEFAULT_TOP_K,
        help_text="How many candidates to answer with at most.",
    )
    far = FarField()
    box = BoxInput()
    regions = RegionsInput()
    explain = Flag(default=False, help_text="Add an explanation in sentences.")


class Identify(GalleryView):
    raises = (*MATCHING, QuotaExceeded, *REGIONS)
    parser_classes = IMAGE_PARSERS
    curators_change = False

    @extend_schema(request=IdentifyInput, responses=IdentificationAnswer)
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Recognise what an image, or each region of it, shows (1:N), and keep it as a query."""
        given = IdentifyInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        first, *burst = given.validated_data["image"]
        identification = identify(
            gallery=self.gallery,
            data=first,
            burst=burst,
            user=self.user,
            top_k=given.validated_data["top_k"],
            far=given.validated_data.get("far"),
            box=given.validated_data.get("box"),
            regions=given.validated_data.get("regions"),
        )
        answer = identification.answer
        if given.validated_data["explain"]:
            answer = answer | {"explanation": explain(answer)}
        return Response(answer)
