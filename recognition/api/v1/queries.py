from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.base import EMBEDDING
from recognition.api.filters import QueryFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag, Text
from recognition.api.pagination import NewestFirst
from recognition.api.v1.answers import BoxAnswer, IdentificationAnswer
from recognition.core.errors import (
    AlreadyExists,
    CategoryNotFound,
    ImageNotKept,
    IndexUnavailable,
    QuotaExceeded,
)
from recognition.core.types import Outcome
from recognition.models import Feedback, Query, Scope
from recognition.selectors.queries import get_query, queries_of
from recognition.services.feedback.give_feedback import give_feedback


class FeedbackAnswer(serializers.ModelSerializer[Feedback]):
    """What a person said of an answer."""

    category = serializers.CharField(
        source="category.slug",
        default=None,
        allow_null=True,
        help_text="The slug of what it is, or of what it is not; null for `unknown`.",
    )
    reference = serializers.CharField(
        source="reference.public_id",
        default=None,
        allow_null=True,
        help_text="The reference that the query was promoted to.",
    )

    class Meta:
        model = Feedback
        fields = ["verdict", "category", "reference", "created_at"]
        extra_kwargs = {
            "verdict": {"help_text": "Whether the answer was right, or what is."},
            "created_at": {"help_text": "When it was last said."},
        }


class QueryAnswer(serializers.ModelSerializer[Query]):
    """An image that was to be recognised, and what was answered."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")
    decision = serializers.ChoiceField(
        source="outcome",
        choices=[outcome.value for outcome in Outcome],
        help_text="What was answered.",
    )
    category = serializers.CharField(
        source="category.slug",
        default=None,
        allow_null=True,
        help_text="The slug of the category that was matched, if it is still there.",
    )
    claim = serializers.CharField(
        source="claim.slug",
        default=None,
        allow_null=True,
        help_text="Of a verification: the slug of the category that was claimed.",
    )
    box = BoxAnswer(
        allow_null=True, help_text="The region that it is of, in pixels; null for the whole image."
    )
    photo = serializers.CharField(
        allow_null=True,
        default=None,
        help_text="The query of the main region of the same photo; null where it is that itself.",
    )
    answer = IdentificationAnswer(help_text="The answer, as it was given.")
    feedback = FeedbackAnswer(
        default=None, allow_null=True, help_text="What was said of it last; null if nothing was."
    )

    class Meta:
        model = Query
        fields = [
            *("id", "kind", "claim", "decision", "category", "generation", "answer"),
            *("feedback", "created_at", "box", "photo"),
        ]
        extra_kwargs = {
            "kind": {"help_text": "What was asked: an identification or a verification."},
            "generation": {"help_text": "The gallery's last change that the answer knew of."},
            "created_at": {"help_text": "When it was asked."},
        }


class FeedbackInput(serializers.Serializer[Any]):
    """What you say of an answer."""

    verdict = serializers.ChoiceField(
        choices=Feedback.Verdict.choices,
        help_text="`right`; `it_is` the `category`; `not_this`; `unknown`: nothing enrolled.",
    )
    category = Text(
        max_length=200,
        required=False,
        help_text="Slug or external id of what it is, or of what it is not.",
    )
    promote = Flag(default=False, help_text="Enrol the query's image as a reference.")
    # The metaclass takes fields off the class, so that no method of DRF's own is hidden.
    create = Flag(  # type: ignore[assignment]
        default=False, help_text="Make the category where there is none."
    )


class QueryList(GalleryView, ListAPIView[Query]):
    """What was to be recognised, newest first, with its answers and what was said of them."""

    queryset = Query.objects.none()
    serializer_class = QueryAnswer
    filterset_class = QueryFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return queries_of(self.gallery)


class QueryDetail(GalleryView):
    @extend_schema(responses=QueryAnswer)
    def get(self, request: Request, gallery: str, query: str) -> Response:
        """One query, with its answer and what was said of it."""
        return Response(QueryAnswer(get_query(self.gallery, query)).data)


class QueryFeedback(GalleryView):
    raises = (
        AlreadyExists,
        CategoryNotFound,
        *EMBEDDING,
        ImageNotKept,
        IndexUnavailable,
        QuotaExceeded,
    )
    scope = Scope.ENROL

    @extend_schema(request=FeedbackInput, responses=FeedbackAnswer)
    @idempotent
    def post(self, request: Request, gallery: str, query: str) -> Response:
        """Say whether an answer was right. A later word replaces an earlier one."""
        given = FeedbackInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        feedback = give_feedback(
            gallery=self.gallery,
            query=get_query(self.gallery, query),
            verdict=Feedback.Verdict(values["verdict"]),
            category=values.get("category"),
            promote=values["promote"],
            create=values["create"],
            user=self.user,
        )
        return Response(FeedbackAnswer(feedback).data)
