"""What a worker does for a caller, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WORKING = frozenset({"queued", "running"})
SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True)
class Job:
    """An import on its way. ``total`` is null until the files are counted.

    ``state`` is queued, running, succeeded, failed or cancelled; ``code`` and ``detail`` say why
    it failed. ``enrolled``, ``skipped`` and ``failed`` are numbers of files.
    """

    id: str
    state: str
    created_at: datetime
    total: int | None = None
    enrolled: int = 0
    skipped: int = 0
    failed: int = 0
    code: str = ""
    detail: str = ""

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
class Evaluation:
    """Measured accuracy. States are as a job's; ``source`` is gallery, queries or alone.

    ``results`` is null until it has succeeded, and in a list; its form is in the service's schema.
    ``code`` and ``detail`` say why it failed. ``done`` of ``total`` steps have been taken; ``job``
    is what does it.
    """

    id: str
    job: str
    source: str
    state: str
    target_far: float
    created_at: datetime
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
