from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.base import ApiView
from recognition.api.fields import FarField
from recognition.api.filters import GalleryFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Change, Flag, Integer, Slug, Text
from recognition.api.permissions import READING, require_proof
from recognition.api.v1.answers import ClaimAnswer, EncoderAnswer
from recognition.core.errors import AlreadyExists, EncoderError, ProofRequired, QuotaExceeded
from recognition.core.rates import DEFAULT_FAR
from recognition.core.types import Domain
from recognition.models import Gallery, Scope
from recognition.models.gallery import MAX_QUERY_DAYS
from recognition.selectors.galleries import gallery_summaries, require_owner
from recognition.services.galleries.claims import claim_answer, claim_of
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.galleries.update_gallery import Retention, update_gallery
from recognition.services.removal import remove_gallery

DOMAINS = [domain.value for domain in Domain]


class RetentionFields(serializers.Serializer[Any]):
    """For how long what is kept of queries."""

    query_days = Integer(
        min_value=1,
        max_value=MAX_QUERY_DAYS,
        allow_null=True,
        help_text="For how many days queries are kept; null keeps them for ever.",
    )
    query_images = Flag(help_text="Whether queries are kept with their images.")


class GalleryAnswer(serializers.ModelSerializer[Gallery]):
    """An isolated searchable set."""

    encoder = EncoderAnswer(help_text="What embeds its images and texts.")
    domain = serializers.ChoiceField(choices=DOMAINS, help_text="What it recognises.")
    retention = RetentionFields(source="*", help_text="What is kept of queries.")
    categories = serializers.IntegerField(
        source="category_count", default=0, min_value=0, help_text="How many it has."
    )
    references = serializers.IntegerField(
        source="reference_count", default=0, min_value=0, help_text="How many are enrolled."
    )

    claim = serializers.SerializerMethodField(
        help_text="How often something unknown passes, as far as it is known."
    )

    @extend_schema_field(ClaimAnswer)
    def get_claim(self, gallery: Gallery) -> dict[str, Any]:
        return claim_answer(claim_of(gallery))

    class Meta:
        model = Gallery
        fields = [
            "slug",
            "name",
            "description",
            "domain",
            "target_far",
            "claim",
            "review_references",
            "retention",
            "encoder",
            "generation",
            "categories",
            "references",
            "created_at",
        ]
        extra_kwargs = {
            "slug": {"help_text": "Its name in addresses."},
            "name": {"help_text": "What people read."},
            "description": {"help_text": "What it is for; may be empty."},
            "target_far": {
                "help_text": "Share of images of unknown things that may be matched, 1e-6 to 0.5.",
            },
            "review_references": {
                "help_text": "Whether an owner has to approve what others enrol."
            },
            "generation": {"help_text": "The number of the last change to what is enrolled."},
            "created_at": {"help_text": "When it was made."},
        }


class GalleryChange(Change):
    """What is to change; what is left out stays."""

    name = Text(max_length=200, required=False, help_text="What people read.")
    description = Text(
        max_length=5000, required=False, allow_blank=True, help_text="What it is for."
    )
    target_far = FarField(
        help_text="Share of images of unknown things that may be matched; "
        f"{DEFAULT_FAR} in a new gallery."
    )
    review_references = Flag(
        required=False, help_text="Whether an owner has to approve what others enrol."
    )


class GalleryPatch(GalleryChange):
    """What is to change, also in what is kept."""

    retention = RetentionFields(required=False, help_text="What is kept of queries.")


DOMAIN_HELP = (
    "What it recognises: `general` takes any picture, and descriptions where its encoder reads "
    "them; `faces` finds the face in a photo; `drawings` looks at ink: characters, signatures, "
    "logos. It is chosen once; later it changes only with the encoder."
)


class GalleryInput(GalleryChange):
    """A new gallery, which its maker owns."""

    name = Text(max_length=200, help_text="What people read.")
    slug = Slug(
        required=False,
        help_text="By default made of the name, numbered if taken. `import` is taken.",
    )
    domain = serializers.ChoiceField(
        choices=DOMAINS, default=Domain.GENERAL.value, help_text=DOMAIN_HELP
    )

    def validate_domain(self, value: str) -> Domain:
        return Domain(value)


class GalleryList(ApiView, ListAPIView[Gallery]):
    """The galleries that you may see, oldest first."""

    queryset = Gallery.objects.none()
    raises = (AlreadyExists, EncoderError, QuotaExceeded)
    scope = Scope.MANAGE
    serializer_class = GalleryAnswer
    filterset_class = GalleryFilters

    def get_queryset(self) -> Any:
        return gallery_summaries(self.request.user, key=self.key)

    @extend_schema(request=GalleryInput, responses={201: GalleryAnswer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a gallery, which you then own."""
        self.require_unbound()
        given = GalleryInput(data=request.data)
        given.is_valid(raise_exception=True)
        gallery = create_gallery(owner=self.user, **given.validated_data)
        return Response(GalleryAnswer(gallery).data, status=status.HTTP_201_CREATED)


class GalleryDetail(GalleryView):
    scope = Scope.MANAGE
    raises = (ProofRequired,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in READING:
            require_owner(request.user, self.gallery)

    @extend_schema(responses=GalleryAnswer)
    def get(self, request: Request, gallery: str) -> Response:
        """One gallery, with its counts."""
        return Response(self._answer())

    def _answer(self) -> dict[str, Any]:
        summary = gallery_summaries(self.request.user, key=self.key).get(pk=self.gallery.pk)
        return dict(GalleryAnswer(summary).data)

    @extend_schema(request=GalleryPatch, responses=GalleryAnswer)
    def patch(self, request: Request, gallery: str) -> Response:
        """Change what is said of a gallery, or how strictly it decides."""
        given = GalleryPatch(data=request.data, context={"now": self._answer()})
        given.is_valid(raise_exception=True)
        values = given.validated_data
        retention = values.pop("retention", None)
        update_gallery(
            gallery=self.gallery, retention=retention and Retention(**retention), **values
        )
        return self.get(request, gallery)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, gallery: str) -> Response:
        """Remove a gallery with everything in it: files, embeddings, snapshots and history."""
        require_proof(request)
        remove_gallery(gallery=self.gallery)
        return Response(status=status.HTTP_204_NO_CONTENT)
