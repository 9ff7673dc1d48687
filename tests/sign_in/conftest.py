from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "violin cement ginger"
OTHER = "otter plinth marzipan"


@pytest.fixture
def anna(db) -> User:
    return User.objects.create_user("anna", email="anna@example.org", password=PASSWORD)


def sign_in(client: Client, name: str = "anna", password: str = PASSWORD, **more: str):
    return client.post("/login/", {"login": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def grow_old(client: Client) -> None:
    """Have it be long ago that this browser showed who it is."""
    session = client.session
    session["proved_at"] = 0
    session.save()


@pytest.fixture
def annas(anna) -> Client:
    client = Client()
    client.force_login(anna)
    return client
