"""What every page shows."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from recognition.encoders.names import BUNDLED
from recognition.models import EncoderRecord


def encoder(request: HttpRequest) -> dict[str, object]:
    """The encoder of new galleries; a page of a gallery shows that gallery's instead."""
    default = SimpleLazyObject(lambda: EncoderRecord.objects.filter(is_default=True).first())
    return {"default_encoder": default, "stand_in": BUNDLED}
