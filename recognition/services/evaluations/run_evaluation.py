"""A turn at an evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from recognition.core.errors import EncoderMismatch, WorkerLost
from recognition.models import Evaluation
from recognition.services.evaluations.embed_archive import HOPELESS, embed_archive, left_out
from recognition.services.evaluations.measure_archive import measure_alone, measure_queries
from recognition.services.evaluations.measure_gallery import measure_gallery
from recognition.services.evaluations.progress import Progress
from recognition.services.galleries.claims import keep_measured
from recognition.services.jobs.lease import Lease, hold
from recognition.services.matching.gallery_model import current
from recognition.services.recognition.answer import encoder_answer

Measure = Callable[[Evaluation, Progress], dict[str, Any]]

MEASURES: dict[str, Measure] = {
    Evaluation.Source.GALLERY: measure_gallery,
    Evaluation.Source.QUERIES: measure_queries,
    Evaluation.Source.ALONE: measure_alone,
}


def run_evaluation(lease: Lease) -> bool:
    """Go on with an evaluation: embed some more of its archive or, when all is embedded, measure.
    Returns whether anything is left to do.

    Raises ArchiveError, EncoderError, EncoderMismatch, NothingToEvaluate,
    WorkerLost, LeaseLost.
    """
    evaluation = Evaluation.objects.select_related("encoder").get(job=lease.job)
    evaluation.gallery = current(lease.job.gallery)
    if evaluation.encoder_id != evaluation.gallery.encoder_id:
        raise EncoderMismatch("The gallery's encoder has changed meanwhile. Evaluate it again.")
    if evaluation.source != Evaluation.Source.GALLERY and embed_archive(lease, evaluation):
        return True
    if lease.job.attempts >= HOPELESS:
        raise WorkerLost("The worker died whenever it measured this. Is there enough memory?")
    results = MEASURES[evaluation.source](evaluation, Progress(lease, evaluation))
    _keep(lease, evaluation, results)
    return False


@transaction.atomic
def _keep(lease: Lease, evaluation: Evaluation, results: dict[str, Any]) -> None:
    hold(lease)
    evaluation.results = {
        **results,
        **left_out(evaluation),
        "generation": evaluation.gallery.generation,
        "encoder": encoder_answer(evaluation.encoder.spec),
        "seed": evaluation.seed,
    }
    evaluation.save(update_fields=["results"])
    if evaluation.source == Evaluation.Source.GALLERY:
        keep_measured(evaluation, results)
