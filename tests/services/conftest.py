from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import Celery, current_app
from kombu.transport.memory import Channel


@pytest.fixture
def memory_broker() -> Iterator[None]:
    """A broker in this process, for tests whose transactions commit."""
    app = current_app._get_current_object()
    before = app.conf.broker_url
    _go_over_to(app, "memory://")
    yield
    Channel.queues.clear()
    _go_over_to(app, before)


def _go_over_to(app: Celery, broker: str) -> None:
    """An app keeps its pools, and each pool its broker."""
    app.conf.broker_url = broker
    app._pool = app.amqp._producer_pool = None
