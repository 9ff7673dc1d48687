from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.base import EMBEDDING
from recognition.api.fields import IMAGE_PARSERS, ImageFiles, image_input
from recognition.api.filters import NegativeFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag
from recognition.core.errors import Conflict, IndexUnavailable, QuotaExceeded
from recognition.models import Negative, Scope
from recognition.selectors.galleries import require_curator
from recognition.selectors.negatives import get_negative, negatives_of
from recognition.services.negatives.add import MAX_FILES, Added, add_negatives
from recognition.services.negatives.remove import remove_all_negatives, remove_negative


class NegativeAnswer(serializers.ModelSerializer[Negative]):
    """A photo of something that the gallery does not know."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")

    class Meta:
        model = Negative
        fields = ["id", "width", "height", "sha256", "created_at"]
        extra_kwargs = {
            "width": {"help_text": "Of the upright image, in pixels.", "min_value": 1},
            "height": {"help_text": "Of the upright image, in pixels.", "min_value": 1},
            "sha256": {"help_text": "Of the bytes that were uploaded, in hexadecimal."},
            "created_at": {"help_text": "When it was given."},
        }


class KeptAnswer(NegativeAnswer):
    """A photo that counts from now on."""

    file = serializers.CharField(help_text="The name of its file, as it was sent.")

    class Meta(NegativeAnswer.Meta):
        fields = ["file", *NegativeAnswer.Meta.fields]


class RefusedAnswer(serializers.Serializer[Any]):
    """A file that was not kept."""

    file = serializers.CharField(help_text="Its name, as it was sent.")
    code = serializers.CharField(
        help_text="Stable; for programs. `duplicate`: the gallery has it already."
    )
    detail = serializers.CharField(help_text="A sentence; for people.")


class DoubtfulAnswer(serializers.Serializer[Any]):
    """A file that was not kept since it looks like something enrolled; `force` keeps it."""

    file = serializers.CharField(help_text="Its name, as it was sent.")
    category = serializers.CharField(help_text="The slug of the category that it looks like.")
    name = serializers.CharField(help_text="That category's name.")


class NegativesAnswer(serializers.Serializer[Any]):
    """What became of each file."""

    kept = KeptAnswer(many=True, help_text="Those that count from now on.")
    refused = RefusedAnswer(many=True, help_text="Those that cannot be used.")
    doubtful = DoubtfulAnswer(many=True, help_text="Those that may show something enrolled.")

    @classmethod
    def of(cls, added: Added) -> dict[str, Any]:
        return {
            "kept": [
                {"file": each.name, **NegativeAnswer(each.negative).data} for each in added.kept
            ],
            "refused": [
                {"file": each.name, "code": each.code, "detail": each.detail}
                for each in added.refused
            ],
            "doubtful": [
                {"file": each.name, "category": each.category.slug, "name": each.category.name}
                for each in added.doubtful
            ],
        }


class NegativesInput(serializers.Serializer[Any]):
    """Photos of things that are not in the gallery."""

    image = ImageFiles(help_text=f"The photo, or up to {MAX_FILES} of different things.")
    force = Flag(
        default=False,
        help_text="Keep also flawed ones and those that look like something enrolled.",
    )


class CuratorsView(GalleryView):
    """What passers-by looked like is for those alone who look after the gallery."""

    scope = Scope.ENROL
    scope_to_read = True

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_curator(request.user, self.gallery)


class NegativeList(CuratorsView, ListAPIView[Negative]):
    """Photos of things that are not in the gallery, oldest first. They are never recognised: the
    gallery learns from them what chance looks like."""

    queryset = Negative.objects.none()
    raises = (Conflict, *EMBEDDING, IndexUnavailable, QuotaExceeded)
    serializer_class = NegativeAnswer
    filterset_class = NegativeFilters
    parser_classes = IMAGE_PARSERS

    def get_queryset(self) -> Any:
        return negatives_of(self.gallery)

    @extend_schema(request=NegativesInput, responses={200: NegativesAnswer, 201: NegativesAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Give photos of things that are not in the gallery. Each file that cannot be used is
        told, and the others are kept; 200 where none was."""
        given = NegativesInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        added = add_negatives(
            gallery=self.gallery,
            files=given.validated_data["image"],
            user=self.user,
            force=given.validated_data["force"],
        )
        made = status.HTTP_201_CREATED if added.kept else status.HTTP_200_OK
        return Response(NegativesAnswer.of(added), status=made)

    @extend_schema(operation_id="galleries_negatives_clear", responses={204: None})
    def delete(self, request: Request, gallery: str) -> Response:
        """Remove all photos of other things, with their files and embeddings."""
        remove_all_negatives(gallery=self.gallery)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NegativeDetail(CuratorsView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, negative: str) -> Response:
        """Remove a photo of something else with its files and its embedding."""
        remove_negative(gallery=self.gallery, negative=get_negative(self.gallery, negative))
        return Response(status=status.HTTP_204_NO_CONTENT)
