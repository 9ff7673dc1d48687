from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.idempotency import idempotent
from recognition.models import Category, Scope
from recognition.selectors.categories import categories_of, get_category
from recognition.services.create_category import create_category
from recognition.services.remove import remove_category
from recognition.services.update_category import update_category


class CategoryAnswer(serializers.ModelSerializer[Category]):
    prompts = serializers.SlugRelatedField[Any](slug_field="text", many=True, read_only=True)
    references = serializers.IntegerField(source="shots", read_only=True)

    class Meta:
        model = Category
        fields = ["slug", "name", "external_id", "prompts", "references", "metadata", "created_at"]


class CategoryChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    external_id = serializers.CharField(max_length=200, required=False, allow_blank=True)
    prompts = serializers.ListField(child=serializers.CharField(max_length=500), required=False)
    metadata = serializers.DictField(required=False)


class CategoryInput(CategoryChange):
    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=100, required=False)


class CategoryList(GalleryView, ListAPIView[Category]):
    scope = Scope.ENROL
    serializer_class = CategoryAnswer

    def get_queryset(self) -> Any:
        return categories_of(self.gallery)

    @extend_schema(request=CategoryInput, responses={201: CategoryAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        given = CategoryInput(data=request.data)
        given.is_valid(raise_exception=True)
        category = create_category(gallery=self.gallery, **given.validated_data)
        answer = CategoryAnswer(get_category(self.gallery, category.slug))
        return Response(answer.data, status=status.HTTP_201_CREATED)


class CategoryDetail(GalleryView):
    scope = Scope.ENROL

    @extend_schema(responses=CategoryAnswer)
    def get(self, request: Request, gallery: str, category: str) -> Response:
        return Response(CategoryAnswer(self.category).data)

    @extend_schema(request=CategoryChange, responses=CategoryAnswer)
    def patch(self, request: Request, gallery: str, category: str) -> Response:
        given = CategoryChange(data=request.data)
        given.is_valid(raise_exception=True)
        changed = update_category(
            gallery=self.gallery, category=self.category, **given.validated_data
        )
        return Response(CategoryAnswer(get_category(self.gallery, changed.slug)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, category: str) -> Response:
        remove_category(gallery=self.gallery, category=self.category)
        return Response(status=status.HTTP_204_NO_CONTENT)
