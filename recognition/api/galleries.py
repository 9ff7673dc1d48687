from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.answers import EncoderAnswer
from recognition.api.base import ApiView
from recognition.api.idempotency import idempotent
from recognition.api.permissions import READING
from recognition.models import Gallery, Scope
from recognition.selectors.galleries import gallery_summaries, require_owner
from recognition.services.create_gallery import create_gallery
from recognition.services.remove import remove_gallery
from recognition.services.update_gallery import update_gallery


class GalleryAnswer(serializers.ModelSerializer[Gallery]):
    encoder = EncoderAnswer()
    categories = serializers.IntegerField(source="category_count", default=0)
    references = serializers.IntegerField(source="reference_count", default=0)

    class Meta:
        model = Gallery
        fields = [
            "slug",
            "name",
            "description",
            "target_far",
            "review_references",
            "encoder",
            "generation",
            "categories",
            "references",
            "created_at",
        ]


class GalleryInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=100, required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    target_far = serializers.FloatField(min_value=1e-6, max_value=0.5, required=False)
    review_references = serializers.BooleanField(required=False)


class GalleryChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    target_far = serializers.FloatField(min_value=1e-6, max_value=0.5, required=False)
    review_references = serializers.BooleanField(required=False)


class GalleryList(ApiView, ListAPIView[Gallery]):
    scope = Scope.MANAGE
    serializer_class = GalleryAnswer

    def get_queryset(self) -> Any:
        return gallery_summaries(self.request.user, key=self.key)

    @extend_schema(request=GalleryInput, responses={201: GalleryAnswer})
    @idempotent
    def post(self, request: Request) -> Response:
        given = GalleryInput(data=request.data)
        given.is_valid(raise_exception=True)
        gallery = create_gallery(owner=self.user, **given.validated_data)
        return Response(GalleryAnswer(gallery).data, status=status.HTTP_201_CREATED)


class GalleryDetail(GalleryView):
    scope = Scope.MANAGE

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in READING:
            require_owner(request.user, self.gallery)

    @extend_schema(responses=GalleryAnswer)
    def get(self, request: Request, gallery: str) -> Response:
        summary = gallery_summaries(request.user, key=self.key).get(pk=self.gallery.pk)
        return Response(GalleryAnswer(summary).data)

    @extend_schema(request=GalleryChange, responses=GalleryAnswer)
    def patch(self, request: Request, gallery: str) -> Response:
        given = GalleryChange(data=request.data)
        given.is_valid(raise_exception=True)
        update_gallery(gallery=self.gallery, **given.validated_data)
        return self.get(request, gallery)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str) -> Response:
        remove_gallery(gallery=self.gallery)
        return Response(status=status.HTTP_204_NO_CONTENT)
