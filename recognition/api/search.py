from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.answers import EncoderAnswer
from recognition.api.fields import IMAGE_PARSERS, ImageBytes, image_input
from recognition.services.search import DEFAULT_LIMIT, MAX_LIMIT, search


class SearchInput(serializers.Serializer[Any]):
    """Either an image or a text."""

    image = ImageBytes(required=False)
    text = serializers.CharField(max_length=500, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT)
    categories = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=1000,
        help_text="Slugs or external ids to search within; none means all.",
    )


class ResultAnswer(serializers.Serializer[Any]):
    reference = serializers.CharField()
    category = serializers.CharField(help_text="The category's slug.")
    name = serializers.CharField()
    similarity = serializers.FloatField(min_value=-1, max_value=1)


class SearchAnswer(serializers.Serializer[Any]):
    results = ResultAnswer(many=True, help_text="Most similar first.")
    encoder = EncoderAnswer()
    generation = serializers.IntegerField(min_value=0)
    timings_ms = serializers.DictField(child=serializers.FloatField(min_value=0))


class Search(GalleryView):
    parser_classes = IMAGE_PARSERS
    curators_change = False

    @extend_schema(request=SearchInput, responses=SearchAnswer)
    def post(self, request: Request, gallery: str) -> Response:
        given = SearchInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        values = given.validated_data
        return Response(
            search(
                gallery=self.gallery,
                data=values.get("image"),
                text=values.get("text"),
                limit=values["limit"],
                categories=values.get("categories", ()),
            )
        )
