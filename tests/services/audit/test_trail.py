"""Who did what is written down with what was done, and stays."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from recognition.core.errors import InvalidInput
from recognition.models import AuditEntry, Feedback, Role
from recognition.selectors.audit import audit_of
from recognition.selectors.categories import get_category
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.api_keys.revoke_key import revoke_key
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.galleries.set_member import set_member
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.imports.start_import import start_import
from recognition.services.recognition.identify import identify
from recognition.services.references.approve_references import approve_references
from recognition.services.references.enrol import enrol
from recognition.services.references.move_references import move_references
from recognition.services.references.reject_references import reject_references
from recognition.services.removal import remove_category, remove_gallery, remove_reference
from recognition.worker.take_turn import take_turn
from tests.archives.builders import zip_of
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db


def trail(gallery) -> list[tuple[str, str, str]]:
    """What was done, oldest first, but for the making of the gallery itself."""
    entries = list(audit_of(gallery))[::-1]
    return [(entry.deed, entry.kind, entry.subject) for entry in entries][1:]


def test_an_enrolment_is_written_down_with_who_and_how(gallery, bob):
    reference = enrol(
        gallery=gallery, category="cat", create=True, data=photo("chelsea.png"), user=bob
    ).reference
    assert trail(gallery) == [
        ("create", "category", "cat"),
        ("enrol", "reference", reference.public_id),
    ]
    entry = audit_of(gallery).first()
    assert (entry.actor, entry.user, entry.key) == ("bob", bob, "")
    assert entry.detail == {"category": "cat", "state": "approved"}


def test_what_comes_through_the_api_names_its_key_and_request(gallery, alice):
    key, secret = issue_key(user=alice, name="feeder")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_X_REQUEST_ID="a" * 32)
    given = {"category": "cat", "create": "true", "image": upload(photo("chelsea.png"))}
    client.post("/api/v1/galleries/pets/references/", given, format="multipart")
    entry = audit_of(gallery).first()
    assert (entry.actor, entry.key) == ("alice", f"feeder ({key.prefix})")
    assert entry.request == "a" * 32


def test_what_curators_do_with_references_is_written_down(gallery, bob):
    update_gallery(gallery=gallery, review_references=True)
    create_category(gallery=gallery, name="Cat")
    dog = create_category(gallery=gallery, name="Dog")
    one, other = (
        enrol(gallery=gallery, category="cat", data=photo(name), user=bob).reference
        for name in ("chelsea.png", "coffee.png")
    )
    before = len(trail(gallery))
    approve_references(gallery=gallery, references=[one])
    reject_references(gallery=gallery, references=[other])
    move_references(gallery=gallery, references=[one], category=dog)
    merge_categories(gallery=gallery, categories=[dog], into=get_category(gallery, "cat"))
    one.refresh_from_db()
    remove_reference(gallery=gallery, reference=one)
    update_category(gallery=gallery, category=get_category(gallery, "cat"), name="Cats")
    remove_category(gallery=gallery, category=get_category(gallery, "cat"))
    assert trail(gallery)[before:] == [
        ("approve", "gallery", "pets"),
        ("reject", "gallery", "pets"),
        ("move", "category", "dog"),
        ("merge", "category", "cat"),
        ("remove", "reference", one.public_id),
        ("change", "category", "cat"),
        ("remove", "category", "cat"),
    ]
    approved = audit_of(gallery).get(deed="approve")
    assert approved.detail == {"count": 1, "which": [one.public_id]}
    assert audit_of(gallery).get(deed="merge").detail == {"count": 1, "which": ["dog"]}


def test_who_was_let_in_and_what_was_changed_are_written_down(gallery, charlie, alice):
    set_member(gallery=gallery, username="charlie", role=Role.VIEWER)
    set_member(gallery=gallery, username="charlie", role=None)
    key, _ = issue_key(user=alice, name="door", galleries=[gallery])
    revoke_key(key=key)
    revoke_key(key=key)
    update_gallery(gallery=gallery, name="Animals", target_far=0.02)
    assert trail(gallery) == [
        ("let_in", "user", "charlie"),
        ("let_go", "user", "charlie"),
        ("create", "API key", key.prefix),
        ("revoke", "API key", key.prefix),
        ("change", "gallery", "pets"),
    ]
    assert audit_of(gallery).first().detail == {"name": "Animals", "target_far": 0.02}


def test_imports_exports_and_promotions_are_written_down(gallery, bob):
    job = start_import(
        gallery=gallery,
        archive=ContentFile(zip_of({"cat/1.png": photo("chelsea.png")})),
        create=True,
        user=bob,
    )
    take_turn(job.pk)
    query = identify(gallery=gallery, data=photo("coffee.png")).query
    give_feedback(
        gallery=gallery,
        query=query,
        verdict=Feedback.Verdict.IT_IS,
        category="cat",
        promote=True,
        user=bob,
    )
    export_gallery(gallery=gallery)
    assert [deed for deed, *_ in trail(gallery)] == [
        "start",
        "create",
        "finish",
        "promote",
        "export",
    ]
    finished = audit_of(gallery).get(deed="finish")
    assert (finished.actor, finished.detail["enrolled"]) == ("bob", 1)


def test_what_failed_was_not_done(gallery, alice):
    before = AuditEntry.objects.count()
    with pytest.raises(InvalidInput):
        set_member(gallery=gallery, username="alice", role=None)
    assert AuditEntry.objects.count() == before


def test_the_trail_outlives_its_gallery_and_is_not_that_of_the_next(gallery, alice):
    remove_gallery(gallery=gallery)
    entry = AuditEntry.objects.first()
    assert (entry.deed, entry.gallery, entry.gallery_slug) == ("remove", None, "pets")
    again = create_gallery(name="Pets", owner=alice)
    assert [entry.deed for entry in audit_of(again)] == ["create"]


def test_what_was_written_is_not_rewritten(gallery):
    entry = AuditEntry.objects.get()
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(actor="nobody"),
    ):
        with pytest.raises(TypeError):
            change()
