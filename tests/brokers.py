"""Queues that processes of their own take their work from."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from kombu import Connection

FOLDER = "filesystem://"


@contextmanager
def fresh_queue(broker: str) -> Iterator[str]:
    """The name of a queue that no other service listens to, deleted afterwards."""
    name = f"oneshot_{uuid.uuid4().hex[:8]}"
    try:
        yield name
    finally:
        if broker != FOLDER:
            with Connection(broker) as connection:
                for each in (name, f"{name}-webhooks"):
                    connection.default_channel.queue_delete(each)
