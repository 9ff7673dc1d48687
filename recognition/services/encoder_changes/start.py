"""Start a change of encoder."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.errors import Conflict, EncoderChangeState, InvalidInput
from recognition.core.program import PROGRAM
from recognition.encoders import registry
from recognition.encoders.multi_view import multi_view_spec
from recognition.models import OPEN, AuditAction, EncoderChange, EncoderRecord, Gallery, Job, Prompt
from recognition.services.audit.acting import actor_for
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.gallery_encoders import models_dir, record_encoder
from recognition.services.queueing import queue_on_commit


def start_encoder_change(
    *, gallery: Gallery, encoder: str, user: User | None = None
) -> EncoderChange:
    """Have all that a gallery knows embedded by another encoder, beside what it has.

    ``encoder`` is the name of one that is prepared on this machine, so that no caller makes the
    service load a file or fetch one. Searches go on with the present encoder. Raises InvalidInput,
    Conflict, EncoderChangeState where a change is open already.
    """
    target = _prepared(encoder)
    with transaction.atomic():
        locked = lock_gallery(gallery)
        if locked.encoder_id == target.pk:
            raise Conflict(f"The gallery {gallery.slug!r} has the encoder {target.name} already.")
        if not target.reads_texts and Prompt.objects.filter(category__gallery=locked).exists():
            raise Conflict(
                f"The gallery {gallery.slug!r} has descriptions, which {target.name} cannot read. "
                "Remove them first; a category without a photo needs one."
            )
        if EncoderChange.objects.filter(gallery=locked, state__in=OPEN).exists():
            raise EncoderChangeState("A change of encoder is open already; end that one first.")
        job = Job.objects.create(
            gallery=locked,
            kind=Job.Kind.ENCODER,
            created_by=user,
            key_name=actor_for(user).key,
        )
        change = EncoderChange.objects.create(
            gallery=locked, source_id=locked.encoder_id, target=target, job=job, created_by=user
        )
        record(AuditAction.START, change, gallery=locked, user=user, encoder=target.name)
        queue_on_commit("run_job", job.pk)
    return change


def _prepared(name: str) -> EncoderRecord:
    specs = {spec.name: spec for spec in registry.installed(models_dir())}
    if name not in specs:
        raise InvalidInput(
            f"The encoder {name!r} is not prepared on this machine. The operator prepares it with "
            f"“{PROGRAM} encoder prepare {name}”."
        )
    return record_encoder(multi_view_spec(specs[name]))
