from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.answers import EncoderAnswer
from recognition.api.base import ApiView
from recognition.api.fields import IMAGE_PARSERS, ImageBytes, image_input
from recognition.services.embed import embed


class EmbedInput(serializers.Serializer[Any]):
    """Either an image or a text."""

    image = ImageBytes(required=False)
    text = serializers.CharField(max_length=500, required=False)


class EmbeddingAnswer(serializers.Serializer[Any]):
    embedding = serializers.ListField(
        child=serializers.FloatField(), help_text="L2-normalised, of the encoder's dimension."
    )
    encoder = EncoderAnswer()


class Embed(ApiView):
    parser_classes = IMAGE_PARSERS

    @extend_schema(request=EmbedInput, responses=EmbeddingAnswer)
    def post(self, request: Request) -> Response:
        given = EmbedInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        return Response(
            embed(data=given.validated_data.get("image"), text=given.validated_data.get("text"))
        )
