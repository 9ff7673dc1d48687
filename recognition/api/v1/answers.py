"""The shapes that identification and its kin answer with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recognition.core.types import Ambiguity, EvidenceKind, Help, Outcome


class Share(serializers.FloatField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, **options)


class EncoderAnswer(serializers.Serializer[Any]):
    """The encoder that made the embeddings."""

    name = serializers.CharField(
        help_text="`bundled`, `open_clip:…`, `faces`, `face:…` or `drawings`."
    )
    fingerprint = serializers.CharField(
        help_text="SHA-256 of its weights, architecture and preprocessing, in hexadecimal. "
        "Embeddings of different fingerprints cannot be compared."
    )


class WarningAnswer(serializers.Serializer[Any]):
    """Something that a curator should know."""

    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="A sentence; for people.")


class EvidenceAnswer(serializers.Serializer[Any]):
    """The reference or prompt that speaks most for a candidate."""

    kind = serializers.ChoiceField(
        choices=[kind.value for kind in EvidenceKind],
        help_text="`reference`: an enrolled image. `prompt`: a description.",
    )
    id = serializers.CharField(help_text="The reference's id, or the prompt's number.")
    text = serializers.CharField(required=False, help_text="A prompt's text; references have none.")
    similarity = serializers.FloatField(
        min_value=-1, max_value=1, help_text="Its cosine similarity to the query, -1 to 1."
    )


class CandidateAnswer(serializers.Serializer[Any]):
    """A category that the image may show."""

    category = serializers.CharField(help_text="The category's slug.")
    name = serializers.CharField(help_text="The category's name.")
    score = serializers.FloatField(
        help_text="How far the evidence stands out from chance, on the threshold's scale (standard "
        "deviations of impostor scores, unbounded); higher is surer."
    )
    similarity = serializers.FloatField(
        min_value=-1,
        max_value=1,
        help_text="Cosine similarity of the evidence, -1 to 1; no probability.",
    )
    confidence = serializers.FloatField(
        min_value=0,
        max_value=1,
        allow_null=True,
        help_text="Probability of being right, 0 to 1, to be trusted where `calibrated` is true; "
        "null where there is nothing to estimate it from.",
    )
    impostor_percentile = serializers.FloatField(
        min_value=0,
        max_value=100,
        allow_null=True,
        help_text="Share of wrong pairs that score lower, in percent, 0 to 100; null where there "
        "are none to compare with.",
    )
    evidence = EvidenceAnswer(help_text="What decided.")


class ClaimAnswer(serializers.Serializer[Any]):
    """How often something unknown passes: measured where it was, else an estimate by name."""

    target = Share(help_text="The false-accept rate that the thresholds are set for.")
    aim = Share(
        help_text="The rate that is wanted; differs from the target where the thresholds were "
        "set by a measurement."
    )
    rate = Share(help_text="Share of unknown photos that are matched; the target if estimated.")
    low = Share(allow_null=True, help_text="The lower end of its 95 % interval, if measured.")
    high = Share(allow_null=True, help_text="The upper end of its 95 % interval, if measured.")
    trials = serializers.IntegerField(min_value=0, help_text="Unknown photos that were asked.")
    measured = serializers.BooleanField(help_text="Whether it was measured in this gallery.")
    contradicts = serializers.BooleanField(
        help_text="Whether the measurement contradicts what is aimed for."
    )
    advised = Share(
        allow_null=True,
        help_text="Where it does, the target at which the measured rate would not exceed the aim; "
        "null where none is known.",
    )
    changes = serializers.IntegerField(
        min_value=0, help_text="Changes since it was measured, where there were many; else 0."
    )


class ThresholdAnswer(serializers.Serializer[Any]):
    """The score that a match must reach, and what it rests on."""

    score = serializers.FloatField(help_text="The least score of a match.")
    target_far = serializers.FloatField(
        min_value=0,
        max_value=1,
        allow_null=True,
        help_text="The false-accept rate that it aims for, as a share, 0 to 1.",
    )
    basis = serializers.CharField(help_text="The impostor scores that it rests on, in words.")
    supported = serializers.BooleanField(
        help_text="Whether what it rests on can speak of so rare an error; if not, nothing matches."
    )
    tentative = serializers.FloatField(
        allow_null=True,
        help_text="The score from which something looks like a category, although chance may still "
        "reach it; it meets `score` as the gallery shows more.",
    )
    claim = ClaimAnswer(
        help_text="How often something unknown gets so far: measured, or estimated."
    )


class HelpAnswer(serializers.Serializer[Any]):
    """What would let the gallery tell a likeness from chance."""

    code = serializers.ChoiceField(
        choices=[each.value for each in Help], help_text="Stable; for programs."
    )
    detail = serializers.CharField(help_text="A sentence; for people.")


class ReasonedAnswer(serializers.Serializer[Any]):
    """An answer in words, and why it is not a clear one."""

    reason = serializers.ChoiceField(
        choices=[each.value for each in Ambiguity],
        allow_null=True,
        help_text="`several`: several categories stand out. `unproven`: one does, but it may be "
        "chance: the gallery has shown too little to tell. Null for a clear answer.",
    )
    sentence = serializers.CharField(help_text="The answer in one sentence; for people.")
    help = HelpAnswer(
        many=True, help_text="What would settle an unproven answer, the quickest first."
    )


class TimedAnswer(serializers.Serializer[Any]):
    """What every answer about an image says of how it was made."""

    encoder = EncoderAnswer(help_text="The encoder that made the embedding.")
    generation = serializers.IntegerField(
        min_value=0, help_text="The number of the gallery's last change that the answer knows of."
    )
    timings_ms = serializers.DictField(
        child=serializers.FloatField(min_value=0), help_text="Milliseconds by step."
    )


class DecisionAnswer(ReasonedAnswer, TimedAnswer):
    """What an image shows, or that it shows nothing known."""

    decision = serializers.ChoiceField(
        choices=[outcome.value for outcome in Outcome],
        help_text="`match`: one category stands out. `ambiguous`: several do, or one may do so by "
        "chance; see `reason`. `unknown`: none.",
    )
    category = serializers.CharField(
        allow_null=True, help_text="The matched category's slug; null unless it is a match."
    )
    confidence = serializers.FloatField(
        min_value=0,
        max_value=1,
        allow_null=True,
        help_text="That of the first candidate, 0 to 1; null where there is none.",
    )
    calibrated = serializers.BooleanField(
        help_text="Whether confidence was fitted to this gallery, so that it is a probability."
    )
    plausible = serializers.ListField(
        child=serializers.CharField(),
        help_text="Conformal set: slugs of the categories that may be meant; empty while "
        "uncalibrated.",
    )
    candidates = CandidateAnswer(many=True, help_text="Best first, at most `top_k`.")
    threshold = ThresholdAnswer(help_text="What a match must reach.")
    warnings = WarningAnswer(many=True, help_text="What speaks against trusting the answer.")


class BoxAnswer(serializers.Serializer[Any]):
    """A rectangle in pixels of the upright image."""

    x = serializers.IntegerField(help_text="Of its left edge.")
    y = serializers.IntegerField(help_text="Of its upper edge.")
    width = serializers.IntegerField(min_value=1, help_text="Of the rectangle.")
    height = serializers.IntegerField(min_value=1, help_text="Of the rectangle.")


class FoundRegionAnswer(serializers.Serializer[Any]):
    """A region of an image: the whole, a box that was given, or one that was found."""

    box = BoxAnswer(help_text="Where it is.")
    score = serializers.FloatField(
        allow_null=True,
        help_text="The detector's own score, higher is surer; null for what none has found.",
    )
    landmarks = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        help_text="Of a face, in pixels: the outer and inner corner of the eye on the picture's "
        "right, of the one on its left, and the base of the nose; else empty.",
    )


class RegionAnswer(FoundRegionAnswer, ReasonedAnswer):
    """A region, and what it shows."""

    query = serializers.CharField(
        allow_null=True,
        help_text="The query that it was kept as, for feedback on this region alone.",
    )
    decision = serializers.ChoiceField(
        choices=[outcome.value for outcome in Outcome], help_text="As that of an image."
    )
    category = serializers.CharField(
        allow_null=True, help_text="The matched category's slug; null unless it is a match."
    )
    confidence = serializers.FloatField(
        min_value=0, max_value=1, allow_null=True, help_text="That of the first candidate, 0 to 1."
    )
    plausible = serializers.ListField(
        child=serializers.CharField(), help_text="The conformal set, as that of an image."
    )
    candidates = CandidateAnswer(many=True, help_text="Best first, at most `top_k`.")
    threshold = ThresholdAnswer(
        help_text="What a match must reach: it allows for the number of regions, so that the rate "
        "holds for the photo."
    )
    warnings = WarningAnswer(many=True, help_text="What speaks against trusting it.")


class VerifiedRegionAnswer(FoundRegionAnswer):
    """A region, and whether it shows what was claimed."""

    accepted = serializers.BooleanField(help_text="Whether its score reaches the threshold.")
    reason = serializers.ChoiceField(
        choices=[each.value for each in Ambiguity],
        allow_null=True,
        help_text="`unproven` where it looks like it, but may do so by chance.",
    )
    candidate = CandidateAnswer(help_text="The claimed category.")


class IdentificationAnswer(DecisionAnswer):
    """A decision, and the query that it was kept as."""

    regions = RegionAnswer(
        many=True,
        required=False,
        help_text="Each region that was looked at, the main one, of which the fields beside this "
        "tell, first; where a `box` or `regions` were asked for.",
    )

    query = serializers.CharField(help_text="The query's id, for feedback.")
    burst = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="The queries that were fused, of several images of one thing.",
    )
    explanation = serializers.CharField(
        required=False, help_text="The decision in sentences; with `explain`."
    )


class VerificationAnswer(CandidateAnswer, ReasonedAnswer, TimedAnswer):
    """The claimed category as a candidate, and whether the claim is accepted."""

    query = serializers.CharField(
        allow_null=True, help_text="The query that it is kept as, for the history."
    )
    accepted = serializers.BooleanField(help_text="Whether the score reaches the threshold.")
    regions = VerifiedRegionAnswer(
        many=True,
        required=False,
        help_text="Each region, where a `box` or `regions` were asked for; the fields beside this "
        "tell of the one that scores best.",
    )
    calibrated = serializers.BooleanField(
        help_text="Whether confidence was fitted to this gallery, so that it is a probability."
    )
    threshold = ThresholdAnswer(help_text="What the score must reach.")
    warnings = WarningAnswer(many=True, help_text="What speaks against trusting the answer.")
