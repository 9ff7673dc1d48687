"""The real service on a port, and clients that hold real keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User

from recognition.client import Client, Retries
from recognition.models import Gallery
from recognition.services.api_keys.issue_key import issue_key

SOON = Retries(most=2, first=0.01)


@pytest.fixture
def secret_of() -> Callable[[User], str]:
    return lambda user: issue_key(user=user, name="tests")[1]


@pytest.fixture
def key(alice: User, secret_of) -> str:
    return secret_of(alice)


@pytest.fixture
def client(live_server, gallery: Gallery, key: str) -> Iterator[Client]:
    """Alice's client of a service in which she owns the gallery ``pets``."""
    with Client(live_server.url, key, retries=SOON) as client:
        yield client


@pytest.fixture
def charlies_client(live_server, charlie: User, secret_of) -> Iterator[Client]:
    with Client(live_server.url, secret_of(charlie), retries=SOON) as client:
        yield client
