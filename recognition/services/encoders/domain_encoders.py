"""Which encoder a domain has on this installation."""

from __future__ import annotations

from recognition.core.configuration import recognition_settings
from recognition.core.types import Domain
from recognition.encoders.names import DRAWINGS


def domain_encoder(domain: Domain) -> str:
    """Name the encoder of new galleries of a domain; of general ones what the settings say."""
    settings = recognition_settings()
    names = {
        Domain.GENERAL: settings.encoder,
        Domain.FACES: settings.faces_encoder,
        Domain.DRAWINGS: DRAWINGS,
    }
    return names[domain]
