"""Encoders that are prepared here or were used here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from recognition.core.types import EncoderSpec
from recognition.models import EncoderRecord


@dataclass(frozen=True, slots=True)
class KnownEncoder:
    spec: EncoderSpec
    prepared: bool
    is_default: bool
    galleries: int


def known_encoders(installed: Sequence[EncoderSpec]) -> list[KnownEncoder]:
    """Return the encoders that are prepared on this machine or were ever used here."""
    prepared = {spec.fingerprint: spec for spec in installed}
    records = {
        record.fingerprint: record
        for record in EncoderRecord.objects.annotate(gallery_count=Count("galleries"))
    }
    return [
        KnownEncoder(
            spec=records[each].spec if each in records else prepared[each],
            prepared=each in prepared,
            is_default=each in records and records[each].is_default,
            galleries=records[each].gallery_count if each in records else 0,
        )
        for each in sorted(prepared.keys() | records.keys())
    ]


def names_in_use() -> list[str]:
    """Return the names of the encoders that galleries have."""
    used = EncoderRecord.objects.filter(galleries__isnull=False)
    return sorted(used.values_list("name", flat=True).distinct())
