"""What a removed category was called is in no byte of what is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from recognition.models import AuditEntry, Delivery, Erasure, IdempotentRequest, Query
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_category
from recognition.services.storage.erase_names import ERASED, erase_names
from recognition.services.webhooks.create_webhook import create_webhook
from tests.conftest import client_of
from tests.photos import another_view, photo, upload

ROOT = Path(__file__).resolve().parents[2]
NAME, SLUG, ID, PROMPT = "Zebulon Quirk", "zebulon-quirk", "zq-4711", "a photo of Zebulon's cat"


@pytest.fixture
def answered(gallery, alice) -> Query:
    """A query that the category, with its name changed since, matched."""
    category = create_category(
        gallery=gallery, name="Zebulon", slug=SLUG, external_id=ID, prompts=[PROMPT]
    )
    update_category(gallery=gallery, category=category, name=NAME)
    create_category(gallery=gallery, name="Coffee", prompts=["a cup of coffee"])
    create_webhook(gallery=gallery, url="https://example.org/", events=["match", "unknown"])
    enrol(gallery=gallery, category=SLUG, data=photo("chelsea.png"), user=alice)
    client_of(alice).post(
        "/api/v1/galleries/pets/identify/",
        {"image": upload(another_view("chelsea.png"))},
        format="multipart",
        headers={"Idempotency-Key": "k"},
    )
    query = Query.objects.get()
    assert query.answer["category"] == SLUG
    return query


def kept() -> str:
    return json.dumps(
        [
            list(Query.objects.values_list("answer", flat=True)),
            list(Delivery.objects.values_list("body", flat=True)),
            list(IdempotentRequest.objects.values_list("answer", flat=True)),
            list(AuditEntry.objects.values_list("subject", "name", "detail")),
            list(Erasure.objects.values_list("slug", "texts")),
        ]
    )


@pytest.mark.django_db
def test_a_removed_categorys_names_leave_what_is_kept(gallery, alice, answered):
    assert all(each in kept() for each in (NAME, SLUG))
    remove_category(gallery=gallery, category=answered.category)
    assert erase_names() > 0
    assert [each for each in (NAME, SLUG, ID, PROMPT) if each in kept()] == []
    assert not Erasure.objects.exists()

    answered.refresh_from_db()
    assert (answered.answer["category"], answered.answer["decision"]) == (None, "match")
    assert [each["category"] for each in answered.answer["candidates"]] == ["coffee"]
    assert ERASED in AuditEntry.objects.values_list("subject", flat=True)
    client = client_of(alice)
    assert client.get(f"/api/v1/galleries/pets/queries/{answered.public_id}/").status_code == 200
    for page in ("query", "queries", "insights", "review", "audit"):
        more = [answered.public_id] if page == "query" else []
        assert client.get(reverse(f"dashboard:{page}", args=["pets", *more])).status_code == 200


@pytest.mark.django_db
def test_what_another_category_is_called_stays(gallery, alice, answered):
    coffee = gallery.categories.get(slug="coffee")
    remove_category(gallery=gallery, category=coffee)
    erase_names()
    answered.refresh_from_db()
    assert answered.answer["category"] == SLUG
    assert [each["name"] for each in answered.answer["candidates"]] == [NAME]
    assert NAME in kept()


@pytest.mark.django_db
def test_many_queries_are_gone_through_in_several_sweeps(gallery, answered, monkeypatch):
    from recognition.services.storage import erase_names as erasing

    for _ in range(3):
        identify(gallery=gallery, data=another_view("chelsea.png"))
    remove_category(gallery=gallery, category=answered.category)
    monkeypatch.setattr(erasing, "CHUNK", 1)
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    erase_names()
    assert Erasure.objects.get().position > 0
    for _ in range(2):
        erase_names()
    assert not Erasure.objects.exists()
    assert SLUG not in kept()


BYTES = f"""
from django.contrib.auth.models import User
from django.conf import settings
from recognition.models import Query
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.categories.create_category import create_category
from recognition.services.removal import remove_category
from recognition.worker.tasks import sweep

user = User.objects.create_user("alice")
gallery = create_gallery(name="Pets", owner=user)
for number in range(40):
    name, slug = f"{NAME} {{number}}", f"{SLUG}-{{number}}"
    category = create_category(gallery=gallery, name=name, slug=slug)
    candidate = {{"category": slug, "name": name, "x": "y" * 3000}}
    answer = {{"category": slug, "plausible": [slug], "candidates": [candidate]}}
    Query.objects.create(
        gallery=gallery, encoder=gallery.encoder, outcome="match", category=category,
        generation=1, answer=answer, data=b"",
    )
    remove_category(gallery=gallery, category=category)
sweep()
files = [file for file in settings.DATA_DIR.rglob("*") if file.is_file()]
files = [file for file in files if not file.name.endswith("-shm")]
marks = (b"{NAME}", b"{SLUG}")
found = [file.name for file in files for mark in marks if mark in file.read_bytes()]
print(f"files: {{len(files) > 1}}, found: {{found}}")
"""


def test_it_is_in_no_byte_of_the_data_folder(tmp_path, models_dir):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "ONESHOT_DATA_DIR": str(tmp_path / "data"),
        "ONESHOT_MODELS_DIR": str(models_dir),
        "ONESHOT_ENCODER": "bundled",
    }
    for arguments in (("migrate", "-v0"), ("shell", "-v0", "-c", BYTES)):
        command = [sys.executable, "manage.py", *arguments]
        told = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
    assert told.strip().endswith("files: True, found: []")
