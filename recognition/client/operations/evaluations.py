"""Calls that measure how well a gallery recognises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from recognition.client.answers import Page
from recognition.client.operation import Operation, given, one, page, path
from recognition.client.operations.jobs import JobState
from recognition.client.ordering import ByMaking
from recognition.client.polling import Polling
from recognition.client.uploads import File, Upload
from recognition.client.work import Evaluation

Source = Literal["gallery", "queries", "alone"]


def start_evaluation(
    gallery: str,
    archive: File | None = None,
    *,
    alone: bool = False,
    far: float | None = None,
    seed: int | None = None,
    shots: int | None = None,
    episodes: int | None = None,
) -> Operation[Evaluation]:
    """Measure in the background how well a gallery recognises.

    Without an ``archive`` (zip, tar.gz with a folder a category) by its own references and judged
    queries; with one by its images, or, ``alone``, the archive by itself in ``episodes`` with so
    many ``shots`` of each class. ``far`` is the false-accept rate to keep.
    """
    fields = given(far=far, seed=seed, shots=shots, episodes=episodes)
    fields |= {"alone": alone} if alone else {}
    return Operation(
        method="POST",
        path=path("galleries", gallery, "evaluations"),
        json=fields if archive is None else None,
        form={} if archive is None else fields,
        uploads=() if archive is None else (Upload("archive", archive),),
        parse=one(Evaluation),
        creates=True,
    )


def list_evaluations(
    gallery: str,
    *,
    source: Source | None = None,
    state: JobState | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Evaluation]]:
    """A gallery's evaluations, the newest first, without their results."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "evaluations"),
        params=given(
            source=source,
            state=state,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Evaluation),
    )


def get_evaluation(gallery: str, evaluation: str) -> Operation[Evaluation]:
    """An evaluation, with its results when it has succeeded."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "evaluations", evaluation),
        parse=one(Evaluation),
    )


def wait_for_evaluation(
    gallery: str,
    evaluation: str,
    *,
    on_progress: Callable[[Evaluation], None] | None = None,
    timeout: float | None = None,
) -> Polling[Evaluation]:
    """The evaluation when it has ended, as ``wait_for_job``."""
    ask = get_evaluation(gallery, evaluation)
    return Polling(ask=ask, on_progress=on_progress, timeout=timeout)
