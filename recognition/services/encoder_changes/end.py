"""The ends of a change of encoder that change no search."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from recognition.core.errors import EncoderChangeState
from recognition.models import UNFINISHED, AuditAction, EncoderChange, Job, Query, QueryEmbedding
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery
from recognition.services.encoder_changes.drop import drop_forsaken_of
from recognition.services.jobs.finish import end

State = EncoderChange.State
CHUNK = 500


def cancel_change(*, change: EncoderChange) -> EncoderChange:
    """Leave the gallery as it is and drop what was embedded. Raises EncoderChangeState once it is
    switched.
    """
    _cancel(change)
    drop_forsaken_of(change.gallery)
    return change


@transaction.atomic
def _cancel(change: EncoderChange) -> None:
    lock_gallery(change.gallery)
    _settle(change, State.CANCELLED, State.EMBEDDING, State.READY)
    unfinished = Job.objects.select_for_update().filter(state__in=UNFINISHED)
    job = unfinished.filter(encoder_change=change).first()
    if job is not None:
        end(job, Job.State.CANCELLED)


def finish_change(*, change: EncoderChange) -> EncoderChange:
    """Stay with the new encoder and drop the old one's embeddings: there is no way back.

    Raises EncoderChangeState unless it is switched.
    """
    with transaction.atomic():
        lock_gallery(change.gallery)
        _settle(change, State.FINISHED, State.SWITCHED)
        _adopt_queries(change)
    drop_forsaken_of(change.gallery)
    return change


def _settle(change: EncoderChange, state: State, *expected: State) -> None:
    """Inside the transaction that locked the gallery."""
    change.refresh_from_db(fields=["state"])
    if change.state not in expected:
        raise EncoderChangeState(f"The change of encoder is {change.get_state_display().lower()}.")
    change.state, change.ended_at, change.standby_model = state, timezone.now(), None
    change.save(update_fields=["state", "ended_at", "standby_model"])
    deed = AuditAction.FINISH if state == State.FINISHED else AuditAction.CANCEL
    record(deed, change, gallery=change.gallery)


def _adopt_queries(change: EncoderChange) -> None:
    """Past queries that were embedded anew are the new encoder's from now on."""
    twins = QueryEmbedding.objects.filter(query__gallery=change.gallery, encoder=change.target)
    for twin in twins.select_related("query").iterator(CHUNK):
        Query.objects.filter(pk=twin.query_id).update(encoder=change.target, data=twin.data)
    twins.delete()
