"""System checks for what settings cannot express alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from recognition.conf import recognition_settings


@register
def recognition_settings_are_valid(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """recognition.E001: the RECOGNITION dict is wrong."""
    try:
        recognition_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="recognition.E001")]
    return []
