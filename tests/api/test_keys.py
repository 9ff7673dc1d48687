from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from recognition.models import ApiKey
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.galleries.create_gallery import create_gallery

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/"


def bearer(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_a_key_acts_as_its_user(gallery, alice):
    _, secret = issue_key(user=alice, name="door")
    assert len(bearer(secret).get(URL).json()["results"]) == 1


def test_a_secret_is_kept_only_as_a_hash(alice):
    key, secret = issue_key(user=alice, name="door")
    kept = ApiKey.objects.values().get(pk=key.pk)
    assert not any(secret.partition(".")[2] in str(value) for value in kept.values())


def refused_keys(alice):
    key, revoked = issue_key(user=alice, name="revoked")
    key.revoked = True
    key.save()
    _, expired = issue_key(
        user=alice, name="expired", expires_at=timezone.now() - timedelta(minutes=1)
    )
    return {"revoked": revoked, "expired": expired, "unknown": "abc.def", "blank": ""}


@pytest.mark.parametrize("which", ["revoked", "expired", "unknown", "blank"])
def test_a_key_that_is_not_valid_is_refused(which, alice):
    answer = bearer(refused_keys(alice)[which]).get(URL)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_key")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_of_a_user_who_has_left_is_refused(alice):
    _, secret = issue_key(user=alice, name="door")
    alice.is_active = False
    alice.save()
    assert bearer(secret).get(URL).status_code == 401


def test_a_key_bound_to_a_deleted_gallery_reaches_no_other(gallery, alice):
    gone = create_gallery(name="Gone", owner=alice)
    _, secret = issue_key(user=alice, name="door", galleries=[gone])
    gone.delete()
    answer = bearer(secret).get(URL)
    assert (answer.status_code, answer.json()["results"]) == (200, [])
    assert bearer(secret).get(f"{URL}{gallery.slug}/").status_code == 404
