"""Codes of an app and recovery codes: set up, asked for, counted, sealed, lost."""

from __future__ import annotations

import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from recognition.models import AuditEntry
from recognition.models.sealing import seal, unseal
from recognition.services.accounts.sign_ins import TRIES
from tests.sign_in.conftest import PASSWORD, grow_old, is_in, sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET) -> str:
    """What an app shows now."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def wrong() -> str:
    return "000000" if code() != "000000" else "000001"


@pytest.fixture
def app(anna) -> Authenticator:
    data = {"secret": seal(SECRET)}
    return Authenticator.objects.create(user=anna, type="totp", data=data)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_with_recovery_codes(annas):
    page = annas.get("/account/factors/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:" not in page.content.decode()
    refused = annas.post("/account/factors/totp/activate/", {"code": "1"})
    assert "Wrong code" in refused.content.decode()
    made = annas.post("/account/factors/totp/activate/", {"code": code(secret)}, follow=True)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert unseal(kept) == secret
    shown = made.content.decode()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert all(each in shown for each in codes)
    added = AuditEntry.objects.filter(deed="change", subject="anna")
    assert {each.detail["added"] for each in added} == {"totp", "recovery_codes"}


def test_a_password_alone_lets_nobody_in(app):
    client = Client()
    assert sign_in(client).url == "/account/factors/authenticate/"
    assert not is_in(client)
    assert client.get("/").url.startswith("/login/")
    assert (
        "Wrong code"
        in client.post("/account/factors/authenticate/", {"code": wrong()}).content.decode()
    )
    assert client.post("/account/factors/authenticate/", {"code": code()}).url == "/"
    assert is_in(client)
    failed = AuditEntry.objects.get(deed="fail")
    assert (failed.subject, failed.detail["factor"]) == ("anna", "totp")
    assert AuditEntry.objects.filter(deed="sign_in", subject="anna").exists()


def test_a_recovery_code_lets_in_once(annas, app):
    annas.post("/account/factors/recovery-codes/generate/")
    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for works in (True, False):
        client = Client()
        sign_in(client)
        client.post("/account/factors/authenticate/", {"code": spare})
        assert is_in(client) is works


def test_codes_and_passwords_are_counted_together(app):
    client = Client()
    sign_in(client)
    for _ in range(TRIES - 1):
        client.post("/account/factors/authenticate/", {"code": wrong()})
    refused = client.post("/account/factors/authenticate/", {"code": code()})
    assert "Too many attempts" in refused.content.decode()
    assert not is_in(client)
    again = Client()
    assert "Too many attempts" in sign_in(again).content.decode()
    assert AuditEntry.objects.filter(deed="lock", subject="anna").exists()


def test_right_codes_are_not_counted_against_anybody(app):
    for _ in range(TRIES + 2):
        client = Client()
        sign_in(client)
        client.post("/account/factors/authenticate/", {"code": code()})
        assert is_in(client)
        grow_old(client)
        client.post("/account/again/?next=/", {"password": PASSWORD})
        assert client.session["proved_at"] > 0


def test_changes_of_second_factors_ask_who_it_is(annas, app):
    grow_old(annas)
    for address in (
        "/account/factors/webauthn/add/",
        "/account/factors/totp/deactivate/",
        "/account/factors/recovery-codes/generate/",
    ):
        assert annas.get(address).url == f"/account/again/?next={address.replace('/', '%2F')}"
    annas.post("/account/factors/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists()
    asked = "/account/again/?next=/account/factors/totp/deactivate/"
    assert "Wrong password" in annas.post(asked, {"password": "guess"}).content.decode()
    annas.post(asked, {"password": PASSWORD})
    annas.post("/account/factors/totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()
    assert AuditEntry.objects.filter(deed="change", detail__removed="totp").exists()


def test_who_lost_the_second_factor_is_let_in_by_the_operator(app):
    out = StringIO()
    call_command("unlock", "anna", "--drop-second-factors", stdout=out)
    client = Client()
    sign_in(client)
    assert is_in(client)
    assert AuditEntry.objects.filter(deed="change", detail__dropped=1, actor="operator").exists()
