"""A gallery's settings: an owner changes them, a member sees what concerns them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest

from recognition.models import ApiKey, Delivery, Gallery, Membership, Webhook
from recognition.services.api_keys.issue_key import issue_key
from tests.conftest import client_of
from tests.dashboard.page_text import text

pytestmark = pytest.mark.django_db

SETTINGS = "/g/pets/settings/"
FOR_ALL = ["", "members/", "keys/", "encoder/", "retention/"]
FOR_OWNERS = ["webhooks/", "delete/"]
HOOK = {"url": "https://example.com/hook", "event": ["match"]}


def test_every_member_sees_what_concerns_them(gallery, alices, victors, charlies, bob):
    bobs = client_of(bob)
    for page in (*FOR_ALL, *FOR_OWNERS, "export/"):
        assert alices.get(SETTINGS + page).status_code == 200, page
        assert charlies.get(SETTINGS + page).status_code == 404, page
        assert victors.get(SETTINGS + page).status_code == (200 if page in FOR_ALL else 403), page
    assert bobs.get(f"{SETTINGS}export/").status_code == 200
    assert bobs.get(f"{SETTINGS}webhooks/").status_code == 403
    assert "Webhooks" not in text(victors.get(SETTINGS))


@pytest.mark.parametrize("page", ["", "members/", "encoder/", "retention/"])
def test_what_a_viewer_sees_has_no_form_and_takes_none(page, gallery, victors):
    shown = text(victors.get(SETTINGS + page))
    assert "csrfmiddlewaretoken" not in shown.split("<main")[1]
    assert victors.post(SETTINGS + page, {}).status_code == 403


def test_a_gallery_is_made_stricter(gallery, alices):
    given = {"name": "My pets", "description": "At home", "target_far": "0.001"}
    saved = text(alices.post(SETTINGS, given, follow=True))
    assert "Saved." in saved
    assert '<option value="0.001" selected>1 in 1,000 unknown photos' in saved
    refused = alices.post(SETTINGS, {**given, "target_far": "2"})
    assert (refused.status_code, 'role="alert"' in text(refused)) == (400, True)
    gallery.refresh_from_db()
    assert (gallery.name, gallery.target_far) == ("My pets", 0.001)


def test_an_owner_lets_somebody_in_and_go(gallery, alices, charlie, charlies):
    given = {"username": "charlie", "role": "viewer"}
    assert "charlie is viewer now." in text(alices.post(f"{SETTINGS}members/", given, follow=True))
    assert charlies.get("/g/pets/").status_code == 200
    gone = alices.post(f"{SETTINGS}members/", {"username": "charlie", "role": ""}, follow=True)
    assert "charlie is no member any more." in text(gone)
    assert charlies.get("/g/pets/").status_code == 404
    assert alices.post(f"{SETTINGS}members/", {**given, "role": "king"}).status_code == 400
    refused = text(alices.post(f"{SETTINGS}members/", {"username": "alice", "role": "viewer"}))
    assert "needs an owner" in refused
    assert "There is no user" in text(
        alices.post(f"{SETTINGS}members/", {"username": "nobody", "role": "viewer"})
    )
    assert Membership.objects.get(user__username="alice").role == "owner"


def test_a_key_is_shown_once_and_works_until_it_is_revoked(gallery, victors, victor):
    given = {"name": "door", "scope": ["identify"], "expires": "30"}
    made = victors.post(f"{SETTINGS}keys/", given)
    assert made["Cache-Control"] == "no-store"
    [secret] = re.findall(r'id="secret"[^>]*>([^<]+)<', made.content.decode())
    assert secret not in text(victors.get(f"{SETTINGS}keys/"))
    program = client_of(None)
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert program.get("/api/v1/galleries/pets/").status_code == 200
    key = ApiKey.objects.get()
    assert (key.user, key.scopes, list(key.galleries.all())) == (victor, ["identify"], [gallery])
    assert key.expiry_date is not None
    assert "last used" in text(victors.get(f"{SETTINGS}keys/"))
    victors.post(f"{SETTINGS}keys/revoke/", {"prefix": key.prefix})
    assert program.get("/api/v1/galleries/pets/").status_code == 401
    assert "None yet." in text(victors.get(f"{SETTINGS}keys/"))


def test_nobody_revokes_another_members_key(gallery, alices, victor):
    key, _ = issue_key(user=victor, name="door", galleries=[gallery])
    assert "door <span" in text(alices.get(f"{SETTINGS}keys/"))
    refused = alices.post(f"{SETTINGS}keys/revoke/", {"prefix": key.prefix})
    assert refused.status_code == 404
    key.refresh_from_db()
    assert not key.revoked


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scope": []}, {"expires": "7"}])
def test_a_key_that_makes_no_sense_is_refused_in_place(wrong, gallery, alices):
    given = {"name": "door", "scope": ["identify"], "expires": "", **wrong}
    refused = alices.post(f"{SETTINGS}keys/", given)
    assert refused.status_code == 400
    assert 'role="alert"' in text(refused)
    assert not ApiKey.objects.exists()


def test_how_long_queries_are_kept(gallery, alices):
    saved = alices.post(f"{SETTINGS}retention/", {"query_days": "30"}, follow=True)
    assert 'value="30"' in text(saved)
    gallery.refresh_from_db()
    assert (gallery.query_days, gallery.query_images) == (30, False)
    for wrong in ("soon", "0", "99999999"):
        refused = alices.post(f"{SETTINGS}retention/", {"query_days": wrong})
        assert refused.status_code == 400, wrong
        assert f'value="{wrong}"' in text(refused)
    alices.post(f"{SETTINGS}retention/", {"query_days": "", "query_images": "on"})
    gallery.refresh_from_db()
    assert (gallery.query_days, gallery.query_images) == (None, True)


def test_a_webhook_is_made_tested_switched_off_and_deleted(gallery, alices):
    made = alices.post(f"{SETTINGS}webhooks/", HOOK)
    hook = Webhook.objects.get()
    assert hook.secret in text(made)
    assert hook.secret not in text(alices.get(f"{SETTINGS}webhooks/"))
    page = f"{SETTINGS}webhooks/{hook.public_id}/"
    tested = text(alices.post(f"{page}test/", follow=True))
    assert "A test is on its way" in tested
    assert Delivery.objects.get().event == "test"
    assert "<td>test</td>" in tested
    alices.post(page, {**HOOK, "event": ["unknown"]})
    hook.refresh_from_db()
    assert (hook.events, hook.active) == (["unknown"], False)
    assert "switched off" in text(alices.post(f"{page}test/"))
    assert "was deleted" in text(alices.post(f"{page}delete/", follow=True))
    assert not Webhook.objects.exists()
    refused = alices.post(f"{SETTINGS}webhooks/", {"url": "ftp://example.com", "event": ["match"]})
    assert refused.status_code == 400
    assert 'value="ftp://example.com"' in text(refused)


def test_the_bundle_comes_with_images_or_without(cat, alices):
    assert "1 category, " in text(alices.get(f"{SETTINGS}export/"))
    for query, images in (("", 1), ("?without=images", 0)):
        streamed = b"".join(alices.get(f"/g/pets/export/{query}").streaming_content)
        names = zipfile.ZipFile(BytesIO(streamed)).namelist()
        assert sum(name.startswith("images/") for name in names) == images


def test_only_its_name_deletes_a_gallery(cat, alices):
    refused = alices.post(f"{SETTINGS}delete/", {"name": "pets"})
    assert refused.status_code == 400
    assert "type its name, Pets" in text(refused)
    assert "Pets was deleted" in text(
        alices.post(f"{SETTINGS}delete/", {"name": "Pets"}, follow=True)
    )
    assert not Gallery.objects.exists()
