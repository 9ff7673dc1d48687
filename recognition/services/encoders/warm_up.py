"""A process is ready once its encoders have embedded their canaries: a first use loads weights."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event

from django.db import connection

from recognition.core.errors import RecognitionError, WeightsDamaged
from recognition.core.shutdown import ProcessEnds, in_background, pause, raise_if_exiting
from recognition.selectors.encoders import names_in_use
from recognition.services.encoders.background import background_for
from recognition.services.encoders.canary import check_canary
from recognition.services.encoders.gallery_encoders import (
    default_encoder,
    load_encoder,
    load_plain_encoder,
    refuse_encoder,
)

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0

_warm = Event()
_others_tried = Event()
_troubles: dict[str, str] = {}


def warm_up() -> None:
    """Load the default encoder, and compare what it makes with what preparation kept.

    Raises EncoderError.
    """
    warm_up_encoder(default_encoder().name)
    _warm.set()


def warm_up_encoder(name: str) -> None:
    """Load an encoder, run each of its towers on its canary, and read its cohort.

    One whose canary comes out otherwise than at its preparation is refused from then on. Raises
    EncoderError.
    """
    encoder = load_encoder(name)
    raise_if_exiting()
    try:
        check_canary(load_plain_encoder(name))
    except WeightsDamaged as error:
        refuse_encoder(name, error)
        raise
    raise_if_exiting()
    background_for(encoder)


def warm_up_in_background() -> None:
    """Warm up the default encoder, then those of all galleries, beside whatever else goes on."""
    in_background(_warm_up_all, "warm-up")


def warm_up_others() -> None:
    """Load what galleries use besides, again and again while that may help."""
    waiting = _tried_names()
    while waiting:
        raise_if_exiting()
        again = [name for name in waiting if not _tried(_noting(name))]
        _others_tried.set()
        waiting = again
        if waiting:
            pause(RETRY_SECONDS)
    _others_tried.set()


def is_warm() -> bool:
    """Say whether the default encoder is loaded and makes what it should."""
    return _warm.is_set()


def are_others_tried() -> bool:
    """Say whether every other encoder in use has been loaded, or found wanting."""
    return _others_tried.is_set()


def troubles() -> Mapping[str, str]:
    """Return the code of what is wrong with each of the galleries' encoders that did not load."""
    return dict(_troubles)


def _warm_up_all() -> None:
    with suppress(ProcessEnds):
        _warm_up_and_log()
        warm_up_others()


def _warm_up_and_log() -> None:
    while not _tried(warm_up):
        pause(RETRY_SECONDS)


def _tried_names() -> list[str]:
    try:
        default = default_encoder().name
        return [name for name in names_in_use() if name != default]
    except Exception:
        logger.exception("the galleries' encoders could not be looked up")
        return []
    finally:
        connection.close()


def _noting(name: str) -> Callable[[], None]:
    def work() -> None:
        try:
            warm_up_encoder(name)
        except RecognitionError as error:
            _troubles[name] = error.code
            raise
        except ProcessEnds:
            raise
        except Exception:
            _troubles[name] = "error"
            raise
        _troubles.pop(name, None)

    return work


def _tried(work: Callable[[], None]) -> bool:
    """False where trying again may help: an encoder's server, for one, may start later."""
    try:
        work()
    except ProcessEnds:
        raise
    except RecognitionError as error:
        logger.warning("the encoder could not be warmed up yet: %s", error.detail)
        return not error.retryable
    except Exception:
        logger.exception("the encoder could not be warmed up; the service is not ready")
    finally:
        connection.close()
    return True
