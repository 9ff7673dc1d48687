"""What a worker does, and cannot do."""

from __future__ import annotations

from recognition.errors.base import Conflict, RecognitionError


class NothingToEvaluate(Conflict):
    """There is too little of something to measure how well it is recognised."""

    code = "nothing_to_evaluate"


class WorkerLost(RecognitionError):
    """The worker died whenever it came to this work."""

    code = "worker_lost"


class JobFinished(Conflict):
    """What has ended cannot be cancelled."""

    code = "job_finished"
