"""Start an evaluation."""

from __future__ import annotations

from contextlib import ExitStack

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from recognition.archives import sniff_archive
from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Evaluation, Gallery, Job
from recognition.services.audit.acting import actor_for
from recognition.services.audit.trail import record
from recognition.services.limits import checked_far
from recognition.services.queueing import queue_on_commit

MAX_SHOTS = 50
MAX_EPISODES = 200


def start_evaluation(
    *,
    gallery: Gallery,
    archive: File[bytes] | None = None,
    alone: bool = False,
    far: float | None = None,
    seed: int = 0,
    shots: int = 1,
    episodes: int = 20,
    user: User | None = None,
) -> Evaluation:
    """Queue an evaluation of a gallery, by its own references or by a labelled ``archive``.

    The archive's images are asked of the gallery, or, ``alone``, its folders are classes of
    episodes with ``shots`` references each and the gallery gives only its encoder. ``far`` is by
    default the gallery's. Raises UnsupportedArchive, InvalidInput.
    """
    checked_far(far)
    _check(archive, alone, shots, episodes)
    job = Job(
        gallery=gallery,
        kind=Job.Kind.EVALUATION,
        created_by=user,
        key_name=actor_for(user).key,
    )
    evaluation = Evaluation(
        gallery=gallery,
        job=job,
        encoder_id=gallery.encoder_id,
        source=_source(archive, alone),
        target_far=far or gallery.target_far,
        seed=seed,
        shots=shots,
        episodes=episodes,
    )
    with ExitStack() as undo:
        if archive is not None:
            job.archive.save("archive", archive, save=False)
            undo.callback(job.archive.delete, save=False)
        with transaction.atomic():
            job.save()
            evaluation.save()
            record(AuditAction.START, job, gallery=gallery, user=user, source=evaluation.source)
            queue_on_commit("run_job", job.pk)
        undo.pop_all()
    return evaluation


def _check(archive: File[bytes] | None, alone: bool, shots: int, episodes: int) -> None:
    if archive is not None:
        sniff_archive(archive.read(4))
        archive.seek(0)
    elif alone:
        raise InvalidInput("Only an archive can be evaluated alone. Send one.")
    if not 1 <= shots <= MAX_SHOTS or not 1 <= episodes <= MAX_EPISODES:
        raise InvalidInput(
            f"An archive is evaluated with 1 to {MAX_SHOTS} shots in 1 to {MAX_EPISODES} episodes."
        )


def _source(archive: File[bytes] | None, alone: bool) -> Evaluation.Source:
    if archive is None:
        return Evaluation.Source.GALLERY
    return Evaluation.Source.ALONE if alone else Evaluation.Source.QUERIES
