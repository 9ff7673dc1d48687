"""The switch: one transaction, after which the other encoder is searched."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from recognition.core.errors import EncoderChangeBehind, EncoderChangeState
from recognition.models import AuditAction, EncoderChange, FittedModel, Gallery
from recognition.selectors.encoder_changes import count_missing, stray_embeddings
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery, log_switch
from recognition.services.encoder_changes.catch_up import catch_up, still_is
from recognition.services.encoder_changes.drop import drop_forsaken_of
from recognition.services.encoder_changes.embed import embed_batch, standby_encoder
from recognition.services.encoders.background import background_for

State = EncoderChange.State


def switch_encoder(*, change: EncoderChange) -> EncoderChange:
    """Search with the new encoder from now on; the old embeddings are kept for a way back.

    Raises EncoderChangeState unless it is ready, EncoderChangeBehind, EncoderError.
    """
    return _change_over(change, State.READY, State.SWITCHED)


def roll_back(*, change: EncoderChange) -> EncoderChange:
    """Search with the old encoder again, also what was enrolled since, and drop the new one's
    embeddings. Raises as ``switch_encoder`` does.
    """
    rolled_back = _change_over(change, State.SWITCHED, State.ROLLED_BACK)
    drop_forsaken_of(rolled_back.gallery)
    return rolled_back


def _change_over(change: EncoderChange, expected: str, state: State) -> EncoderChange:
    _require(change, expected)
    # Loaded before, so that the first search after it waits for nothing.
    background_for(standby_encoder(change))
    for last in (False, False, True):
        catch_up(change)
        if (done := _try(change, expected, state, last=last)) is not None:
            return done
    raise EncoderChangeBehind("Too much is being enrolled at this moment; try again.")


@transaction.atomic
def _try(change: EncoderChange, expected: str, state: State, *, last: bool) -> EncoderChange | None:
    """None where something was enrolled in the moment between catching up and the lock. At
    ``last`` it is embedded while nobody else can enrol, if it is no more than a batch.
    """
    gallery = lock_gallery(change.gallery)
    locked = EncoderChange.objects.select_related("source", "target").get(pk=change.pk)
    _require(locked, expected)
    if last:
        embed_batch(locked, standby_encoder(locked), still_is(locked))
    if count_missing(locked):
        return None
    stray_embeddings(locked).delete()
    gallery.encoder, gallery.measured = locked.standby, None
    gallery.save(update_fields=["encoder", "measured"])
    log_switch(gallery)
    _exchange_models(locked, gallery)
    locked.gallery, locked.state = gallery, state
    now = timezone.now()
    if state == State.SWITCHED:
        locked.switched_at = now
    else:
        locked.ended_at, locked.standby_model = now, None
    locked.save()
    deed = AuditAction.SWITCH if state == State.SWITCHED else AuditAction.ROLL_BACK
    record(deed, locked, gallery=gallery, encoder=gallery.encoder.name)
    return locked


def _require(change: EncoderChange, expected: str) -> None:
    if change.state != expected:
        raise EncoderChangeState(
            f"The change of encoder is {change.get_state_display().lower()}, "
            f"not {State(expected).label.lower()}."
        )


def _exchange_models(locked: EncoderChange, gallery: Gallery) -> None:
    """Let what was fitted go with its encoder; the worker fits it anew soon."""
    kept = FittedModel.objects.filter(gallery=gallery).first()
    fitted = locked.standby_model
    locked.standby_model = bytes(kept.data) if kept else None
    if kept is not None:
        kept.delete()
    if fitted is not None:
        FittedModel.objects.create(
            gallery=gallery,
            encoder_id=gallery.encoder_id,
            generation=0,
            feedback_generation=0,
            data=bytes(fitted),
        )
