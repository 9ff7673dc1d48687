"""Every operation, for every kind of caller: nobody gets further than they may.

The rows are checked against the URL map, so that a new address without a row fails.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from rest_framework.test import APIClient

from recognition.api.urls import urlpatterns
from recognition.models import Category, EncoderChange, Gallery, Query, Reference
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.categories.create_category import create_category
from recognition.services.evaluations.start_evaluation import start_evaluation
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.imports.start_import import start_import
from recognition.services.negatives.add import add_negatives
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.webhooks.create_webhook import create_webhook
from tests.api.builders import ARCHIVE, BUNDLE
from tests.conftest import client_of
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db

OPEN, VIEWER, CURATOR, OWNER = range(4)
WEBHOOK = {"url": "https://example.com/hook", "events": ["match"]}
IMAGE = {"image": b64encode(photo("coffee.png")).decode()}


@dataclass(frozen=True)
class Row:
    """``role`` is the least that may do it; ``scope`` is what a key needs, None for any."""

    role: int
    ok: int = 200
    scope: str | None = None
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


ROWS: dict[tuple[str, str], Row] = {
    ("galleries", "GET"): Row(OPEN),
    ("galleries", "POST"): Row(OPEN, 201, "manage", {"name": "Birds"}),
    ("gallery", "GET"): Row(VIEWER),
    ("gallery", "PATCH"): Row(OWNER, 200, "manage", {"name": "Animals"}),
    ("gallery", "DELETE"): Row(OWNER, 204, "manage"),
    ("categories", "GET"): Row(VIEWER),
    ("categories", "POST"): Row(CURATOR, 201, "enrol", {"name": "Dog"}),
    ("category", "GET"): Row(VIEWER),
    ("category", "PATCH"): Row(CURATOR, 200, "enrol", {"name": "Cats"}),
    ("category", "DELETE"): Row(CURATOR, 204, "enrol"),
    ("merges", "POST"): Row(CURATOR, 200, "enrol", {"categories": ["cat"], "into": "cat"}),
    ("references", "GET"): Row(VIEWER),
    ("references", "POST"): Row(CURATOR, 201, "enrol", {"category": "cat", **IMAGE}),
    ("reference", "GET"): Row(VIEWER),
    ("reference", "DELETE"): Row(CURATOR, 204, "enrol"),
    ("reference-approve", "POST"): Row(OWNER, 200, "manage"),
    ("reference-reject", "POST"): Row(OWNER, 409, "manage"),
    ("negatives", "GET"): Row(CURATOR, 200, "enrol"),
    ("negatives", "POST"): Row(CURATOR, 201, "enrol", {**IMAGE, "force": True}),
    ("negatives", "DELETE"): Row(CURATOR, 204, "enrol"),
    ("negative", "DELETE"): Row(CURATOR, 204, "enrol"),
    ("identify", "POST"): Row(VIEWER, 200, "identify", IMAGE),
    ("verify", "POST"): Row(VIEWER, 200, "identify", {"category": "cat", **IMAGE}),
    ("search", "POST"): Row(VIEWER, 200, "identify", {"text": "a cat"}),
    ("queries", "GET"): Row(VIEWER),
    ("query", "GET"): Row(VIEWER),
    ("feedback", "POST"): Row(CURATOR, 200, "enrol", {"verdict": "unknown"}),
    ("imports", "POST"): Row(CURATOR, 202, "enrol", files={"archive": ARCHIVE}),
    ("jobs", "GET"): Row(VIEWER),
    ("job", "GET"): Row(VIEWER),
    ("job-rows", "GET"): Row(VIEWER),
    ("job-cancel", "POST"): Row(CURATOR, 200, "enrol"),
    ("job-confirm", "POST"): Row(CURATOR, 409, "enrol", {}),
    ("job-undo", "POST"): Row(CURATOR, 409, "enrol"),
    ("evaluations", "GET"): Row(VIEWER),
    ("evaluations", "POST"): Row(CURATOR, 202, "enrol"),
    ("evaluation", "GET"): Row(VIEWER),
    ("audit", "GET"): Row(OWNER, 200, "manage"),
    ("quotas", "GET"): Row(OWNER, 200, "manage"),
    ("export", "GET"): Row(CURATOR, 200, "manage"),
    ("gallery-import", "POST"): Row(OPEN, 201, "manage", files={"bundle": BUNDLE}),
    ("webhooks", "GET"): Row(OWNER, 200, "manage"),
    ("webhooks", "POST"): Row(OWNER, 201, "manage", WEBHOOK),
    ("webhook", "GET"): Row(OWNER, 200, "manage"),
    ("webhook", "PATCH"): Row(OWNER, 200, "manage", {"active": False}),
    ("webhook", "DELETE"): Row(OWNER, 204, "manage"),
    ("deliveries", "GET"): Row(OWNER, 200, "manage"),
    ("webhook-test", "POST"): Row(OWNER, 202, "manage"),
    ("encoder-changes", "GET"): Row(OWNER, 200, "manage"),
    ("encoder-changes", "POST"): Row(OWNER, 409, "manage", {"encoder": "bundled"}),
    ("encoder-change", "GET"): Row(OWNER, 200, "manage"),
    ("encoder-change-switch", "POST"): Row(OWNER, 409, "manage"),
    ("encoder-change-roll-back", "POST"): Row(OWNER, 409, "manage"),
    ("encoder-change-finish", "POST"): Row(OWNER, 409, "manage"),
    ("encoder-change-cancel", "POST"): Row(OWNER, 200, "manage"),
    ("classify", "POST"): Row(OPEN, 200, "identify", {**IMAGE, "labels": ["a cat"]}),
    ("embed", "POST"): Row(OPEN, 200, "identify", {"text": "a cat"}),
}
WITHOUT_ROWS = {"schema", "docs", "nowhere"}
ROLES = {"stranger": OPEN, "viewer": VIEWER, "curator": CURATOR, "owner": OWNER, "staff": OWNER}
SCOPES = ["identify", "enrol", "manage"]
CALLERS = [
    "anonymous",
    *ROLES,
    *(f"key to {scope}" for scope in SCOPES),
    "key to another gallery",
    "revoked key",
    "expired key",
]


def expected(row: Row, caller: str) -> int:
    if caller in {"anonymous", "revoked key", "expired key"}:
        return 401
    if caller == "key to another gallery":
        if row.role > OPEN:
            return 404
        return 403 if row.scope == "manage" else row.ok
    if caller.startswith("key to "):
        return row.ok if row.scope in {None, caller.removeprefix("key to ")} else 403
    role = ROLES[caller]
    if row.role > OPEN and role == OPEN:
        return 404
    return row.ok if role >= row.role else 403


@pytest.fixture
def things(gallery: Gallery) -> dict[str, str]:
    """One of everything, by the names that addresses have for them."""
    create_category(gallery=gallery, name="Cat", slug="cat")
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"))
    identify(gallery=gallery, data=photo("chelsea.png"))
    job = start_import(gallery=gallery, archive=ContentFile(ARCHIVE))
    webhook = create_webhook(gallery=gallery, **WEBHOOK)
    [negative] = add_negatives(
        gallery=gallery, files=[ContentFile(photo("rocket.jpg"), name="rocket.jpg")]
    ).kept
    change = EncoderChange.objects.create(
        gallery=gallery, source=gallery.encoder, target=gallery.encoder
    )
    return {
        "gallery": gallery.slug,
        "category": Category.objects.get().slug,
        "reference": Reference.objects.get().public_id,
        "negative": negative.negative.public_id,
        "query": Query.objects.get().public_id,
        "job": job.public_id,
        "evaluation": start_evaluation(gallery=gallery).public_id,
        "webhook": webhook.public_id,
        "change": change.public_id,
    }


@pytest.fixture
def client_for(alice, bob, victor, charlie, gallery):
    def bearer(**options: Any) -> APIClient:
        key, secret = issue_key(user=alice, name="test", **options)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    def revoked() -> APIClient:
        client = bearer()
        alice.api_keys.update(revoked=True)
        return client

    people = {"anonymous": None, "stranger": charlie, "viewer": victor, "curator": bob}

    def make(caller: str) -> APIClient:
        if caller in people:
            return client_of(people[caller])
        if caller == "owner":
            return client_of(alice)
        if caller == "staff":
            return client_of(User.objects.create_user("sam", is_staff=True))
        if caller == "revoked key":
            return revoked()
        if caller == "expired key":
            return bearer(expires_at=timezone.now() - timedelta(seconds=1))
        if caller == "key to another gallery":
            return bearer(galleries=[create_gallery(name="Other", owner=alice)])
        return bearer(scopes=[caller.removeprefix("key to ")])

    return make


def address(name: str, things: dict[str, str]) -> str:
    route = next(str(each.pattern) for each in urlpatterns if each.name == name)
    for thing, value in things.items():
        route = re.sub(rf"<\w+:{thing}>", value, route)
    return f"/api/v1/{route}"


def test_every_operation_has_a_row():
    operations = {
        (pattern.name, method.upper())
        for pattern in urlpatterns
        if pattern.name not in WITHOUT_ROWS
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.view_class, method)
    }
    assert operations == set(ROWS)


@pytest.mark.parametrize("caller", CALLERS)
def test_a_caller_gets_as_far_as_they_may(caller, things, client_for):
    client = client_for(caller)
    wrong = {}
    for (name, method), row in ROWS.items():
        url = address(name, things)
        with transaction.atomic():
            answer = client.generic(method, url, *encoded(row), HTTP_ACCEPT="application/json")
            transaction.set_rollback(True)
        if answer.status_code != expected(row, caller):
            wrong[name, method] = answer.status_code, expected(row, caller)
    assert not wrong


def encoded(row: Row) -> tuple[str | bytes, str]:
    if row.files:
        files = {name: upload(content) for name, content in row.files.items()}
        return encode_multipart(BOUNDARY, files), MULTIPART_CONTENT
    return json.dumps(row.body), "application/json"
