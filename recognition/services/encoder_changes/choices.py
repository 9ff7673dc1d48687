"""The encoders that a gallery may change to."""

from __future__ import annotations

from recognition.encoders import registry
from recognition.encoders.multi_view import multi_view_spec
from recognition.models import Gallery
from recognition.selectors.encoders import KnownEncoder, known_encoders
from recognition.services.encoders.gallery_encoders import models_dir


def encoder_choices(gallery: Gallery) -> list[KnownEncoder]:
    """List the encoders that are prepared on this machine, less the gallery's own."""
    installed = [multi_view_spec(spec) for spec in registry.installed(models_dir())]
    return [
        known
        for known in known_encoders(installed)
        if known.prepared and known.spec.fingerprint != gallery.encoder.fingerprint
    ]
