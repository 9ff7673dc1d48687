from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.archives import ArchiveField, ArchiveView
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag, Slug
from recognition.api.v1.galleries import GalleryAnswer
from recognition.core.errors import AlreadyExists, EncoderError, EncoderMismatch, QuotaExceeded
from recognition.models import Scope
from recognition.selectors.galleries import gallery_summaries, require_curator
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.bundles.import_gallery import import_gallery


class ZipOrProblem(JSONRenderer):
    """Lets a caller ask for a zip; an error is JSON all the same."""

    media_type = "application/zip"
    format = "zip"


class ExportInput(serializers.Serializer[Any]):
    """How to write the bundle."""

    images = Flag(
        default=True,
        help_text="Without images the bundle is small, and of use only to the same encoder.",
    )


class Export(GalleryView):
    scope = Scope.MANAGE
    scope_to_read = True
    renderer_classes = [JSONRenderer, ZipOrProblem]

    @extend_schema(
        parameters=[ExportInput],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, gallery: str) -> StreamingHttpResponse:
        """The gallery as a bundle: categories, prompts, references, vectors, images."""
        require_curator(request.user, self.gallery)
        given = ExportInput(data=request.query_params)
        given.is_valid(raise_exception=True)
        return StreamingHttpResponse(
            export_gallery(gallery=self.gallery, images=given.validated_data["images"]),
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{self.gallery.slug}.oneshot.zip"'
            },
        )


class BundleInput(serializers.Serializer[Any]):
    """A gallery's bundle."""

    bundle = ArchiveField(help_text="What `export` gave.")
    slug = Slug(required=False, help_text="By default the bundle's, numbered if taken.")


class GalleryImport(ArchiveView):
    raises = (AlreadyExists, EncoderError, EncoderMismatch, QuotaExceeded)
    scope = Scope.MANAGE

    @extend_schema(request=BundleInput, responses={201: GalleryAnswer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a gallery of a bundle. Its vectors are taken over if their encoder is installed
        here; else its images are embedded anew, which takes its time."""
        self.require_unbound()
        given = BundleInput(data=request.data)
        given.is_valid(raise_exception=True)
        gallery = import_gallery(
            bundle=given.validated_data["bundle"].file,
            owner=self.user,
            slug=given.validated_data.get("slug", ""),
        )
        summary = gallery_summaries(self.user, key=self.key).filter(pk=gallery.pk).first()
        return Response(GalleryAnswer(summary or gallery).data, status=status.HTTP_201_CREATED)
