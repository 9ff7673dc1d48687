"""What one caller was told is not told to another, and a secret is told once."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from recognition.models import Gallery, IdempotentRequest, Webhook
from recognition.services.api_keys.issue_key import issue_key

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/galleries/pets/webhooks/"
HOOK = {"url": "https://example.org/", "events": ["match"]}


def client_with_key(user, **options) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_key(user=user, name='x', **options)[1]}")
    return client


def test_a_secret_is_not_kept_to_be_replayed(gallery, as_alice):
    first = as_alice.post(HOOKS, HOOK, headers={"Idempotency-Key": "k"})
    secret = Webhook.objects.get().secret
    assert first.data["secret"] == secret
    again = as_alice.post(HOOKS, HOOK, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.data == {**first.data, "secret": ""}
    assert secret not in str(IdempotentRequest.objects.values())


def test_each_key_has_idempotency_keys_of_its_own(gallery, alice, as_alice):
    unbound, bound = client_with_key(alice), client_with_key(alice, galleries=[gallery])
    made = unbound.post("/api/v1/galleries/", {"name": "x"}, headers={"Idempotency-Key": "k"})
    assert made.status_code == 201
    refused = bound.post("/api/v1/galleries/", {"name": "x"}, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.data["code"]) == (403, "permission_denied")
    other = as_alice.post("/api/v1/galleries/", {"name": "x"}, headers={"Idempotency-Key": "k"})
    assert other.data["slug"] == "x-2"
    again = unbound.post("/api/v1/galleries/", {"name": "x"}, headers={"Idempotency-Key": "k"})
    assert again.data == made.data
    assert Gallery.objects.count() == 3
