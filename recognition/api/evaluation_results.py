"""The form of ``recognition.matching.evaluation.results``, for the schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recognition.api.answers import EncoderAnswer, WarningAnswer


class Share(serializers.FloatField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, **options)


class RateAnswer(serializers.Serializer[Any]):
    """A share with its 95 % confidence interval."""

    value = Share()
    low = Share()
    high = Share()
    trials = serializers.IntegerField(help_text="What it is a share of.")


class ConfusionAnswer(serializers.Serializer[Any]):
    truth = serializers.CharField(help_text="A category's slug, or an archive's folder.")
    answer = serializers.CharField()
    count = serializers.IntegerField()
    share = Share(help_text="Of all known queries.")


class CategoryAccuracyAnswer(serializers.Serializer[Any]):
    category = serializers.CharField()
    right = serializers.IntegerField()
    trials = serializers.IntegerField()


class IdentificationResults(serializers.Serializer[Any]):
    top1 = RateAnswer()
    top5 = RateAnswer()
    confusions = ConfusionAnswer(many=True, help_text="The most frequent first.")
    categories = CategoryAccuracyAnswer(many=True, help_text="The worst first.")


class VerificationResults(serializers.Serializer[Any]):
    eer = Share(help_text="Where false accepts and false rejects are as frequent.")
    tar = RateAnswer(help_text="True accepts at a false-accept rate of tar_far, in hindsight.")
    tar_far = Share()


class OpenSetResults(serializers.Serializer[Any]):
    auroc = Share(help_text="Of best scores, known against unknown queries.")
    fnir = RateAnswer(help_text="Known queries missed at an FPIR of fnir_fpir, in hindsight.")
    fnir_fpir = Share()


class PromiseResults(serializers.Serializer[Any]):
    """The errors at the thresholds that were set beforehand, for the target rate."""

    target = Share()
    supported = serializers.BooleanField(
        help_text="Whether the thresholds could rest on enough impostor scores."
    )
    far = RateAnswer(allow_null=True)
    frr = RateAnswer(allow_null=True)
    fpir = RateAnswer(allow_null=True)
    fnir = RateAnswer(allow_null=True)


class ReliabilityBinAnswer(serializers.Serializer[Any]):
    confidence = Share()
    accuracy = Share()
    count = serializers.IntegerField()


class ConfidenceResults(serializers.Serializer[Any]):
    ece = Share(help_text="Expected calibration error.")
    calibrated = serializers.BooleanField(help_text="Whether the service says so itself.")
    bins = ReliabilityBinAnswer(many=True)


class DetPointAnswer(serializers.Serializer[Any]):
    threshold = serializers.FloatField()
    far = Share()
    frr = Share()


class HistogramAnswer(serializers.Serializer[Any]):
    """Shares of scores between edges, of which there is one more than bars."""

    edges = serializers.ListField(child=serializers.FloatField())
    genuine = serializers.ListField(child=Share())
    impostor = serializers.ListField(child=Share())
    threshold = serializers.FloatField(help_text="The score that verification asks for.")


class LeftOutFile(serializers.Serializer[Any]):
    path = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class LeftOutAnswer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    files = LeftOutFile(many=True, help_text="The first of them.")


class ResultsAnswer(serializers.Serializer[Any]):
    """Parts that could not be measured are null, and the notes say why."""

    version = serializers.IntegerField(help_text="Of this form.")
    categories = serializers.IntegerField(help_text="Enrolled while the queries were asked.")
    references = serializers.IntegerField()
    prompts = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Queries whose category was enrolled.")
    unknown = serializers.IntegerField(help_text="Queries whose category was not.")
    comparisons = serializers.IntegerField(help_text="Of unknown queries with categories.")
    promise = PromiseResults()
    identification = IdentificationResults(allow_null=True)
    verification = VerificationResults(allow_null=True)
    open_set = OpenSetResults(allow_null=True)
    confidence = ConfidenceResults(allow_null=True)
    det = DetPointAnswer(many=True)
    scores = HistogramAnswer(allow_null=True)
    notes = WarningAnswer(many=True)
    left_out = LeftOutAnswer(help_text="Files of the archive that could not be used.")
    generation = serializers.IntegerField()
    encoder = EncoderAnswer()
    seed = serializers.IntegerField()
