"""A process is ready once it has encoded something: the first use loads the weights."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Event

from django.db import connection
from PIL import Image

from recognition.core.errors import RecognitionError
from recognition.core.shutdown import ProcessEnds, in_background, pause, raise_if_exiting
from recognition.services.encoders.background import background_for
from recognition.services.encoders.gallery_encoders import default_encoder, load_encoder

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0

_warm = Event()


def warm_up() -> None:
    """Load the default encoder and run each of its towers once."""
    encoder = load_encoder(default_encoder().name)
    side = encoder.spec.input_size
    raise_if_exiting()
    encoder.encode_images([Image.new("RGB", (side, side))])
    raise_if_exiting()
    if encoder.spec.reads_texts:
        encoder.encode_texts(["a photo"])
    raise_if_exiting()
    background_for(encoder)
    _warm.set()


def warm_up_in_background() -> None:
    in_background(_warm_up_and_log, "warm-up")


def is_warm() -> bool:
    return _warm.is_set()


def _warm_up_and_log() -> None:
    with suppress(ProcessEnds):
        while not _tried_to_warm_up():
            pause(RETRY_SECONDS)


def _tried_to_warm_up() -> bool:
    """False where trying again may help: an encoder's server, for one, may start later."""
    try:
        warm_up()
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
