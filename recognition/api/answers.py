"""The shapes that identification and its kin answer with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recognition.types import EvidenceKind, Outcome


class EncoderAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    fingerprint = serializers.CharField()


class WarningAnswer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="A sentence; for people.")


class EvidenceAnswer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in EvidenceKind])
    id = serializers.CharField()
    text = serializers.CharField(required=False, help_text="Of a prompt.")
    similarity = serializers.FloatField(min_value=-1, max_value=1)


class CandidateAnswer(serializers.Serializer[Any]):
    category = serializers.CharField(help_text="The category's slug.")
    name = serializers.CharField()
    score = serializers.FloatField(help_text="On the scale of the threshold.")
    similarity = serializers.FloatField(min_value=-1, max_value=1)
    confidence = serializers.FloatField(min_value=0, max_value=1, allow_null=True)
    impostor_percentile = serializers.FloatField(min_value=0, max_value=100, allow_null=True)
    evidence = EvidenceAnswer()


class ThresholdAnswer(serializers.Serializer[Any]):
    score = serializers.FloatField()
    target_far = serializers.FloatField(min_value=0, max_value=1, allow_null=True)
    basis = serializers.CharField(help_text="The impostor scores that it rests on.")
    supported = serializers.BooleanField(
        help_text="Whether those scores can speak of so rare an error."
    )


class DecisionAnswer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    category = serializers.CharField(allow_null=True, help_text="Null unless it is a match.")
    confidence = serializers.FloatField(min_value=0, max_value=1, allow_null=True)
    calibrated = serializers.BooleanField()
    plausible = serializers.ListField(
        child=serializers.CharField(),
        help_text="Conformal set: the categories that may be meant; empty while uncalibrated.",
    )
    candidates = CandidateAnswer(many=True)
    threshold = ThresholdAnswer()
    warnings = WarningAnswer(many=True)
    encoder = EncoderAnswer()
    generation = serializers.IntegerField(min_value=0)
    timings_ms = serializers.DictField(child=serializers.FloatField(min_value=0))


class IdentificationAnswer(DecisionAnswer):
    query = serializers.CharField()
    burst = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="The queries that were fused, of several images of one thing.",
    )
    explanation = serializers.CharField(required=False, help_text="With `explain`.")


class VerificationAnswer(CandidateAnswer):
    """The claimed category as a candidate, and whether the claim is accepted."""

    accepted = serializers.BooleanField()
    calibrated = serializers.BooleanField()
    threshold = ThresholdAnswer()
    warnings = WarningAnswer(many=True)
    encoder = EncoderAnswer()
    generation = serializers.IntegerField(min_value=0)
    timings_ms = serializers.DictField(child=serializers.FloatField(min_value=0))
