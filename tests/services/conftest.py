from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import current_app
from kombu.transport.memory import Channel


@pytest.fixture
def memory_broker() -> Iterator[None]:
    """A broker in this process, for tests whose transactions commit."""
    app = current_app._get_current_object()
    before = app.conf.broker_url
    app.conf.broker_url = "memory://"
    app.pool.force_close_all()
    yield
    Channel.queues.clear()
    app.conf.broker_url = before
    app.pool.force_close_all()
