"""Weights onto this machine, before they are needed."""

from __future__ import annotations

from collections.abc import Callable

from recognition.core.configuration import recognition_settings
from recognition.core.errors import WeightsUnavailable
from recognition.core.types import EncoderSpec
from recognition.encoders import registry
from recognition.encoders.multi_view import multi_view_spec
from recognition.encoders.names import BUNDLED, DEFAULT_CLIP
from recognition.models import EncoderRecord
from recognition.services.encoders.gallery_encoders import AUTO, models_dir


def prepare_encoder(
    name: str | None, *, timeout: float, say: Callable[[str], object]
) -> EncoderSpec:
    """Fetch or assemble an encoder; by default the one that the settings name.

    ``auto`` keeps to the encoder that was chosen before. The first time it tries CLIP for
    ``timeout`` seconds, and says so when it falls back to the bundled encoder. Raises
    UnknownEncoder, WeightsUnavailable.
    """
    return multi_view_spec(_prepare(name or recognition_settings().encoder, timeout, say))


def _prepare(name: str, timeout: float, say: Callable[[str], object]) -> EncoderSpec:
    if name == AUTO and (chosen := EncoderRecord.objects.filter(is_default=True).first()):
        name = chosen.name
    if name != AUTO:
        return registry.prepare(name, models_dir=models_dir(), timeout=timeout)
    try:
        return registry.prepare(DEFAULT_CLIP, models_dir=models_dir(), timeout=timeout)
    except WeightsUnavailable as error:
        say(f"CLIP's weights could not be fetched: {error.detail}")
        say("The bundled encoder stands in: it recognises well, but knows only everyday words.")
        return registry.prepare(BUNDLED, models_dir=models_dir(), timeout=timeout)
