"""What every page shows."""

from __future__ import annotations

from django.http import HttpRequest

from recognition.encoders.names import BUNDLED
from recognition.models import EncoderRecord


def encoder(request: HttpRequest) -> dict[str, object]:
    """The encoder of new galleries; a page of a gallery shows that gallery's instead."""
    return {
        "default_encoder": EncoderRecord.objects.filter(is_default=True).first(),
        "stand_in": BUNDLED,
    }
