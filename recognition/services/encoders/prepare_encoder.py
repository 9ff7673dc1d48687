"""Weights onto this machine, before they are needed."""

from __future__ import annotations

from collections.abc import Callable

from recognition.core.configuration import recognition_settings
from recognition.core.errors import EncoderError, WeightsUnavailable
from recognition.core.types import Domain, EncoderSpec
from recognition.encoders.names import BUNDLED, DEFAULT_CLIP
from recognition.encoders.prepare.preparing import prepare
from recognition.models import EncoderRecord
from recognition.services.encoders.background import embed_cohort
from recognition.services.encoders.canary import record_canary
from recognition.services.encoders.domain_encoders import domain_encoder
from recognition.services.encoders.gallery_encoders import (
    AUTO,
    load_bulk_encoder,
    load_plain_encoder,
    models_dir,
)


def prepare_encoder(
    name: str | None, *, timeout: float, say: Callable[[str], object]
) -> EncoderSpec:
    """Fetch or assemble an encoder, keep its canary, and embed its cohort; by default the one of
    the settings.

    ``auto`` keeps to the encoder that was chosen before. The first time it tries CLIP for
    ``timeout`` seconds, and says so when it falls back to the bundled encoder. Raises
    UnknownEncoder, WeightsUnavailable.
    """
    spec = _prepare(name or recognition_settings().encoder, timeout, say)
    encoder = load_bulk_encoder(spec.name)
    record_canary(load_plain_encoder(spec.name), models_dir())
    embed_cohort(encoder, models_dir())
    return encoder.spec


def prepare_domains(*, timeout: float, say: Callable[[str], object]) -> list[EncoderSpec]:
    """Prepare the encoders of all domains but the general one; say which cannot be had, and why.

    The service runs without them: their domains are not offered.
    """
    prepared = []
    for domain in (Domain.FACES, Domain.DRAWINGS):
        try:
            name = domain_encoder(domain)
            prepared.append(prepare_encoder(name, timeout=timeout, say=say))
        except EncoderError as error:
            say(f"Galleries of {domain} cannot be had here: {error.detail}")
    return prepared


def _prepare(name: str, timeout: float, say: Callable[[str], object]) -> EncoderSpec:
    if name == AUTO and (chosen := EncoderRecord.objects.filter(is_default=True).first()):
        name = chosen.name
    if name != AUTO:
        return prepare(name, models_dir=models_dir(), timeout=timeout)
    try:
        return prepare(DEFAULT_CLIP, models_dir=models_dir(), timeout=timeout)
    except WeightsUnavailable as error:
        say(f"CLIP's weights could not be fetched: {error.detail}")
        say("The bundled encoder stands in: it recognises well, but knows only everyday words.")
        return prepare(BUNDLED, models_dir=models_dir(), timeout=timeout)
