from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.answers import WarningAnswer
from recognition.api.fields import IMAGE_PARSERS, ImageBytes, image_input
from recognition.api.idempotency import idempotent
from recognition.models import Reference, Scope
from recognition.selectors.categories import references_of
from recognition.services.answer import warnings_answer
from recognition.services.enrol import Enrolment, enrol
from recognition.services.remove import remove_reference


class ReferenceAnswer(serializers.ModelSerializer[Reference]):
    id = serializers.CharField(source="public_id")
    category = serializers.CharField(source="category.slug")

    class Meta:
        model = Reference
        fields = ["id", "category", "external_id", "width", "height", "sha256", "created_at"]


class EnrolmentAnswer(serializers.Serializer[Enrolment]):
    """A reference that is searchable from now on."""

    reference = ReferenceAnswer()
    generation = serializers.IntegerField()
    warnings = WarningAnswer(many=True)

    def to_representation(self, instance: Enrolment) -> dict[str, Any]:
        answer: dict[str, Any] = super().to_representation(instance)
        reference: dict[str, Any] = answer.pop("reference")
        return reference | answer | {"warnings": warnings_answer(instance.warnings)}


class ReferenceInput(serializers.Serializer[Any]):
    image = ImageBytes()
    category = serializers.CharField(max_length=200)
    # The metaclass takes fields off the class, so that no method of DRF's own is hidden.
    create = serializers.BooleanField(default=False)  # type: ignore[assignment]
    external_id = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ReferenceList(GalleryView, ListAPIView[Reference]):
    scope = Scope.ENROL
    serializer_class = ReferenceAnswer
    parser_classes = IMAGE_PARSERS

    def get_queryset(self) -> Any:
        return references_of(self.gallery)

    @extend_schema(request=ReferenceInput, responses={201: EnrolmentAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        given = ReferenceInput(data=image_input(request))
        given.is_valid(raise_exception=True)
        values = given.validated_data
        enrolment = enrol(
            gallery=self.gallery,
            category=values["category"],
            create=values["create"],
            data=values["image"],
            user=self.user,
            external_id=values.get("external_id", ""),
        )
        return Response(EnrolmentAnswer(enrolment).data, status=status.HTTP_201_CREATED)


class ReferenceDetail(GalleryView):
    scope = Scope.ENROL

    @extend_schema(responses=ReferenceAnswer)
    def get(self, request: Request, gallery: str, reference: str) -> Response:
        return Response(ReferenceAnswer(self.reference).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, reference: str) -> Response:
        remove_reference(gallery=self.gallery, reference=self.reference)
        return Response(status=status.HTTP_204_NO_CONTENT)
