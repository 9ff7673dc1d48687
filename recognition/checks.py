"""System checks for what settings cannot express alone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from rest_framework.throttling import SimpleRateThrottle

from recognition.core.configuration import recognition_settings
from recognition.encoders.engines import Engine
from recognition.index.backends import packages_of, parse_backend

DEVICES = ("auto", "cpu", "cuda")


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
    known = [engine.value for engine in Engine]
    return _one_of("ONESHOT_ENGINE", "engine", known, "recognition.E004")


@register
def device_is_known(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """recognition.E005: ONESHOT_DEVICE is wrong; engines would take it for the processor."""
    return _one_of("ONESHOT_DEVICE", "device", DEVICES, "recognition.E005")


@register
def rates_are_readable(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """recognition.E006: ONESHOT_RATE_PER_CALLER or ONESHOT_RATE_PER_ADDRESS is wrong."""
    try:
        settings = recognition_settings()
    except ImproperlyConfigured:
        return []  # recognition.E001 tells
    given = {
        "ONESHOT_RATE_PER_CALLER": settings.rate_per_caller,
        "ONESHOT_RATE_PER_ADDRESS": settings.rate_per_address,
    }
    return [
        Error(
            f"{variable} is {rate!r}; it is a number of requests and a period, such as 60/min.",
            id="recognition.E006",
        )
        for variable, rate in given.items()
        if not _is_rate(rate)
    ]


class _RateReader(SimpleRateThrottle):
    """Reads a rate as the throttles do."""

    rate = "1/s"


def _is_rate(text: str) -> bool:
    try:
        _RateReader().parse_rate(text)
    except (ValueError, KeyError, IndexError):
        return False
    return True


def _one_of(variable: str, name: str, known: Sequence[str], error: str) -> Sequence[CheckMessage]:
    try:
        given = getattr(recognition_settings(), name)
    except ImproperlyConfigured:
        return []  # recognition.E001 tells
    if given in known:
        return []
    return [Error(f"{variable} is {given!r}; it may be {', '.join(known)}.", id=error)]
