"""The process's queues, one an encoder."""

from __future__ import annotations

from threading import Lock

from recognition.encoders.batching.queued_encoder import Load, QueuedEncoder
from recognition.encoders.protocol import Towers

_queued: dict[tuple[int, Load], QueuedEncoder] = {}
_lock = Lock()


def queued(towers: Towers, load: Load) -> QueuedEncoder:
    """The one queue before an encoder."""
    key = id(towers), load
    with _lock:
        if key not in _queued:
            _queued[key] = QueuedEncoder(towers, load)
        return _queued[key]
