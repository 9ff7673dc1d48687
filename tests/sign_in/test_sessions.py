"""Sessions: listed, ended, carried over an upgrade; and what asks again who it is."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recognition.models import ApiKey, AuditEntry, Gallery, Membership
from recognition.services.api_keys.issue_key import issue_key
from tests.sign_in.conftest import PASSWORD, grow_old, is_in, sign_in

pytestmark = pytest.mark.django_db


def test_sessions_are_listed_and_ended_one_by_one(anna):
    here, there = Client(HTTP_USER_AGENT="Here"), Client(HTTP_USER_AGENT="There")
    sign_in(here), sign_in(there)
    page = here.get("/account/sessions/").content.decode()
    assert "Here" in page
    assert "There" in page
    other = UserSession.objects.get(user_agent="There")
    here.post(f"/account/sessions/{other.pk}/end/")
    assert there.get("/").url.startswith("/login/")
    assert here.get("/").status_code == 200
    assert AuditEntry.objects.filter(deed="sign_out", detail__sessions=1, actor="anna").exists()


def test_all_other_sessions_are_ended_at_once(anna):
    here, *others = (Client() for _ in range(3))
    for client in (here, *others):
        sign_in(client)
    here.post("/account/sessions/")
    assert here.get("/").status_code == 200
    assert all(client.get("/").status_code == 302 for client in others)


def test_nobody_ends_the_session_of_somebody_else(anna, alice):
    client = Client()
    sign_in(client)
    alices = Client()
    alices.force_login(alice)
    assert alices.post(f"/account/sessions/{UserSession.objects.get().pk}/end/").status_code == 404
    assert client.get("/").status_code == 200


def test_a_session_of_an_earlier_release_goes_on_and_is_listed(annas, anna):
    session = annas.session
    for key in ("proved_at", "seen"):
        session.pop(key)
    session.save()
    assert not UserSession.objects.exists()
    assert annas.get("/").status_code == 200
    assert UserSession.objects.get().user == anna


def test_what_matters_most_asks_who_it_is_and_then_goes_on(gallery, alice, bob):
    client = Client()
    client.force_login(alice)
    alice.set_password(PASSWORD)
    alice.save()
    client.force_login(alice)
    grow_old(client)
    asked = {
        "/g/pets/settings/members/": {"username": "bob", "role": "owner"},
        "/g/pets/settings/keys/": {"name": "door", "scope": "identify", "expires": ""},
        "/g/pets/settings/delete/": {"name": "Pets"},
    }
    for address, given in asked.items():
        assert client.get(address).status_code == 200
        sent = client.post(address, given)
        assert sent.url.startswith("/account/again/?next=")
    assert Membership.objects.get(user=bob).role == "curator"
    assert not ApiKey.objects.exists()
    assert Gallery.objects.exists()
    for address, given in asked.items():
        grow_old(client)
        sent = client.post(address, given)
        assert client.get(sent.url).status_code == 200
        wrong = client.post(sent.url, {"password": "guess", "next": address})
        assert "Wrong password" in wrong.content.decode()
        client.post(sent.url, {"password": PASSWORD, "next": address})
    assert ApiKey.objects.get().name == "door"
    assert not Gallery.objects.exists()
    assert AuditEntry.objects.filter(deed="let_in", subject="bob", detail__role="owner").exists()


def test_programs_are_not_asked_but_sessions_are(gallery, alice):
    client = Client()
    client.force_login(alice)
    grow_old(client)
    refused = client.delete("/api/v1/galleries/pets/")
    assert (refused.status_code, refused.json()["code"]) == (403, "proof_required")
    _, secret = issue_key(user=alice, name="x")
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().delete("/api/v1/galleries/pets/", headers=headers).status_code == 204


def test_the_console_asks_too(anna):
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    client = Client()
    sign_in(client, "boss")
    assert is_in(client)
    grow_old(client)
    for address in (
        reverse("admin:auth_user_delete", args=[anna.pk]),
        reverse("admin:auth_user_password_change", args=[anna.pk]),
        reverse("admin:auth_group_add"),
    ):
        assert client.get(address).status_code == 200
        assert client.post(address, {"post": "yes"}).url.startswith("/account/again/")
    assert User.objects.filter(pk=anna.pk).exists()
    assert boss.check_password(PASSWORD)


def test_what_is_missing_and_what_is_hidden_look_the_same(gallery, annas):
    missing, hidden = annas.get("/no/such/page/"), annas.get("/g/pets/")
    assert missing.status_code == hidden.status_code == 404
    assert "Page not found" in missing.content.decode()
    for page in (missing, hidden):
        assert "<h1>Page not found</h1>" in page.content.decode()
