from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.answers import EncoderAnswer
from recognition.api.base import ApiView
from recognition.api.fields import IMAGE_PARSERS, ImageBytes, image_input
from recognition.services.classify import MAX_LABELS, classify


class ClassifyInput(serializers.Serializer[Any]):
    image = ImageBytes()
    labels = serializers.ListField(
        child=serializers.CharField(max_length=500), min_length=1, max_length=MAX_LABELS
    )


class LabelAnswer(serializers.Serializer[Any]):
    # The metaclass takes fields off the class, so that no attribute of DRF's own is hidden.
    label = serializers.CharField()  # type: ignore[assignment]
    similarity = serializers.FloatField(min_value=-1, max_value=1)
    share = serializers.FloatField(
        min_value=0, max_value=1, help_text="Softmax over the labels given: relative, uncalibrated."
    )


class ClassificationAnswer(serializers.Serializer[Any]):
    labels = LabelAnswer(many=True, help_text="Best first.")
    encoder = EncoderAnswer()
    timings_ms = serializers.DictField(child=serializers.FloatField(min_value=0))


class Classify(ApiView):
    parser_classes = IMAGE_PARSERS

    @extend_schema(request=ClassifyInput, responses=ClassificationAnswer)
    def post(self, request: Request) -> Response:
        given = ClassifyInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        return Response(
            classify(data=given.validated_data["image"], labels=given.validated_data["labels"])
        )
