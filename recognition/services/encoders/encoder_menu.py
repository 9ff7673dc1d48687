"""What an owner or an operator may choose an encoder from."""

from __future__ import annotations

import time
from dataclasses import dataclass

from recognition.core.errors import RecognitionError
from recognition.encoders import registry
from recognition.encoders.menu import OFFERS, Offer
from recognition.matching.everyday import background_images
from recognition.services.encoders.gallery_encoders import load_plain_encoder, models_dir

TIMED = 8
"""Photos that an encoder is timed by."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An encoder that can be had; ``milliseconds`` an image on this machine, where it is prepared
    and could be timed.
    """

    offer: Offer
    prepared: bool
    milliseconds: float | None = None


def encoder_menu(*, timed: bool = True) -> list[MenuEntry]:
    """List what can be had, the prepared encoders first.

    Where ``timed``, those are run on a few photos, which loads them.
    """
    installed = {spec.name for spec in registry.installed(models_dir())}
    entries = [
        MenuEntry(
            offer,
            offer.name in installed,
            _milliseconds(offer.name) if timed and offer.name in installed else None,
        )
        for offer in OFFERS
    ]
    return sorted(entries, key=lambda entry: not entry.prepared)


def _milliseconds(name: str) -> float | None:
    """None where it cannot run, or sees nothing in everyday photos."""
    photos = [photo for photo, _ in zip(background_images(), range(TIMED + 1), strict=False)]
    try:
        encoder = load_plain_encoder(name)
        encoder.encode_images(photos[:1])
        begun = time.perf_counter()
        encoder.encode_images(photos[1:])
    except RecognitionError:
        return None
    return (time.perf_counter() - begun) * 1000 / TIMED
