from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.answers import IdentificationAnswer
from recognition.api.idempotency import idempotent
from recognition.api.pagination import NewestFirst
from recognition.models import Feedback, Query, Scope
from recognition.selectors.queries import get_query, queries_of
from recognition.services.give_feedback import give_feedback


class FeedbackAnswer(serializers.ModelSerializer[Feedback]):
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    reference = serializers.CharField(
        source="reference.public_id",
        default=None,
        allow_null=True,
        help_text="The reference that the query was promoted to.",
    )

    class Meta:
        model = Feedback
        fields = ["verdict", "category", "reference", "created_at"]


class QueryAnswer(serializers.ModelSerializer[Query]):
    id = serializers.CharField(source="public_id")
    decision = serializers.CharField(source="outcome")
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    answer = IdentificationAnswer()
    feedback = FeedbackAnswer(default=None, allow_null=True)

    class Meta:
        model = Query
        fields = ["id", "decision", "category", "generation", "answer", "feedback", "created_at"]


class FeedbackInput(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Feedback.Verdict.choices)
    category = serializers.CharField(
        max_length=200,
        required=False,
        help_text="Slug or external id of what it is, or of what it is not.",
    )
    promote = serializers.BooleanField(
        default=False, help_text="Enrol the query's image as a reference."
    )
    # The metaclass takes fields off the class, so that no method of DRF's own is hidden.
    create = serializers.BooleanField(default=False)  # type: ignore[assignment]


class QueryList(GalleryView, ListAPIView[Query]):
    serializer_class = QueryAnswer
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return queries_of(self.gallery)


class QueryDetail(GalleryView):
    @extend_schema(responses=QueryAnswer)
    def get(self, request: Request, gallery: str, query: str) -> Response:
        return Response(QueryAnswer(get_query(self.gallery, query)).data)


class QueryFeedback(GalleryView):
    scope = Scope.ENROL

    @extend_schema(request=FeedbackInput, responses=FeedbackAnswer)
    @idempotent
    def post(self, request: Request, gallery: str, query: str) -> Response:
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
