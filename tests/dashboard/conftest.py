from __future__ import annotations

import pytest
from django.test import Client

from recognition.models import Reference
from recognition.services.references.enrol import enrol
from tests.photos import photo


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alices(alice) -> Client:
    return browser(alice)


@pytest.fixture
def victors(victor) -> Client:
    return browser(victor)


@pytest.fixture
def charlies(charlie) -> Client:
    return browser(charlie)


@pytest.fixture
def cat(gallery) -> Reference:
    return enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True).reference
