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


class JobNotPlanned(Conflict):
    """What has no plan that waits cannot be confirmed."""

    code = "job_not_planned"


class JobNotUndoable(Conflict):
    """What has enrolled nothing, or may still, cannot be taken back."""

    code = "job_not_undoable"


class NothingToEnrol(Conflict):
    """An archive without a file that could be enrolled."""

    code = "nothing_to_enrol"


class NothingEnrolled(Conflict):
    """An import of which every row failed."""

    code = "nothing_enrolled"
