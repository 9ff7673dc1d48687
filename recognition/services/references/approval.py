"""Whose references wait, and how they are held meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from recognition.models import Embedding, Gallery, HeldEmbedding, Reference, Role
from recognition.selectors.galleries import role_in
from recognition.services.audit.acting import actor_for
from recognition.services.change_log import log_additions

State = Reference.State


def state_for(locked: Gallery, user: User | None) -> State:
    """Return the state of a reference that is enrolled now.

    Where a gallery reviews its references, those of an owner in person and of the operator need no
    second pair of eyes; a curator's wait, and a program's, whoever's key it has.
    """
    actor = actor_for(user)
    if not locked.review_references or actor.is_operator:
        return State.APPROVED
    if not actor.key and actor.user and role_in(actor.user, locked) is Role.OWNER:
        return State.APPROVED
    return State.PENDING


def admit(locked: Gallery, embeddings: Sequence[Embedding]) -> None:
    """Log the embeddings of approved references, and hold those of references that wait.

    Inside the transaction that locked the gallery. Raises EncoderMismatch.
    """
    waiting = [each for each in embeddings if each.reference and each.reference.is_pending]
    HeldEmbedding.objects.bulk_create(
        HeldEmbedding(reference=each.reference, encoder_id=each.encoder_id, data=each.data)
        for each in waiting
    )
    if approved := [each for each in embeddings if each not in waiting]:
        log_additions(locked, approved)
