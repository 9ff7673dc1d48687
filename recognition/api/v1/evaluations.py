from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.archives import ArchiveField, ArchiveView
from recognition.api.fields import FarField
from recognition.api.filters import EvaluationFilters
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag, Integer
from recognition.api.pagination import NewestFirst
from recognition.api.parsing import PlainJSONParser
from recognition.api.v1.answers import EncoderAnswer
from recognition.api.v1.evaluation_results import ResultsAnswer
from recognition.models import Evaluation, Job, Scope
from recognition.selectors.evaluations import evaluations_of, get_evaluation
from recognition.services.evaluations.start_evaluation import (
    MAX_EPISODES,
    MAX_SHOTS,
    start_evaluation,
)


class EvaluationInput(serializers.Serializer[Any]):
    archive = ArchiveField(
        required=False,
        help_text="zip or tar.gz, a folder for each category by slug or external id; folders that "
        "are no category of the gallery hold strangers. Without one the gallery is measured by its "
        "own references, leave-one-out, and by what people said of its queries.",
    )
    alone = Flag(
        default=False,
        help_text="Measure the archive by itself, in episodes: half of its folders enrolled, the "
        "others strangers. The gallery gives its encoder alone.",
    )
    far = FarField(help_text="The false-accept rate to keep; by default the gallery's.")
    seed = Integer(
        min_value=0,
        max_value=2**31 - 1,
        default=0,
        help_text="Fixes the random choices, so that they can be made again.",
    )
    shots = Integer(
        min_value=1, max_value=MAX_SHOTS, default=1, help_text="Of a class, of an archive alone."
    )
    episodes = Integer(
        min_value=1, max_value=MAX_EPISODES, default=20, help_text="Of an archive alone."
    )


class EvaluationSummary(serializers.ModelSerializer[Evaluation]):
    """An evaluation without its results."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")
    job = serializers.CharField(
        source="job.public_id", help_text="The job that does it, which can be cancelled."
    )
    state = serializers.ChoiceField(
        source="job.state", choices=Job.State.choices, help_text="How far its job is."
    )
    code = serializers.CharField(
        source="job.code", help_text="Why it failed; stable, for programs. Else empty."
    )
    detail = serializers.CharField(
        source="job.detail", help_text="Why it failed, as a sentence. Else empty."
    )
    encoder = EncoderAnswer(source="encoder.spec", help_text="The encoder that it measures.")
    total = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Steps of what it is at; null before it begins."
    )
    done = serializers.IntegerField(min_value=0, help_text="Steps done of what it is at.")
    started_at = serializers.DateTimeField(
        source="job.started_at",
        allow_null=True,
        help_text="When a worker first took it; null while it waits.",
    )
    finished_at = serializers.DateTimeField(
        source="job.finished_at", allow_null=True, help_text="When it ended; null until then."
    )

    class Meta:
        model = Evaluation
        fields = [
            "id",
            "job",
            "source",
            "state",
            "code",
            "detail",
            "encoder",
            "target_far",
            "seed",
            "shots",
            "episodes",
            "total",
            "done",
            "created_at",
            "started_at",
            "finished_at",
        ]
        extra_kwargs = {
            "source": {"help_text": "What was measured."},
            "target_far": {
                "help_text": "The false-accept rate aimed for, as a share, 1e-6 to 0.5."
            },
            "seed": {"help_text": "What fixed the random choices."},
            "created_at": {"help_text": "When it was asked for."},
        }


class EvaluationAnswer(EvaluationSummary):
    results = serializers.SerializerMethodField(help_text="Null until it has succeeded.")

    class Meta(EvaluationSummary.Meta):
        fields = [*EvaluationSummary.Meta.fields, "results"]

    @extend_schema_field(ResultsAnswer(allow_null=True))
    def get_results(self, evaluation: Evaluation) -> Any:
        return evaluation.results


class EvaluationList(ArchiveView, GalleryView, ListAPIView[Evaluation]):
    """The gallery's evaluations, newest first, without their results."""

    parser_classes = [PlainJSONParser, MultiPartParser]
    scope = Scope.ENROL
    queryset = Evaluation.objects.none()
    serializer_class = EvaluationSummary
    filterset_class = EvaluationFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return evaluations_of(self.gallery).defer("results")

    @extend_schema(
        request={"application/json": EvaluationInput, "multipart/form-data": EvaluationInput},
        responses={202: EvaluationAnswer},
    )
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Measure in the background how well the gallery recognises. `Location` is the
        evaluation's address."""
        given = EvaluationInput(data=request.data)
        given.is_valid(raise_exception=True)
        evaluation = start_evaluation(gallery=self.gallery, user=self.user, **given.validated_data)
        return self.accepted(
            EvaluationAnswer(evaluation).data, "evaluation", evaluation=evaluation.public_id
        )


class EvaluationDetail(GalleryView):
    @extend_schema(responses=EvaluationAnswer)
    def get(self, request: Request, gallery: str, evaluation: str) -> Response:
        """How far an evaluation is, and its results once it has succeeded."""
        return Response(EvaluationAnswer(get_evaluation(self.gallery, evaluation)).data)
