"""Keeping up with what is enrolled while two encoders are kept."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import connection

from recognition.core.errors import EncoderChangeBehind, EncoderChangeState, RecognitionError
from recognition.models import EncoderChange
from recognition.selectors.encoder_changes import count_missing
from recognition.services.encoder_changes.embed import (
    embed_batch,
    embed_queries,
    standby_encoder,
)
from recognition.services.queueing import queue_on_commit

logger = logging.getLogger(__name__)

State = EncoderChange.State
FOLLOWING = (State.READY, State.SWITCHED)
AT_ONCE = 128
"""Embeddings that whoever waits for a switch may wait for."""

TURN_SECONDS = 30.0


def keep_in_step() -> int:
    """Embed what was enrolled since in the galleries that are ready to be switched, or to be
    switched back; returns how many embeddings were made.
    """
    made = 0
    for change in EncoderChange.objects.filter(state__in=FOLLOWING).select_related(
        "gallery", "source", "target"
    ):
        try:
            made += _follow(change)
        except RecognitionError:
            logger.exception("the change of encoder %s could not keep up", change)
            connection.close_if_unusable_or_obsolete()
    return made


def _follow(change: EncoderChange) -> int:
    deadline = time.monotonic() + TURN_SECONDS
    encoder = standby_encoder(change)
    made = 0
    more = True
    while more:
        count, more = embed_batch(change, encoder, still_is(change))
        made += count
        if time.monotonic() > deadline:
            return made
    for count in embed_queries(change, encoder):
        made += count
        if time.monotonic() > deadline:
            break
    return made


def catch_up(change: EncoderChange) -> None:
    """Embed the last few that are missing. Raises EncoderChangeBehind where they are many."""
    missing = count_missing(change)
    if missing > AT_ONCE:
        queue_on_commit("keep_in_step")
        raise EncoderChangeBehind(
            f"{missing} embeddings are still to be made of what was enrolled meanwhile. That is "
            "being done; try again in a minute."
        )
    if missing:
        encoder = standby_encoder(change)
        while embed_batch(change, encoder, still_is(change)).more:
            pass


def still_is(change: EncoderChange) -> Callable[[], None]:
    """Return a check for the transaction that keeps what was embedded: the change must be as it
    was.
    """

    def check() -> None:
        if not EncoderChange.objects.filter(pk=change.pk, state=change.state).exists():
            raise EncoderChangeState("The change of encoder has ended meanwhile.")

    return check
