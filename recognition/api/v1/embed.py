from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.base import EMBEDDING, REGIONS, ApiView
from recognition.api.fields import IMAGE_PARSERS, BoxInput, ImageBytes, RegionsInput, image_input
from recognition.api.inputs import Text
from recognition.api.v1.answers import EncoderAnswer, FoundRegionAnswer, WarningAnswer
from recognition.services.recognition.embed import embed


class EmbedInput(serializers.Serializer[Any]):
    """Either an image or a text."""

    image = ImageBytes(required=False)
    text = Text(max_length=500, required=False, help_text="A description, embedded as it is.")
    box = BoxInput()
    regions = RegionsInput()


class Numbers(serializers.ListField):
    """An embedding."""

    def __init__(self, **options: Any) -> None:
        what = "As many numbers as the encoder has dimensions, -1 to 1; their squares sum to 1."
        number = serializers.FloatField(min_value=-1, max_value=1)
        super().__init__(**{"child": number, "help_text": what, **options})


class EmbeddedRegionAnswer(FoundRegionAnswer):
    """A region of the image, with its embedding."""

    embedding = Numbers()


class EmbeddingAnswer(serializers.Serializer[Any]):
    """A point of the joint space of images and texts."""

    embedding = Numbers()
    regions = EmbeddedRegionAnswer(
        many=True, required=False, help_text="Each region, the main one first; where asked for."
    )
    warnings = WarningAnswer(many=True, help_text="What of image or text could not be read.")
    encoder = EncoderAnswer(help_text="The encoder whose space it is.")


class Embed(ApiView):
    raises = (*EMBEDDING, *REGIONS)
    parser_classes = IMAGE_PARSERS

    @extend_schema(request=EmbedInput, responses=EmbeddingAnswer)
    def post(self, request: Request) -> Response:
        """The embedding of an image or of a text, for your own use. Nothing is kept."""
        given = EmbedInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        values = given.validated_data
        return Response(
            embed(
                data=values.get("image"),
                text=values.get("text"),
                box=values.get("box"),
                regions=values.get("regions"),
            )
        )
