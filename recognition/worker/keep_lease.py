"""A lease is kept while its holder works, also through one long step."""

from __future__ import annotations

from contextlib import AbstractContextManager

from recognition.core.configuration import recognition_settings
from recognition.services.heartbeat import heartbeat
from recognition.services.jobs.lease import Lease, extend

LONGEST_SECONDS = 3600.0
"""After which the turn itself must have renewed the lease: no single step takes an hour, not even
to fetch and look through the largest archive."""


def keep_lease(lease: Lease) -> AbstractContextManager[None]:
    """Extend the lease while the block runs. One that is lost stays lost: the block finds out by
    itself.
    """
    return heartbeat(
        lambda: extend(lease),
        every=recognition_settings().job_lease_seconds / 4,
        longest=LONGEST_SECONDS,
    )
