from __future__ import annotations

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
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
from recognition.selectors.galleries import require_owner
from recognition.services.answer import warnings_answer
from recognition.services.approve_references import approve_references
from recognition.services.enrol import Enrolment, enrol
from recognition.services.reject_references import reject_references
from recognition.services.remove import remove_reference


class ReferenceAnswer(serializers.ModelSerializer[Reference]):
    id = serializers.CharField(source="public_id")
    category = serializers.CharField(source="category.slug")

    class Meta:
        model = Reference
        fields = [
            "id",
            "category",
            "state",
            "external_id",
            "width",
            "height",
            "sha256",
            "created_at",
        ]


class EnrolmentAnswer(serializers.Serializer[Enrolment]):
    """A reference that is searchable from now on or, where its ``state`` is ``pending``, as soon
    as an owner approves it."""

    reference = ReferenceAnswer()
    generation = serializers.IntegerField(
        allow_null=True, help_text="That made it searchable; null while it waits for approval."
    )
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
    queryset = Reference.objects.none()
    filter_backends = [DjangoFilterBackend]
    filterset_fields = ["state"]

    def get_queryset(self) -> Any:
        return references_of(self.gallery)

    @extend_schema(request=ReferenceInput, responses={201: EnrolmentAnswer, 202: EnrolmentAnswer})
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
        waits = enrolment.reference.is_pending
        return Response(
            EnrolmentAnswer(enrolment).data,
            status=status.HTTP_202_ACCEPTED if waits else status.HTTP_201_CREATED,
        )


class ReferenceDetail(GalleryView):
    scope = Scope.ENROL

    @extend_schema(responses=ReferenceAnswer)
    def get(self, request: Request, gallery: str, reference: str) -> Response:
        return Response(ReferenceAnswer(self.reference).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, reference: str) -> Response:
        remove_reference(gallery=self.gallery, reference=self.reference)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReferenceApproval(GalleryView):
    """Approving and rejecting take an owner: whoever enrols does not approve."""

    scope = Scope.MANAGE

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_owner(request.user, self.gallery)

    @extend_schema(request=None, responses=ReferenceAnswer)
    def post(self, request: Request, gallery: str, reference: str) -> Response:
        """Make a reference that waits searchable; one that is so already stays as it is."""
        approve_references(gallery=self.gallery, references=[self.reference])
        return Response(ReferenceAnswer(self.reference).data)


class ReferenceRejection(ReferenceApproval):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, gallery: str, reference: str) -> Response:
        """Remove a reference that waits, for good."""
        reject_references(gallery=self.gallery, references=[self.reference])
        return Response(status=status.HTTP_204_NO_CONTENT)
