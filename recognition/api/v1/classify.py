from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.base import EMBEDDING, ApiView
from recognition.api.fields import IMAGE_PARSERS, ImageBytes, image_input
from recognition.api.inputs import Items, Text
from recognition.api.v1.answers import EncoderAnswer, WarningAnswer
from recognition.services.recognition.classify import MAX_LABELS, classify


class ClassifyInput(serializers.Serializer[Any]):
    """An image and the labels to choose from."""

    image = ImageBytes()
    labels = Items(
        child=Text(max_length=500),
        min_length=1,
        max_length=MAX_LABELS,
        help_text='Descriptions to choose from, such as "a photo of a cat"; doubles count once.',
    )


class LabelAnswer(serializers.Serializer[Any]):
    """A label and how well it describes the image."""

    # The metaclass takes fields off the class, so that no attribute of DRF's own is hidden.
    label = serializers.CharField(help_text="As it was given.")  # type: ignore[assignment]
    similarity = serializers.FloatField(
        min_value=-1, max_value=1, help_text="Cosine similarity of image and text, -1 to 1."
    )
    share = serializers.FloatField(
        min_value=0,
        max_value=1,
        help_text="Softmax over the labels given, 0 to 1: relative to those, uncalibrated.",
    )


class ClassificationAnswer(serializers.Serializer[Any]):
    """The labels, ranked."""

    labels = LabelAnswer(many=True, help_text="Best first.")
    warnings = WarningAnswer(many=True, help_text="What of image or labels could not be read.")
    encoder = EncoderAnswer(help_text="The encoder that compared them.")
    timings_ms = serializers.DictField(
        child=serializers.FloatField(min_value=0), help_text="Milliseconds by step."
    )


class Classify(ApiView):
    raises = EMBEDDING
    parser_classes = IMAGE_PARSERS

    @extend_schema(request=ClassifyInput, responses=ClassificationAnswer)
    def post(self, request: Request) -> Response:
        """Choose among labels, zero-shot: nothing is enrolled and nothing kept."""
        given = ClassifyInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        return Response(
            classify(data=given.validated_data["image"], labels=given.validated_data["labels"])
        )
