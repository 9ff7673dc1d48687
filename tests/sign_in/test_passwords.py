"""Signing in by name or address, and passwords: changed, reset, given by somebody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from recognition.models import AuditEntry, SignIn
from recognition.services.accounts.passwords import note_given_password
from recognition.services.accounts.sign_ins import TRIES
from tests.sign_in.conftest import OTHER, PASSWORD, is_in, sign_in

pytestmark = pytest.mark.django_db


def test_a_name_or_an_address_signs_in(anna):
    for login in ("anna", "anna@example.org", "Anna@Example.org"):
        client = Client()
        assert sign_in(client, login, next="/new/").url == "/new/"
        assert is_in(client)


def test_an_address_that_two_have_is_nobodys(anna):
    User.objects.create_user("other", email="ANNA@example.org", password=OTHER)
    client = Client()
    for password in (PASSWORD, OTHER):
        sign_in(client, "anna@example.org", password)
        assert not is_in(client)


def test_tries_of_a_name_and_of_its_address_are_counted_together(anna):
    for number in range(TRIES):
        sign_in(Client(), ("anna", "anna@example.org", "ANNA@example.org")[number % 3], "guess")
    client = Client()
    refused = sign_in(client)
    assert not is_in(client)
    assert "Too many attempts" in refused.content.decode()


def test_nobody_is_sent_elsewhere(anna):
    assert sign_in(Client(), next="https://example.org/").url == "/"


def test_a_closed_account_is_told_so(anna):
    anna.is_active = False
    anna.save()
    client = Client()
    sign_in(client)
    assert not is_in(client)


def test_signing_up_by_oneself_is_not_possible(client):
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/signup/").status_code == 404


def change(client: Client, old: str, new: str):
    given = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/account/password/", given)


def test_a_password_is_changed_and_other_sessions_end(anna):
    here, there = Client(), Client()
    sign_in(here), sign_in(there)
    assert "not your present password" in change(here, "wrong", OTHER).content.decode()
    assert "guessed too soon" in change(here, PASSWORD, "password1234").content.decode()
    assert change(here, PASSWORD, OTHER).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").url.startswith("/login/")
    changed = AuditEntry.objects.filter(deed="change", subject="anna").get()
    assert changed.detail == {"fields": ["password"]}


def test_a_password_that_somebody_else_made_is_changed_first(anna):
    note_given_password(user=anna)
    client = Client()
    sign_in(client)
    for address in ("/", "/new/", "/admin/", "/account/factors/"):
        assert client.get(address).url == "/account/password/"
    refused = client.post("/api/v1/galleries/", {"name": "x"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "password_is_given"
    assert "Choose your own" in client.get("/account/password/").content.decode()
    assert change(client, PASSWORD, PASSWORD).status_code == 200
    assert client.get("/").url == "/account/password/"
    change(client, PASSWORD, OTHER)
    assert client.get("/").status_code == 200
    again = Client()
    sign_in(again, password=OTHER)
    assert again.get("/").status_code == 200


def test_the_first_password_is_changed_first(data_dir):
    from recognition.services.demo.seed_demo import _administrator

    _administrator(data_dir / "admin_password")
    password = (data_dir / "admin_password").read_text().strip()
    client = Client()
    assert "admin_password" in client.get("/login/").content.decode()
    sign_in(client, "admin", password)
    assert client.get("/").url == "/account/password/"
    change(client, password, OTHER)
    assert client.get("/").status_code == 200
    assert "admin_password" not in Client().get("/login/").content.decode()


def test_the_console_is_entered_by_the_same_door(anna):
    assert Client().get("/admin/").url == "/admin/login/?next=/admin/"
    assert Client().get("/admin/login/?next=/admin/").url == "/login/?next=%2Fadmin%2F"
    client = Client()
    sign_in(client)
    assert client.get("/admin/login/").status_code == 403
    User.objects.create_superuser("boss", password=PASSWORD)
    client = Client()
    assert sign_in(client, "boss", next="/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/password_change/").url == "/account/password/"
    client.post("/admin/logout/")
    assert not is_in(client)


def test_what_was_typed_is_kept_nowhere_in_the_clear(anna):
    sign_in(Client(), "a password in the wrong field")
    assert "wrong field" not in str(list(SignIn.objects.values()))
