"""How many database queries a request makes is held in a committed baseline.

``ONESHOT_WRITE_QUERY_COUNTS=1 pytest tests/api/test_query_counts.py`` writes it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from recognition.models import Category, Delivery, EncoderChange, Event, Job, JobRow, Query, Webhook
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.categories.create_category import create_category
from recognition.services.evaluations.start_evaluation import start_evaluation
from recognition.services.feedback.give_feedback import Verdict, give_feedback
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.imports.start_import import start_import
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.record import record_event
from tests.api.builders import ARCHIVE
from tests.api.test_isolation import ROWS, WEBHOOK, address, encoded, things  # noqa: F401
from tests.photos import photo

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("query_counts.json")
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def program(alice) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_key(user=alice, name='x')[1]}")
    client.get("/api/v1/galleries/")
    return client


def queries_of(client: APIClient, name: str, method: str, url: str) -> int:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        answer = client.generic(method, url, *encoded(ROWS[name, method]))
        transaction.set_rollback(True)
    assert answer.status_code == ROWS[name, method].ok
    return sum(query["sql"].startswith(STATEMENTS) for query in captured)


def test_a_request_makes_the_queries_that_it_did(things, program):  # noqa: F811
    counts = {}
    for name, method in ROWS:
        url = address(name, things)
        if method == "POST":  # What a process keeps of a gallery is then there.
            queries_of(program, name, method, url)
        counts[f"{method} {name}"] = queries_of(program, name, method, url)
    if os.environ.get("ONESHOT_WRITE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")
    assert counts == json.loads(BASELINE.read_text()), __doc__


LISTS = sorted(name for name, method in ROWS if method == "GET" and name.endswith("s"))


def more_of_everything(gallery, user) -> None:
    first = Job.objects.get(kind=Job.Kind.IMPORT)
    for number in range(3):
        create_gallery(name=f"Gallery {number}", owner=user)
        slug = f"category-{number}"
        create_category(gallery=gallery, name=slug, slug=slug, prompts=["a", "b"])
        kept = enrol(gallery=gallery, category=slug, data=photo("coffee.png"))
        asked = identify(gallery=gallery, data=photo("coffee.png")).query
        give_feedback(gallery=gallery, query=asked, verdict=Verdict.IT_IS, category=slug)
        start_import(gallery=gallery, archive=ContentFile(ARCHIVE))
        JobRow.objects.create(job=first, number=number, path="x", reference=kept.reference)
        start_evaluation(gallery=gallery)
        ended = {"source": gallery.encoder, "target": gallery.encoder, "state": "cancelled"}
        EncoderChange.objects.create(gallery=gallery, **ended)
        create_webhook(gallery=gallery, **WEBHOOK)
        record_event(gallery, Event.MATCH, {})


def test_a_list_makes_no_more_queries_as_it_grows(things, program, gallery, alice):  # noqa: F811
    before = {name: queries_of(program, name, "GET", address(name, things)) for name in LISTS}
    more_of_everything(gallery, alice)
    after = {name: queries_of(program, name, "GET", address(name, things)) for name in LISTS}
    assert after == before
    assert Category.objects.count() == Query.objects.count() == Webhook.objects.count() == 4
    assert Delivery.objects.count() > 3
