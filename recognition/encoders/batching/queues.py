"""The process's queues, one an encoder."""

from __future__ import annotations

from threading import Lock

from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.protocol import DualEncoder

_queued: dict[tuple[int, QueueLimits], QueuedEncoder] = {}
_lock = Lock()


def queued(dual_encoder: DualEncoder, load: QueueLimits) -> QueuedEncoder:
    """Return the one queue before an encoder."""
    key = id(dual_encoder), load
    with _lock:
        if key not in _queued:
            _queued[key] = QueuedEncoder(dual_encoder, load)
        return _queued[key]
