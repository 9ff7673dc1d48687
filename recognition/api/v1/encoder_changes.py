from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.filters import EncoderChangeFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Text
from recognition.api.pagination import NewestFirst
from recognition.api.v1.answers import EncoderAnswer
from recognition.api.v1.webhooks import OwnersView
from recognition.core.errors import (
    Conflict,
    EncoderChangeBehind,
    EncoderChangeState,
    EncoderError,
    EncoderMismatch,
)
from recognition.core.types import Outcome
from recognition.models import EncoderChange
from recognition.selectors.encoder_changes import changes_of, get_change
from recognition.services.encoder_changes.answer import change_answer
from recognition.services.encoder_changes.end import cancel_change, finish_change
from recognition.services.encoder_changes.start import start_encoder_change
from recognition.services.encoder_changes.switch import roll_back, switch_encoder


class AnswerByEncoder(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(
        choices=[outcome.value for outcome in Outcome], help_text="What was decided."
    )
    category = serializers.CharField(allow_null=True, help_text="The category's slug.")
    name = serializers.CharField(allow_null=True, help_text="The category's name.")


class ChangedQueryAnswer(serializers.Serializer[Any]):
    query = serializers.CharField(help_text="The query's id.")
    before = AnswerByEncoder(help_text="With the encoder that is left.")
    after = AnswerByEncoder(help_text="With the one that is taken.")


class LeaveOneOutAnswer(serializers.Serializer[Any]):
    references = serializers.IntegerField(
        min_value=0, help_text="References whose category has another one."
    )
    before = serializers.IntegerField(
        min_value=0, help_text="How many of them have their nearest other reference there."
    )
    after = serializers.IntegerField(min_value=0, help_text="The same with the new encoder.")


class ComparisonAnswer(serializers.Serializer[Any]):
    compared = serializers.IntegerField(min_value=0, help_text="Past queries asked again.")
    alike = serializers.IntegerField(min_value=0, help_text="Those answered as before.")
    changed = ChangedQueryAnswer(many=True, help_text="At most 100 of those answered otherwise.")
    judged = serializers.IntegerField(
        min_value=0, help_text="Those of which somebody said what they show."
    )
    right_before = serializers.IntegerField(
        min_value=0, help_text="Judged ones that the old encoder gets right."
    )
    right_after = serializers.IntegerField(
        min_value=0, help_text="Judged ones that the new encoder gets right."
    )
    leave_one_out = LeaveOneOutAnswer(help_text="How references of one category find each other.")


class EncoderChangeAnswer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Its name in addresses.")
    state = serializers.ChoiceField(choices=EncoderChange.State.choices, help_text="How far it is.")
    # The metaclass takes fields off the class, so that no attribute of DRF's own is hidden.
    source = EncoderAnswer(help_text="The encoder that is left.")  # type: ignore[assignment]
    target = EncoderAnswer(help_text="The encoder that is taken.")
    total = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Embeddings to make; null until they are counted."
    )
    embedded = serializers.IntegerField(min_value=0, help_text="Embeddings made so far.")
    behind = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Embeddings that the standby encoder still lacks."
    )
    code = serializers.CharField(help_text="Why it failed; stable, for programs. Else empty.")
    detail = serializers.CharField(help_text="The same as a sentence.")
    comparison = ComparisonAnswer(
        allow_null=True, help_text="How the two answer; null until it is ready."
    )
    created_at = serializers.DateTimeField(help_text="When it was asked for.")
    switched_at = serializers.DateTimeField(
        allow_null=True, help_text="When the new one took over; null until then."
    )
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was finished, cancelled or failed; null until then."
    )

    def to_representation(self, instance: EncoderChange) -> Any:
        return super().to_representation(change_answer(instance))


class EncoderChangeInput(serializers.Serializer[Any]):
    encoder = Text(
        max_length=300, help_text="The name of an encoder that is prepared on this machine."
    )


class EncoderChangeList(OwnersView, ListAPIView[EncoderChange]):
    """The gallery's changes of encoder, newest first."""

    raises = (Conflict, EncoderChangeState, EncoderError)
    queryset = EncoderChange.objects.none()
    serializer_class = EncoderChangeAnswer
    filterset_class = EncoderChangeFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return changes_of(self.gallery)

    @extend_schema(request=EncoderChangeInput, responses={202: EncoderChangeAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Have the gallery embedded by another encoder, beside the one that it has. Nothing
        changes for its searches until the switch. `Location` is the change's address."""
        given = EncoderChangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        change = start_encoder_change(
            gallery=self.gallery, encoder=given.validated_data["encoder"], user=self.user
        )
        return self.accepted(
            EncoderChangeAnswer(change).data, "encoder-change", change=change.public_id
        )


class EncoderChangeDetail(OwnersView):
    @extend_schema(responses=EncoderChangeAnswer)
    def get(self, request: Request, gallery: str, change: str) -> Response:
        """How far a change of encoder is, and how the two compare."""
        return Response(EncoderChangeAnswer(get_change(self.gallery, change)).data)


class EncoderChangeStep(OwnersView):
    """A step of a change; the service says whether it can be taken."""

    raises = (EncoderChangeState, EncoderChangeBehind, EncoderMismatch, EncoderError)
    take: ClassVar[Any]

    @extend_schema(request=None, responses=EncoderChangeAnswer)
    def post(self, request: Request, gallery: str, change: str) -> Response:
        taken = type(self).take(change=get_change(self.gallery, change))
        return Response(EncoderChangeAnswer(taken).data)


class EncoderChangeSwitch(EncoderChangeStep):
    """Search with the new encoder from now on; the old embeddings are kept."""

    take = switch_encoder


class EncoderChangeRollBack(EncoderChangeStep):
    """Search with the old encoder again."""

    take = roll_back


class EncoderChangeFinish(EncoderChangeStep):
    """Drop the old encoder's embeddings: there is no way back."""

    take = finish_change


class EncoderChangeCancel(EncoderChangeStep):
    """Leave the gallery as it is, and drop what was embedded."""

    take = cancel_change
