"""Signing in by OpenID Connect, at a real provider over HTTP on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from oneshot_site.provider import group_rights, providers
from recognition.models import AuditEntry, Membership
from tests.sign_in.conftest import grow_old, is_in
from tests.sign_in.provider import PASSWORD

pytestmark = pytest.mark.django_db
CALLBACK = "http://testserver/account/oidc/sso/login/callback/"
LOGIN = "/account/oidc/sso/login/"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("provider")
    script = Path(__file__).parent / "provider.py"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(script), str(port), str(folder), CALLBACK],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout.readline() == "ready\n", (folder / "log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def provider(issuer, settings) -> str:
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer=issuer, client_id="oneshot", secret="told to both", name="Work"
    )
    return issuer


def come_back(client: Client, name: str, sent: str):
    """Follow ``sent`` to the provider as somebody, who signs in there, and come back."""
    at = urlsplit(sent)
    with httpx.Client(base_url=f"{at.scheme}://{at.netloc}", follow_redirects=False) as browser:
        given = {"login": name, "password": PASSWORD}
        page = browser.post("/accounts/login/", data=given)
        assert page.status_code == 302, page.text
        answer = browser.get(sent)
    back = answer.headers["Location"]
    assert back.startswith(CALLBACK), back
    return client.get(back.removeprefix("http://testserver"))


def sign_in(name: str, client: Client | None = None, start: str = LOGIN) -> tuple[Client, object]:
    client = client or Client()
    sent = client.get(start)
    assert sent.status_code == 302, sent.content
    return client, come_back(client, name, sent.url)


def test_whoever_the_provider_knows_gets_an_account_and_comes_back_to_it(provider):
    assert "Sign in with Work" in Client().get("/login/").content.decode()
    client, answer = sign_in("pia", start=f"{LOGIN}?next=/new/")
    assert answer.url == "/new/"
    assert is_in(client)
    pia = User.objects.get()
    assert (pia.username, pia.email) == ("pia", "pia@example.org")
    assert not pia.has_usable_password()
    assert not pia.is_staff
    sign_in("pia")
    assert User.objects.get() == pia
    assert AuditEntry.objects.filter(deed="sign_in", subject="pia").count() == 2


def test_groups_give_and_take_roles(provider, gallery, settings):
    settings.OIDC_GROUPS = group_rights(["quality=pets:curator", "it=pets:viewer", "it=staff"])
    sign_in("ida")
    ida = User.objects.get(username="ida")
    assert ida.is_staff
    assert Membership.objects.get(user=ida, gallery=gallery).role == "curator"
    settings.OIDC_GROUPS = group_rights(["it=pets:viewer", "boss=staff"])
    sign_in("ida")
    ida.refresh_from_db()
    assert not ida.is_staff
    assert Membership.objects.get(user=ida, gallery=gallery).role == "viewer"
    settings.OIDC_GROUPS = group_rights(["boss=pets:owner"])
    sign_in("ida")
    assert not Membership.objects.filter(user=ida).exists()
    assert AuditEntry.objects.filter(deed="let_go", subject="ida").exists()


def test_without_a_mapping_nobody_gets_in_anywhere(provider, gallery):
    client, _ = sign_in("pia")
    assert client.get("/g/pets/").status_code == 404


def test_an_address_that_somebody_has_takes_over_no_account(provider, settings):
    pia = User.objects.create_user("somebody", email="Pia@example.org", password="x")
    client, answer = sign_in("pia")
    assert answer.status_code == 409
    assert not is_in(client)
    assert User.objects.get() == pia


def test_an_address_is_matched_where_the_operator_says_so(provider, settings):
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    pia = User.objects.create_user("somebody", email="pia@example.org", password="x")
    client, _ = sign_in("pia")
    assert is_in(client)
    assert User.objects.get() == pia


def test_whoever_has_no_password_proves_who_they_are_at_the_provider(provider):
    client, _ = sign_in("pia")
    client.post("/", {"name": "Mine"})
    grow_old(client)
    address = "/g/mine/settings/delete/"
    sent = client.post(address, {"name": "Mine"})
    assert sent.url == f"{LOGIN}?next={address.replace('/', '%2F')}"
    _, back = sign_in("pia", client, sent.url)
    assert back.url == address
    assert client.post(address, {"name": "Mine"}).url == "/"


def test_an_answer_that_nobody_asked_for_signs_nobody_in(provider):
    client = Client()
    answer = client.get("/account/oidc/sso/login/callback/?code=x&state=y")
    assert "did not let you in" in answer.content.decode()
    assert not is_in(client)


def test_without_a_provider_there_is_none(client):
    assert client.get(LOGIN).status_code == 404
    assert "oidc" not in client.get("/login/").content.decode()


@pytest.mark.parametrize("entry", ["x", "=pets:owner", "x=pets", "x=pets:king", "x=:owner"])
def test_a_mapping_that_is_none_is_refused(entry):
    with pytest.raises(ImproperlyConfigured, match="ONESHOT_OIDC_GROUPS"):
        group_rights([entry])


def test_a_provider_without_a_client_is_refused():
    with pytest.raises(ImproperlyConfigured, match="ONESHOT_OIDC_CLIENT_ID"):
        providers(issuer="https://id.example.org", client_id="", secret="", name="x")
