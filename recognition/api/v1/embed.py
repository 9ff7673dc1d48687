from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.base import EMBEDDING, ApiView
from recognition.api.fields import IMAGE_PARSERS, ImageBytes, image_input
from recognition.api.inputs import Text
from recognition.api.v1.answers import EncoderAnswer, WarningAnswer
from recognition.services.recognition.embed import embed


class EmbedInput(serializers.Serializer[Any]):
    """Either an image or a text."""

    image = ImageBytes(required=False)
    text = Text(max_length=500, required=False, help_text="A description, embedded as it is.")


class EmbeddingAnswer(serializers.Serializer[Any]):
    """A point of the joint space of images and texts."""

    embedding = serializers.ListField(
        child=serializers.FloatField(min_value=-1, max_value=1),
        help_text="As many numbers as the encoder has dimensions, -1 to 1; their squares sum to 1.",
    )
    warnings = WarningAnswer(many=True, help_text="What of image or text could not be read.")
    encoder = EncoderAnswer(help_text="The encoder whose space it is.")


class Embed(ApiView):
    raises = EMBEDDING
    parser_classes = IMAGE_PARSERS

    @extend_schema(request=EmbedInput, responses=EmbeddingAnswer)
    def post(self, request: Request) -> Response:
        """The embedding of an image or of a text, for your own use. Nothing is kept."""
        given = EmbedInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        return Response(
            embed(data=given.validated_data.get("image"), text=given.validated_data.get("text"))
        )
