"""Invitations by link, once, into one gallery; and links for whoever forgot a password."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from recognition.models import AuditEntry, Invitation, Membership
from recognition.services.galleries.create_gallery import create_gallery
from tests.sign_in.conftest import OTHER, PASSWORD, grow_old, is_in, sign_in

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


@pytest.fixture
def alices(alice) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def link_in(page) -> str:
    """The path of the link that a page shows once."""
    return re.search(rf'<code id="secret"[^>]*>{HOST}([^<]+)</code>', page.content.decode())[1]


def invite(client: Client, role: str = "curator", **more: str) -> str:
    made = client.post("/g/pets/settings/members/invite/", {"role": role, **more})
    return link_in(made)


def join(client: Client, link: str, name: str = "nora", password: str = PASSWORD):
    return client.post(link, {"username": name, "password": password, "again": password})


def test_a_link_makes_an_account_in_the_right_gallery_once(gallery, alices, alice):
    create_gallery(name="Other", owner=alice)
    link = invite(alices)
    client = Client()
    assert "Join Pets" in client.get(link).content.decode()
    assert join(client, link).url == "/g/pets/"
    assert is_in(client)
    assert client.get("/g/pets/").status_code == 200
    assert client.get("/g/other/").status_code == 404
    assert Membership.objects.get(user__username="nora").role == "curator"
    assert "nora" not in Invitation.objects.get().digest
    assert Client().get(link).status_code == 410
    trail = AuditEntry.objects.filter(actor="nora").order_by("id").values_list("deed", flat=True)
    assert list(trail) == ["create", "let_in", "sign_in"]


def test_whoever_has_an_account_joins_by_it_and_loses_nothing(gallery, alices, charlie, bob):
    link = invite(alices, "viewer")
    client = Client()
    client.force_login(charlie)
    assert "Join as charlie" in client.get(link).content.decode()
    assert client.post(link).url == "/g/pets/"
    assert Membership.objects.get(user=charlie).role == "viewer"
    client.force_login(bob)
    client.post(invite(alices, "viewer"))
    assert Membership.objects.get(user=bob).role == "curator"


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("alice", PASSWORD, "taken"),
        ("ALICE", PASSWORD, "taken"),
        ("nora@example.org", PASSWORD, "no @"),
        ("", PASSWORD, "blank"),
        ("n" * 151, PASSWORD, "150"),
        ("nora", "password1234", "guessed too soon"),
        ("nora", "short", "12 characters"),
    ],
)
def test_what_makes_no_account_is_said_and_the_link_still_works(
    name, password, why, gallery, alices
):
    link = invite(alices)
    refused = join(Client(), link, name, password)
    assert refused.status_code == 400
    assert why in refused.content.decode()
    assert join(Client(), link).status_code == 302


def test_links_expire_are_withdrawn_and_go_with_whoever_made_them(gallery, alices, alice):
    expired, withdrawn, orphaned = (invite(alices) for _ in range(3))
    first, second, _ = Invitation.objects.order_by("id")
    Invitation.objects.filter(pk=first.pk).update(expires_at=timezone.now() - timedelta(1))
    alices.post(f"/g/pets/settings/members/invitations/{second.pk}/withdraw/")
    for link in (expired, withdrawn, "/invitation/made-up/"):
        assert Client().get(link).status_code == 410
        assert join(Client(), link).status_code == 410
    alice.is_active = False
    alice.save()
    assert join(Client(), orphaned).status_code == 410
    assert not User.objects.filter(username="nora").exists()


def test_owners_alone_invite_and_show_first_who_they_are(gallery, alices, bob, charlie):
    for user, status in ((bob, 403), (charlie, 404)):
        client = Client()
        client.force_login(user)
        given = {"role": "owner"}
        assert client.post("/g/pets/settings/members/invite/", given).status_code == status
    grow_old(alices)
    sent = alices.post("/g/pets/settings/members/invite/", {"role": "viewer"})
    assert sent.url.startswith("/account/again/")
    assert not Invitation.objects.exists()


def test_an_invitation_is_sent_where_mail_is(gallery, alices, settings):
    settings.EMAIL_URL = "memory"
    given = {"role": "viewer", "email": "Nora@example.org"}
    shown = alices.post("/g/pets/settings/members/invite/", given).content.decode()
    assert "/invitation/" not in shown
    [message] = mail.outbox
    assert message.to == ["nora@example.org"]
    link = re.search(rf"{HOST}(/invitation/\S+)", message.body)[1]
    join(Client(), link)
    assert User.objects.get(username="nora").email == "nora@example.org"
    client = Client()
    sign_in(client, "nora@example.org")
    assert is_in(client)
    grow_old(client)
    asked = client.get("/account/factors/totp/activate/")
    assert client.get(asked.url).status_code == 200


def reset(client: Client, name: str):
    return client.post("/g/pets/settings/members/reset/", {"username": name})


def set_password(client: Client, link: str):
    form = client.get(link, follow=True)
    given = {"password1": OTHER, "password2": OTHER}
    return client.post(form.request["PATH_INFO"], given, follow=True)


def test_an_owner_helps_whom_they_brought_in(gallery, alices, alice):
    open_session = Client()
    join(open_session, invite(alices))
    link = link_in(reset(alices, "nora"))
    assert "Your password is changed" in set_password(Client(), link).content.decode()
    assert open_session.get("/").url.startswith("/login/")
    assert "does not work any more" in Client().get(link, follow=True).content.decode()
    client = Client()
    sign_in(client, "nora", OTHER)
    assert is_in(client)
    assert AuditEntry.objects.filter(deed="reset_link", subject="nora", actor="alice").exists()
    assert AuditEntry.objects.filter(deed="change", subject="nora").exists()


def test_an_owner_takes_over_nobody_else(gallery, alices, bob, charlie):
    """Neither whom they added by name, nor whom they brought in but who is elsewhere by now."""
    assert reset(alices, "bob").status_code == 400
    assert reset(alices, "charlie").status_code == 404
    join(Client(), invite(alices))
    nora = User.objects.get(username="nora")
    create_gallery(name="Nora's own", owner=nora)
    assert reset(alices, "nora").status_code == 400
    assert not AuditEntry.objects.filter(deed="reset_link").exists()


def test_the_operator_makes_a_link_by_a_command(anna):
    out = StringIO()
    call_command("reset_link", "anna", "--address", "https://example.org/", stdout=out)
    link = out.getvalue().strip().removeprefix("https://example.org")
    set_password(Client(), link)
    client = Client()
    sign_in(client, password=OTHER)
    assert is_in(client)


def test_a_link_is_sent_where_mail_is_and_nobody_learns_of_accounts(anna, settings):
    settings.EMAIL_URL = "memory"
    client = Client()
    answers = [
        client.post("/account/reset/", {"email": email}, follow=True).content
        for email in ("anna@example.org", "nobody@example.org")
    ]
    assert b"Look into your mail" in answers[0]
    assert answers[0] == answers[1]
    [message] = mail.outbox
    link = re.search(rf"{HOST}(/account/reset/\S+)", message.body)[1]
    set_password(Client(), link)
    assert User.objects.get(pk=anna.pk).check_password(OTHER)
