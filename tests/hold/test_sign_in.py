"""Passwords are not guessed, by however many addresses, and nobody locks the owner out."""

from __future__ import annotations

import os
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from recognition.core.errors import InvalidInput
from recognition.models import AuditEntry, SignIn
from recognition.services.accounts.sign_ins import NAME_TRIES, NETWORK_TRIES, TRIES, forget_sign_ins
from recognition.services.api_keys.issue_key import MAX_KEYS, issue_key
from recognition.services.api_keys.revoke_key import revoke_key

pytestmark = pytest.mark.django_db
LONG = "ONESHOT_HOLD_LONG" in os.environ
SOME = NAME_TRIES + 10
MANY = 320
"""More than a cache in memory keeps by default."""

HOME, OFFICE = "198.51.100.7", "198.51.100.8"
PAGES = ["account_login"]


def sign_in(password: str, address: str, *, name: str = "alice", page: str = PAGES[0]) -> bool:
    client = Client(REMOTE_ADDR=address)
    client.post(reverse(page), {"login": name, "password": password, "next": "/"})
    return "_auth_user_id" in client.session


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared with a user's."""
    seen: list[str] = []
    check = User.check_password

    def counted(self: User, password: str) -> bool:
        seen.append(password)
        return check(self, password)

    monkeypatch.setattr(User, "check_password", counted)
    return seen


@pytest.mark.parametrize("page", PAGES)
def test_a_name_is_tried_ten_times_from_one_site_of_ipv6(page, alice, looked_at):
    for number in range(MANY if page == PAGES[0] else SOME):
        sign_in(f"guess {number}", f"2001:db8:7:7::{number:x}", page=page)
    assert len(looked_at) == TRIES
    assert not sign_in("correct horse", "2001:db8:7:7:ffff::1", page=page)
    assert sign_in("correct horse", "2001:db8:7:8::1")


def test_many_addresses_neither_go_round_the_limit_nor_push_it_out(alice, looked_at):
    for number in range(MANY if LONG else SOME):
        sign_in(f"guess {number}", f"203.0.{number // 200}.{number % 200}")
    assert len(looked_at) == NAME_TRIES
    assert not sign_in("correct horse", OFFICE)


def test_who_signed_in_lately_is_not_locked_out_by_others(alice):
    assert sign_in("correct horse", HOME)
    for number in range(NAME_TRIES + 10):
        sign_in("guess", f"203.0.113.{number}")
    assert not sign_in("correct horse", OFFICE)
    assert sign_in("correct horse", HOME)


def test_the_operator_lets_whoever_was_locked_out_in_again(alice):
    for number in range(NAME_TRIES + 10):
        sign_in("guess", f"203.0.113.{number}")
    assert not sign_in("correct horse", OFFICE)
    out = StringIO()
    call_command("unlock", "alice", stdout=out)
    assert f"{NAME_TRIES} failures" in out.getvalue()
    assert sign_in("correct horse", OFFICE)


def test_one_password_is_not_tried_with_every_name(alice, looked_at):
    for number in range(NETWORK_TRIES):
        sign_in("guess", HOME, name=f"nobody-{number}")
    assert not sign_in("correct horse", HOME)
    assert sign_in("correct horse", OFFICE)
    assert looked_at == ["correct horse"]


def test_refused_tries_lock_nobody_out_for_longer(alice):
    for _ in range(TRIES + 30):
        sign_in("guess", HOME)
    assert SignIn.objects.count() == TRIES


def test_what_no_limit_looks_at_is_forgotten(alice):
    for _ in range(3):
        sign_in("guess", HOME)
    sign_in("correct horse", OFFICE)
    SignIn.objects.update(at="2020-01-01T00:00Z")
    assert forget_sign_ins() == 4


def test_every_sign_in_and_failure_is_in_the_audit_trail(alice):
    for _ in range(TRIES + 5):
        sign_in("guess", HOME)
    sign_in("correct horse", OFFICE)
    sign_in("a password in the wrong field", HOME, name="a password in the wrong field")
    deeds = list(AuditEntry.objects.order_by("id").values_list("deed", "subject"))
    assert deeds == [("fail", "alice")] * TRIES + [("lock", "alice"), ("sign_in", "alice")]
    assert AuditEntry.objects.first().detail == {"network": OFFICE}


def test_keys_are_guessed_no_more_often_for_many_addresses(settings, db):
    settings.RECOGNITION = {**settings.RECOGNITION, "rate_per_address": "2/min"}

    def guess(address: str) -> int:
        client = APIClient(REMOTE_ADDR=address)
        return client.get("/api/v1/galleries/", HTTP_AUTHORIZATION="Bearer a.b").status_code

    assert [guess(f"2001:db8:1:1::{number}") for number in range(3)] == [401, 401, 429]
    # More callers than a cache in memory keeps by default.
    assert {guess(f"203.0.{number // 200}.{number % 200}") for number in range(400)} == {401}
    assert guess("2001:db8:1:1::9") == 429


def test_a_user_has_so_many_live_keys(alice):
    made = [issue_key(user=alice, name="x")[0] for _ in range(MAX_KEYS)]
    with pytest.raises(InvalidInput):
        issue_key(user=alice, name="x")
    revoke_key(key=made[0])
    assert issue_key(user=alice, name="x")
