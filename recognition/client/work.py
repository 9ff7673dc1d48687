"""What a worker does for a caller, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recognition.client.answers import Encoder, QualityWarning

WORKING = frozenset({"queued", "running"})
SUCCEEDED = "succeeded"
PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Job:
    """Work on its way. ``total`` is null until the files are counted.

    ``kind`` is import, evaluation or encoder; ``state`` is queued, running, planned, succeeded,
    failed or cancelled; ``code`` and ``detail`` say why it failed. ``enrolled``, ``skipped`` and
    ``failed`` are numbers of files. ``plan`` is what an import is to enrol, once that is known; one
    that is planned waits to be confirmed. ``last_error`` says why it is tried again.
    """

    id: str
    kind: str
    state: str
    created_at: datetime
    total: int | None = None
    enrolled: int = 0
    skipped: int = 0
    failed: int = 0
    code: str = ""
    detail: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    plan: Mapping[str, Any] | None = None
    last_error: str = ""
    undone_at: datetime | None = None

    @property
    def planned(self) -> bool:
        return self.state == PLANNED

    @property
    def done(self) -> int:
        return self.enrolled + self.skipped + self.failed

    @property
    def finished(self) -> bool:
        return self.state not in WORKING

    @property
    def succeeded(self) -> bool:
        return self.state == SUCCEEDED


@dataclass(frozen=True, slots=True)
class JobRow:
    """What became of one file of an archive, the ``number``th of the report, from 0.

    ``status`` is pending, enrolled, skipped or failed; ``code`` and ``detail`` say why it was not
    enrolled; ``reference`` is what it became, or repeats; ``warnings`` are what to know of it.
    """

    number: int
    path: str
    category: str
    external_id: str
    status: str
    code: str
    detail: str
    reference: str | None
    warnings: tuple[QualityWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Measured accuracy. States are as a job's; ``source`` is gallery, queries or alone.

    ``results`` is null until it has succeeded, and in a list; its form is in the service's schema.
    ``code`` and ``detail`` say why it failed. ``done`` of ``total`` steps have been taken; ``job``
    is what does it. ``seed`` fixed the random choices; ``shots`` and ``episodes`` are of an archive
    alone.
    """

    id: str
    job: str
    source: str
    state: str
    encoder: Encoder
    target_far: float
    seed: int
    shots: int
    episodes: int
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    total: int | None = None
    done: int = 0
    code: str = ""
    detail: str = ""
    results: Mapping[str, Any] | None = None

    @property
    def finished(self) -> bool:
        return self.state not in WORKING

    @property
    def succeeded(self) -> bool:
        return self.state == SUCCEEDED
