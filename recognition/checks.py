"""System checks for what settings cannot express alone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from recognition.conf import recognition_settings
from recognition.encoders.engines import Engine
from recognition.index.backends import packages_of, parse_backend


@register
def recognition_settings_are_valid(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """recognition.E001: the RECOGNITION dict is wrong."""
    try:
        recognition_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="recognition.E001")]
    return []


@register
def index_backend_is_usable(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """recognition.E002: ONESHOT_INDEX is wrong; recognition.E003: it needs an extra."""
    try:
        backend = parse_backend(recognition_settings().index)
    except ImproperlyConfigured:
        return []  # recognition.E001 tells
    except ValueError as error:
        return [Error(f"ONESHOT_INDEX: {error}", id="recognition.E002")]
    missing = [package for package in packages_of(backend) if find_spec(package) is None]
    if missing:
        return [
            Error(
                f"ONESHOT_INDEX={backend.text} needs {', '.join(missing)}.",
                hint="Install the extra: pip install 'oneshot-recognition[milvus]'.",
                id="recognition.E003",
            )
        ]
    return []


@register
def encoder_engine_is_known(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """recognition.E004: ONESHOT_ENGINE is wrong."""
    try:
        given, known = recognition_settings().engine, [engine.value for engine in Engine]
    except ImproperlyConfigured:
        return []  # recognition.E001 tells
    if given in known:
        return []
    message = f"ONESHOT_ENGINE is {given!r}; it may be {', '.join(known)}."
    return [Error(message, id="recognition.E004")]
