"""A verification leaves a trace: who claimed what, the photo, the verdict and its score."""

from __future__ import annotations

import json

import pytest

from recognition.models import AuditAction, AuditEntry, Delivery, Event, Query, QueryKind
from recognition.selectors.past_answers import activity, past_answers
from recognition.selectors.review import queries_shown, waiting_queries
from recognition.services.recognition.verify import verify
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_category
from recognition.services.storage.erase_names import erase_names
from recognition.services.webhooks.create_webhook import create_webhook
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def cat(gallery):
    return enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True).reference


def test_a_verification_is_kept_as_a_query_with_its_claim(cat, gallery, bob):
    true = verify(gallery=gallery, category="cat", data=another_view("chelsea.png"), user=bob)
    false = verify(gallery=gallery, category="cat", data=photo("rocket.jpg"), user=bob)
    yes, no = Query.objects.order_by("id")
    assert [each.public_id for each in (yes, no)] == [true["query"], false["query"]]
    assert {each.kind for each in (yes, no)} == {QueryKind.VERIFICATION}
    assert {each.claim for each in (yes, no)} == {cat.category} and yes.created_by == bob
    assert (yes.outcome, yes.category) == ("match", cat.category) and no.category is None
    assert yes.answer["accepted"] and not no.answer["accepted"]
    assert yes.answer["candidates"][0]["score"] == true["score"]
    assert yes.image and no.image


def test_it_is_in_the_log_and_told_to_webhooks(cat, gallery, bob):
    create_webhook(gallery=gallery, url="https://example.org/", events=[Event.VERIFIED], user=bob)
    answer = verify(gallery=gallery, category="cat", data=another_view("chelsea.png"), user=bob)
    entry = AuditEntry.objects.get(deed=AuditAction.VERIFY)
    assert (entry.actor, entry.subject) == ("bob", answer["query"])
    assert entry.detail["category"] == "cat" and entry.detail["accepted"] is True
    told = json.loads(Delivery.objects.get().body)
    assert (told["type"], told["data"]["query"]) == ("verification", answer["query"])


def test_it_counts_in_the_activity_and_among_no_identifications(cat, gallery):
    verify(gallery=gallery, category="cat", data=photo("rocket.jpg"))
    today = activity(gallery)[-1]
    assert (today.verified, today.match, today.unknown) == (1, 0, 0)
    assert past_answers(gallery)[0] == []
    assert not waiting_queries(gallery).exists()
    assert queries_shown(gallery, "verified").count() == 1
    assert not queries_shown(gallery, "unknown").exists()


def test_a_camera_that_looks_on_leaves_none(cat, gallery):
    answer = verify(gallery=gallery, category="cat", data=photo("rocket.jpg"), keep=False)
    assert answer["query"] is None
    assert not Query.objects.exists() and not AuditEntry.objects.filter(deed="verify").exists()


def test_a_gallery_that_keeps_no_photos_keeps_the_verdict(cat, gallery):
    gallery.query_images = False
    gallery.save()
    verify(gallery=gallery, category="cat", data=photo("chelsea.png"))
    assert not Query.objects.get().image


def test_what_was_claimed_is_erased_with_its_category(cat, gallery):
    verify(gallery=gallery, category="cat", data=another_view("chelsea.png"))
    remove_category(gallery=gallery, category=cat.category)
    erase_names()
    kept = Query.objects.get()
    assert kept.claim is None and kept.answer["candidates"] == []
    assert "cat" not in json.dumps(kept.answer).replace("category", "").replace("candidates", "")
