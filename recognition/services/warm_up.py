"""A process is ready once it has encoded something: the first use loads the weights."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread

from django.db import connection
from PIL import Image

from recognition.errors import RecognitionError
from recognition.services.background import background_for
from recognition.services.encoders import default_encoder, load_encoder

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0

_warm = Event()


def warm_up() -> None:
    """Load the default encoder and run each of its towers once."""
    encoder = load_encoder(default_encoder().name)
    side = encoder.spec.input_size
    encoder.encode_images([Image.new("RGB", (side, side))])
    encoder.encode_texts(["a photo"])
    background_for(encoder)
    _warm.set()


def warm_up_in_background() -> None:
    Thread(target=_warm_up_and_log, name="warm-up", daemon=True).start()


def is_warm() -> bool:
    return _warm.is_set()


def _warm_up_and_log() -> None:
    """What may pass, such as an encoder's server that starts later, is tried again."""
    while True:
        try:
            return warm_up()
        except RecognitionError as error:
            logger.warning("the encoder could not be warmed up yet: %s", error.detail)
            if not error.retryable:
                return
        except Exception:
            logger.exception("the encoder could not be warmed up; the service is not ready")
            return
        finally:
            connection.close()
        time.sleep(RETRY_SECONDS)
