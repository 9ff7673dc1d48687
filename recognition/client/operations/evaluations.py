from __future__ import annotations

from collections.abc import Callable

from recognition.client.operation import Operation, one, path
from recognition.client.polling import Polling
from recognition.client.work import Evaluation


def start_evaluation(gallery: str) -> Operation[Evaluation]:
    """Measure in the background how well a gallery recognises."""
    return Operation(
        method="POST",
        path=path("galleries", gallery, "evaluations"),
        json={},
        parse=one(Evaluation),
        creates=True,
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
