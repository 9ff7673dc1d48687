from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from recognition.api.access import GalleryView
from recognition.api.base import EMBEDDING, REGIONS
from recognition.api.fields import IMAGE_PARSERS, BoxInput, ImageBytes, RegionsInput, image_input
from recognition.api.filters import ReferenceFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag, Text
from recognition.api.v1.answers import BoxAnswer, WarningAnswer
from recognition.core.errors import (
    AlreadyApproved,
    AlreadyExists,
    CategoryNotFound,
    IndexUnavailable,
    QuotaExceeded,
)
from recognition.models import Reference, Scope
from recognition.selectors.categories import references_of
from recognition.selectors.galleries import require_owner
from recognition.services.recognition.answer import warnings_answer
from recognition.services.references.approve_references import approve_references
from recognition.services.references.enrol import Enrolment, enrol
from recognition.services.references.reject_references import reject_references
from recognition.services.removal import remove_reference


class ReferenceAnswer(serializers.ModelSerializer[Reference]):
    """An enrolled image, or a region of one: one shot."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")
    category = serializers.CharField(source="category.slug", help_text="Its category's slug.")
    box = BoxAnswer(
        allow_null=True, help_text="The region that it is, in pixels; null for the whole image."
    )

    class Meta:
        model = Reference
        fields = [
            "id",
            "category",
            "state",
            "external_id",
            "width",
            "height",
            "box",
            "sha256",
            "created_at",
        ]
        extra_kwargs = {
            "state": {"help_text": "`approved` is searchable; `pending` waits for an owner."},
            "external_id": {"help_text": "The caller's own identifier; empty without."},
            "width": {"help_text": "Of the upright image, in pixels.", "min_value": 1},
            "height": {"help_text": "Of the upright image, in pixels.", "min_value": 1},
            "sha256": {"help_text": "Of the bytes that were uploaded, in hexadecimal."},
            "created_at": {"help_text": "When it was enrolled."},
        }


class EnrolmentAnswer(ReferenceAnswer):
    """A reference that is searchable from now on or, where its `state` is `pending`, as soon as
    an owner approves it."""

    generation = serializers.IntegerField(
        min_value=1,
        allow_null=True,
        help_text="The number of the change that made it searchable; null while it waits.",
    )
    warnings = WarningAnswer(many=True, help_text="What a curator should look at.")

    class Meta(ReferenceAnswer.Meta):
        fields = [*ReferenceAnswer.Meta.fields, "generation", "warnings"]

    @classmethod
    def of(cls, enrolment: Enrolment) -> dict[str, Any]:
        return {
            **ReferenceAnswer(enrolment.reference).data,
            "generation": enrolment.generation,
            "warnings": warnings_answer(enrolment.warnings),
        }


class ReferenceInput(serializers.Serializer[Any]):
    """An image, and what it shows."""

    image = ImageBytes()
    category = Text(
        max_length=200, help_text="Slug or external id of the category that the image shows."
    )
    box = BoxInput()
    regions = RegionsInput()
    # The metaclass takes fields off the class, so that no method of DRF's own is hidden.
    create = Flag(  # type: ignore[assignment]
        default=False, help_text="Make the category where there is none."
    )
    external_id = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Your own identifier of the image, one of its gallery's; empty for none.",
    )


class ReferenceList(GalleryView, ListAPIView[Reference]):
    """The enrolled images of a gallery, oldest first."""

    queryset = Reference.objects.none()
    raises = (
        AlreadyExists,
        CategoryNotFound,
        *EMBEDDING,
        IndexUnavailable,
        QuotaExceeded,
        *REGIONS,
    )
    scope = Scope.ENROL
    serializer_class = ReferenceAnswer
    filterset_class = ReferenceFilters
    parser_classes = IMAGE_PARSERS

    def get_queryset(self) -> Any:
        return references_of(self.gallery)

    @extend_schema(request=ReferenceInput, responses={201: EnrolmentAnswer, 202: EnrolmentAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Enrol an image. When this answers with 201, it is searchable; with 202 it waits for
        an owner's approval. `Location` is the reference's address."""
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
            box=values.get("box"),
            regions=values.get("regions"),
        )
        waits = enrolment.reference.is_pending
        kept = {"gallery": gallery, "reference": enrolment.reference.public_id}
        return Response(
            EnrolmentAnswer.of(enrolment),
            status=status.HTTP_202_ACCEPTED if waits else status.HTTP_201_CREATED,
            headers={"Location": reverse("api:reference", kwargs=kept, request=request)},
        )


class ReferenceDetail(GalleryView):
    scope = Scope.ENROL

    @extend_schema(responses=ReferenceAnswer)
    def get(self, request: Request, gallery: str, reference: str) -> Response:
        """One enrolled image."""
        return Response(ReferenceAnswer(self.reference).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str, reference: str) -> Response:
        """Remove an enrolled image with its files and its embedding."""
        remove_reference(gallery=self.gallery, reference=self.reference)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReferenceReview(GalleryView):
    """Approving and rejecting take an owner: whoever enrols does not approve."""

    scope = Scope.MANAGE

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        require_owner(request.user, self.gallery)


class ReferenceApproval(ReferenceReview):
    raises = EMBEDDING

    @extend_schema(request=None, responses=ReferenceAnswer)
    def post(self, request: Request, gallery: str, reference: str) -> Response:
        """Make a reference that waits searchable; one that is so already stays as it is."""
        approve_references(gallery=self.gallery, references=[self.reference])
        return Response(ReferenceAnswer(self.reference).data)


class ReferenceRejection(ReferenceReview):
    raises = (AlreadyApproved,)

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, gallery: str, reference: str) -> Response:
        """Remove a reference that waits, for good."""
        reject_references(gallery=self.gallery, references=[self.reference])
        return Response(status=status.HTTP_204_NO_CONTENT)
