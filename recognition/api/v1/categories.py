from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.base import EMBEDDING
from recognition.api.filters import CategoryFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Change, Items, Metadata, Slug, Text
from recognition.api.v1.answers import WarningAnswer
from recognition.core.errors import AlreadyExists, CategoryNotFound, QuotaExceeded
from recognition.core.texts import MAX_METADATA_BYTES
from recognition.models import Category, Gallery, Scope
from recognition.selectors.categories import categories_of, get_category
from recognition.services.categories.describe import MAX_PROMPTS
from recognition.services.categories.text_warnings import (
    Described,
    create_described,
    update_described,
)
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.recognition.answer import Answer, warnings_answer
from recognition.services.removal import remove_category

MAX_MERGED = 100
"""Categories that one call merges."""


class CategoryAnswer(serializers.ModelSerializer[Category]):
    """A thing to be recognised."""

    prompts = serializers.SlugRelatedField[Any](
        slug_field="text", many=True, read_only=True, help_text="Descriptions it is recognised by."
    )
    references = serializers.IntegerField(
        source="shots", read_only=True, min_value=0, help_text="How many images are enrolled."
    )
    metadata = Metadata(help_text="The caller's own; kept as it is.")
    twin_of = serializers.SlugRelatedField[Any](
        slug_field="slug",
        read_only=True,
        allow_null=True,
        help_text=(
            "The category that once had the same name, until somebody merges them or says that "
            "they are two."
        ),
    )

    class Meta:
        model = Category
        fields = [
            "slug",
            "name",
            "external_id",
            "prompts",
            "references",
            "metadata",
            "twin_of",
            "created_at",
        ]
        extra_kwargs = {
            "slug": {"help_text": "Its name in addresses and answers, one of its gallery's."},
            "name": {"help_text": "What people read."},
            "external_id": {"help_text": "The caller's own identifier; empty without."},
            "created_at": {"help_text": "When it was made."},
        }


class DescribedAnswer(CategoryAnswer):
    """A category that was made or changed, and what to know of it."""

    warnings = WarningAnswer(many=True, help_text="What of the prompts given could not be read.")

    class Meta(CategoryAnswer.Meta):
        fields = [*CategoryAnswer.Meta.fields, "warnings"]

    @classmethod
    def of(cls, described: Described, gallery: Gallery) -> Answer:
        category = get_category(gallery, described.category.slug)
        shown = CategoryAnswer(category).data
        return {**shown, "warnings": warnings_answer(described.warnings)}


class CategoryFields(Change):
    """What may be said of a category."""

    name = Text(max_length=200, required=False, help_text="What people read.")
    external_id = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Your own identifier, one of its gallery's; empty for none.",
    )
    prompts = Items(
        child=Text(max_length=500),
        max_length=MAX_PROMPTS,
        required=False,
        help_text='Descriptions to recognise it by, such as "a red kite with a forked tail".',
    )
    metadata = Metadata(
        required=False,
        help_text=f"Your own object, at most {MAX_METADATA_BYTES} bytes as JSON; kept as it is.",
    )


class CategoryChange(CategoryFields):
    """What is to change; what is left out stays."""

    twin_of = Slug(
        required=False,
        allow_null=True,
        help_text="Null says that it is another thing than the category that once had its name.",
    )

    def validate_twin_of(self, value: str | None) -> str | None:
        if value is not None and value != self.context["now"]["twin_of"]:
            raise serializers.ValidationError("Give null, or leave it out.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        apart = attrs.pop("twin_of", "") is None
        return {**attrs, "apart": apart}


class CategoryInput(CategoryFields):
    """A new category; without references it is recognised by its prompts alone."""

    name = Text(max_length=200, help_text="What people read.")
    slug = Slug(required=False, help_text="By default made of the name, numbered if taken.")


class CategoryList(GalleryView, ListAPIView[Category]):
    """The categories of a gallery, oldest first."""

    queryset = Category.objects.none()
    raises = (AlreadyExists, *EMBEDDING, QuotaExceeded)
    scope = Scope.ENROL
    serializer_class = CategoryAnswer
    filterset_class = CategoryFilters

    def get_queryset(self) -> Any:
        return categories_of(self.gallery)

    @extend_schema(request=CategoryInput, responses={201: DescribedAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Make a category. Its prompts are searchable when this answers."""
        given = CategoryInput(data=request.data)
        given.is_valid(raise_exception=True)
        described = create_described(gallery=self.gallery, **given.validated_data)
        answer = DescribedAnswer.of(described, self.gallery)
        return Response(answer, status=status.HTTP_201_CREATED)


class MergeInput(serializers.Serializer[Any]):
    """Categories that turned out to be one."""

    categories = Items(
        child=Text(max_length=200),
        min_length=1,
        max_length=MAX_MERGED,
        help_text="Slugs, external ids or names of what is to go.",
    )
    into = Text(max_length=200, help_text="What takes over all that they hold, named likewise.")


class MergeList(GalleryView):
    raises = (CategoryNotFound,)
    scope = Scope.ENROL

    @extend_schema(request=MergeInput, responses=CategoryAnswer)
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Merge categories: references, prompts and what was said of queries go to one, and the
        others are removed."""
        given = MergeInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        into = merge_categories(
            gallery=self.gallery,
            categories=[get_category(self.gallery, key) for key in values["categories"]],
            into=get_category(self.gallery, values["into"]),
        )
        return Response(CategoryAnswer(get_category(self.gallery, into.slug)).data)


class CategoryDetail(GalleryView):
    raises = (AlreadyExists, *EMBEDDING)
    scope = Scope.ENROL

    @extend_schema(responses=CategoryAnswer)
    def get(self, request: Request, gallery: str, category: str) -> Response:
        """One category."""
        return Response(CategoryAnswer(self.category).data)

    @extend_schema(request=CategoryChange, responses=DescribedAnswer)
    def patch(self, request: Request, gallery: str, category: str) -> Response:
        """Change a category. `prompts`, where given, become the whole list."""
        found = self.category
        given = CategoryChange(data=request.data, context={"now": CategoryAnswer(found).data})
        given.is_valid(raise_exception=True)
        described = update_described(gallery=self.gallery, category=found, **given.validated_data)
        return Response(DescribedAnswer.of(described, self.gallery))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, category: str) -> Response:
        """Remove a category with its references and prompts, files and embeddings too."""
        remove_category(gallery=self.gallery, category=self.category)
        return Response(status=status.HTTP_204_NO_CONTENT)
