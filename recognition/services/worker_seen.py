"""Note and tell when a worker was last heard from."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

from django.utils import timezone

from recognition.models import WorkerSeen

SILENT = timedelta(minutes=3)
"""Every half minute the clock has a worker tell that it lives; six in a row were not done."""

FORGOTTEN = timedelta(days=1)


def note_worker() -> None:
    """Note that a worker of this machine does what the clock asks for."""
    now = timezone.now()
    WorkerSeen.objects.update_or_create(name=socket.gethostname()[:100], defaults={"at": now})
    WorkerSeen.objects.filter(at__lt=now - FORGOTTEN).delete()


def last_seen() -> datetime | None:
    """Return when any worker was last heard from; None where none was."""
    return WorkerSeen.objects.order_by("-at").values_list("at", flat=True).first()


def is_heard() -> bool:
    """Say whether a worker was heard from lately."""
    seen = last_seen()
    return seen is not None and timezone.now() - seen < SILENT
