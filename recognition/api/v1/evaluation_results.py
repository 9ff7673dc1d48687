"""The form of ``recognition.evaluation.results``, for the schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recognition.api.v1.answers import EncoderAnswer, Share, WarningAnswer


class RateAnswer(serializers.Serializer[Any]):
    """A share with its 95 % confidence interval."""

    value = Share(help_text="The share, 0 to 1.")
    low = Share(help_text="The lower end of the interval, 0 to 1.")
    high = Share(help_text="The upper end of the interval, 0 to 1.")
    trials = serializers.IntegerField(help_text="What it is a share of.")


class ConfusionAnswer(serializers.Serializer[Any]):
    truth = serializers.CharField(help_text="A category's slug, or an archive's folder.")
    answer = serializers.CharField(help_text="The slug of the category answered instead.")
    count = serializers.IntegerField(help_text="How often.")
    share = Share(help_text="Of all known queries.")


class CategoryAccuracyAnswer(serializers.Serializer[Any]):
    category = serializers.CharField(help_text="A category's slug, or an archive's folder.")
    right = serializers.IntegerField(help_text="Queries answered rightly.")
    trials = serializers.IntegerField(help_text="Queries asked.")


class IdentificationResults(serializers.Serializer[Any]):
    top1 = RateAnswer(help_text="Known queries whose category comes first.")
    top5 = RateAnswer(help_text="Known queries whose category is among the first five.")
    confusions = ConfusionAnswer(many=True, help_text="The most frequent first.")
    categories = CategoryAccuracyAnswer(many=True, help_text="The worst first.")


class VerificationResults(serializers.Serializer[Any]):
    eer = Share(help_text="Where false accepts and false rejects are as frequent.")
    tar = RateAnswer(help_text="True accepts at a false-accept rate of tar_far, in hindsight.")
    tar_far = Share(help_text="The false-accept rate of `tar`, 0 to 1.")


class OpenSetResults(serializers.Serializer[Any]):
    auroc = Share(help_text="Of best scores, known against unknown queries.")
    fnir = RateAnswer(help_text="Known queries missed at an FPIR of fnir_fpir, in hindsight.")
    fnir_fpir = Share(help_text="The false-positive identification rate of `fnir`, 0 to 1.")


class PassedAtRateAnswer(serializers.Serializer[Any]):
    """The errors at the thresholds that another target would set."""

    rate = Share(help_text="The false-accept rate aimed for, 0 to 1.")
    fpir = RateAnswer(help_text="Unknown queries that were matched.")
    far = RateAnswer(help_text="False claims that were accepted.")


class PromiseResults(serializers.Serializer[Any]):
    """The errors at the thresholds that were set beforehand, for the target rate."""

    target = Share(help_text="The false-accept rate aimed for, 0 to 1.")
    supported = serializers.BooleanField(
        help_text="Whether the thresholds could rest on enough impostor scores."
    )
    far = RateAnswer(allow_null=True, help_text="False claims that were accepted.")
    frr = RateAnswer(allow_null=True, help_text="True claims that were rejected.")
    fpir = RateAnswer(allow_null=True, help_text="Unknown queries that were matched.")
    fnir = RateAnswer(allow_null=True, help_text="Known queries that were missed.")
    aim = Share(
        required=False,
        help_text="Share of unknown queries that may be matched; differs from the target where "
        "the thresholds had been set by a measurement.",
    )
    advised = Share(
        required=False,
        allow_null=True,
        help_text="Where the measured FPIR contradicts the aim, the largest target at which "
        "neither it nor the FAR exceeded the aim; else null.",
    )
    rates = PassedAtRateAnswer(
        many=True, required=False, help_text="The errors at other targets, the smallest first."
    )


class ReliabilityBinAnswer(serializers.Serializer[Any]):
    confidence = Share(help_text="Mean confidence in the bin, 0 to 1.")
    accuracy = Share(help_text="Share answered rightly in the bin, 0 to 1.")
    count = serializers.IntegerField(help_text="Queries in the bin.")


class ConfidenceResults(serializers.Serializer[Any]):
    ece = Share(help_text="Expected calibration error.")
    calibrated = serializers.BooleanField(help_text="Whether the service says so itself.")
    bins = ReliabilityBinAnswer(
        many=True, help_text="Confidence against accuracy, least confident first."
    )


class DetPointAnswer(serializers.Serializer[Any]):
    threshold = serializers.FloatField(help_text="A score.")
    far = Share(help_text="False accepts at that score, 0 to 1.")
    frr = Share(help_text="False rejects at that score, 0 to 1.")


class HistogramAnswer(serializers.Serializer[Any]):
    """Shares of scores between edges, of which there is one more than bars."""

    edges = serializers.ListField(
        child=serializers.FloatField(), help_text="Scores between which the bars stand."
    )
    genuine = serializers.ListField(
        child=Share(), help_text="Share of genuine scores in each bar, 0 to 1."
    )
    impostor = serializers.ListField(
        child=Share(), help_text="Share of impostor scores in each bar, 0 to 1."
    )
    threshold = serializers.FloatField(help_text="The score that verification asks for.")


class LeftOutFile(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="Where it lies in the archive.")
    code = serializers.CharField(help_text="Why; stable, for programs.")
    detail = serializers.CharField(help_text="Why, as a sentence.")


class LeftOutAnswer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many in all.")
    files = LeftOutFile(many=True, help_text="The first of them.")


class ResultsAnswer(serializers.Serializer[Any]):
    """Parts that could not be measured are null, and the notes say why."""

    version = serializers.IntegerField(help_text="Of this form.")
    categories = serializers.IntegerField(help_text="Enrolled while the queries were asked.")
    references = serializers.IntegerField(help_text="Enrolled while the queries were asked.")
    prompts = serializers.IntegerField(help_text="Enrolled while the queries were asked.")
    known = serializers.IntegerField(help_text="Queries whose category was enrolled.")
    unknown = serializers.IntegerField(help_text="Queries whose category was not.")
    comparisons = serializers.IntegerField(help_text="Of unknown queries with categories.")
    promise = PromiseResults(help_text="Errors at the thresholds set beforehand.")
    identification = IdentificationResults(
        allow_null=True, help_text="Closed set: which category comes first."
    )
    verification = VerificationResults(allow_null=True, help_text="Claims: accepted or not.")
    open_set = OpenSetResults(allow_null=True, help_text="Known against unknown queries.")
    confidence = ConfidenceResults(
        allow_null=True, help_text="Whether confidence means what it says."
    )
    det = DetPointAnswer(many=True, help_text="Detection error trade-off, by rising threshold.")
    scores = HistogramAnswer(allow_null=True, help_text="Genuine and impostor scores.")
    notes = WarningAnswer(many=True, help_text="What could not be measured, and why.")
    left_out = LeftOutAnswer(help_text="Files of the archive that could not be used.")
    generation = serializers.IntegerField(
        help_text="The number of the last change that it knows of."
    )
    encoder = EncoderAnswer(help_text="The encoder that made the embeddings.")
    seed = serializers.IntegerField(help_text="What fixed the random choices.")
