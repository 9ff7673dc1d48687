"""Which encoder makes whose embeddings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction

from recognition.core.configuration import recognition_settings
from recognition.core.errors import EncoderMismatch, NotPrepared, WeightsDamaged
from recognition.core.program import PROGRAM
from recognition.core.types import Domain, EncoderSpec
from recognition.encoders import registry
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.batching.queues import queued
from recognition.encoders.multi_view import with_views
from recognition.encoders.protocol import InspectingEncoder
from recognition.models import EncoderRecord, Gallery
from recognition.services.encoders.domain_encoders import domain_encoder
from recognition.services.queueing import queue

AUTO = "auto"

PREPARING_SECONDS = 60
"""For which the worker is not told again to prepare an encoder."""


def models_dir() -> Path:
    settings = recognition_settings()
    return settings.models_dir or settings.data_dir / "models"


def load_encoder(name: str) -> InspectingEncoder:
    """Return the process's one encoder of that name, shown several looks at an image where that
    helps.

    Raises EncoderError.
    """
    return with_views(_queued(name))


def load_bulk_encoder(name: str) -> InspectingEncoder:
    """Load an encoder for work that nobody waits for: it gives way to all other."""
    return with_views(_queued(name).bulk)


def load_plain_encoder(name: str) -> InspectingEncoder:
    """Load an encoder for work that nobody waits for that is shown every image once, as it is."""
    return _queued(name).bulk


_refused: dict[str, WeightsDamaged] = {}


def refuse_encoder(name: str, error: WeightsDamaged) -> None:
    """Have nothing embedded by an encoder in this process any more: what it makes is wrong."""
    _refused[name] = error


def _queued(name: str) -> QueuedEncoder:
    if error := _refused.get(name):
        raise WeightsDamaged(error.detail)
    settings = recognition_settings()
    try:
        dual_encoder = registry.get_encoder(
            name,
            models_dir=models_dir(),
            device=settings.device,
            threads=settings.threads,
            engine=settings.engine,
        )
    except NotPrepared:
        raise not_prepared(name) from None
    load = QueueLimits(
        capacity=settings.queue_images,
        seconds=settings.encode_seconds,
        remembered=settings.remembered_queries,
    )
    return queued(dual_encoder, load)


def not_prepared(name: str) -> NotPrepared:
    """Make the error of an encoder that nobody prepared, and have the worker prepare it."""
    if cache.add(f"preparing:{name}", True, PREPARING_SECONDS):
        queue("prepare_encoder", name)
    return NotPrepared(
        f"The encoder {name} is not prepared on this machine yet. The worker was told to prepare "
        f"it; “{PROGRAM} encoder prepare {name}” does the same and shows how far it is."
    )


def default_encoder(domain: Domain = Domain.GENERAL) -> EncoderRecord:
    """Return the encoder that new galleries of a domain get.

    Of general ones the one named by the settings or, where they leave it open, the one chosen
    before; the first choice is recorded. Raises EncoderError.
    """
    name = domain_encoder(domain)
    if domain is not Domain.GENERAL:
        return record_encoder(load_encoder(name).spec)
    if name == AUTO:
        if chosen := EncoderRecord.objects.filter(is_default=True).first():
            return chosen
        name = registry.resolve_auto(models_dir())
    return use_encoder(name)


def use_encoder(name: str) -> EncoderRecord:
    """Record an encoder and give it to new galleries; the existing ones keep theirs.

    An encoder that is known under another name is run under this one from now on, in all
    galleries: where the same weights run, here or elsewhere, makes no difference to them.
    """
    spec = load_encoder(name).spec
    in_use = EncoderRecord.objects.filter(
        fingerprint=spec.fingerprint, name=spec.name, is_default=True
    ).first()
    return in_use or _record(spec)


def record_encoder(spec: EncoderSpec) -> EncoderRecord:
    """Return the encoder's row, made where this installation sees it for the first time."""
    record, _ = EncoderRecord.objects.get_or_create(
        fingerprint=spec.fingerprint, defaults={"name": spec.name, **_measures(spec)}
    )
    return record


def _measures(spec: EncoderSpec) -> dict[str, Any]:
    return {
        "dimension": spec.dimension,
        "input_size": spec.input_size,
        "logit_scale": spec.logit_scale,
        "domain": spec.domain,
        "reads_texts": spec.reads_texts,
    }


@transaction.atomic
def _record(spec: EncoderSpec) -> EncoderRecord:
    EncoderRecord.objects.filter(is_default=True).exclude(fingerprint=spec.fingerprint).update(
        is_default=False
    )
    record, _ = EncoderRecord.objects.update_or_create(
        fingerprint=spec.fingerprint,
        defaults={"name": spec.name, "is_default": True},
        create_defaults={
            "name": spec.name,
            "is_default": True,
            **_measures(spec),
        },
    )
    return record


def encoder_of(gallery: Gallery) -> InspectingEncoder:
    """Return the encoder of a gallery's embeddings. Raises EncoderMismatch where the weights that
    are installed under its name are no longer the ones that made them.
    """
    return _checked(gallery.encoder, load_encoder(gallery.encoder.name))


def bulk_encoder_of(gallery: Gallery) -> InspectingEncoder:
    """Return a gallery's encoder for work that nobody waits for: it gives way to all other, and
    waits for room however many views an image has. Raises EncoderMismatch.
    """
    return recorded_bulk_encoder(gallery.encoder)


def recorded_bulk_encoder(record: EncoderRecord) -> InspectingEncoder:
    """Return the encoder of a row for such work. Raises EncoderMismatch."""
    return _checked(record, load_bulk_encoder(record.name))


def _checked(record: EncoderRecord, encoder: InspectingEncoder) -> InspectingEncoder:
    if encoder.spec.fingerprint != record.fingerprint:
        raise EncoderMismatch(
            f"The embeddings were made by {record.name} with fingerprint "
            f"{record.fingerprint[:12]}, but what is installed under that name has "
            f"{encoder.spec.fingerprint[:12]}. Install the weights that they were made with."
        )
    return encoder
