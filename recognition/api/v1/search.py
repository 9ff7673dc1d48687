from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.base import EMBEDDING, REGIONS
from recognition.api.fields import IMAGE_PARSERS, BoxInput, ImageBytes, RegionsInput, image_input
from recognition.api.inputs import Integer, Items, Text
from recognition.api.v1.answers import FoundRegionAnswer, TimedAnswer, WarningAnswer
from recognition.core.errors import CategoryNotFound, IndexUnavailable
from recognition.services.recognition.search import DEFAULT_LIMIT, MAX_LIMIT, search


class SearchInput(serializers.Serializer[Any]):
    """Either an image or a text."""

    image = ImageBytes(required=False)
    text = Text(max_length=500, required=False, help_text="A description of what to find.")
    box = BoxInput()
    regions = RegionsInput()
    limit = Integer(
        min_value=1,
        max_value=MAX_LIMIT,
        default=DEFAULT_LIMIT,
        help_text="How many references to answer with at most.",
    )
    categories = Items(
        child=Text(max_length=200),
        required=False,
        max_length=1000,
        help_text="Slugs or external ids to search within; none means all.",
    )


class ResultAnswer(serializers.Serializer[Any]):
    """A reference that was found."""

    reference = serializers.CharField(help_text="The reference's id.")
    category = serializers.CharField(help_text="The category's slug.")
    name = serializers.CharField(help_text="The category's name.")
    similarity = serializers.FloatField(
        min_value=-1,
        max_value=1,
        help_text="Cosine similarity, -1 to 1. To a text it is much lower than to an image.",
    )


class SearchedRegionAnswer(FoundRegionAnswer):
    """A region of the image, with the references nearest to it."""

    results = ResultAnswer(many=True, help_text="Most similar first.")


class SearchAnswer(TimedAnswer):
    """The references nearest to what was given."""

    results = ResultAnswer(many=True, help_text="Most similar first.")
    regions = SearchedRegionAnswer(
        many=True, required=False, help_text="Each region, the main one first; where asked for."
    )
    warnings = WarningAnswer(many=True, help_text="What of image or text could not be read.")


class Search(GalleryView):
    raises = (CategoryNotFound, *EMBEDDING, IndexUnavailable, *REGIONS)
    parser_classes = IMAGE_PARSERS
    curators_change = False

    @extend_schema(request=SearchInput, responses=SearchAnswer)
    def post(self, request: Request, gallery: str) -> Response:
        """Find the enrolled images most like an image or a description. Nothing is kept."""
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
                box=values.get("box"),
                regions=values.get("regions"),
            )
        )
