"""Photos of things that are not in a gallery, through the API."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.core.files.storage import default_storage

from recognition.models import Negative
from recognition.services.references.enrol import enrol
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/negatives/"
OTHERS = ("rocket.jpg", "coins.png", "moon.png")


def drop(client, photos: dict[str, bytes], **fields):
    files = [upload(data, name) for name, data in photos.items()]
    return client.post(URL, {"image": files, **fields}, format="multipart")


def others() -> dict[str, bytes]:
    return {name: photo(name) for name in OTHERS}


def test_several_are_given_in_one_call_and_each_file_is_told(gallery, as_alice):
    answer = drop(as_alice, {**others(), "notes.txt": b"words"})
    assert answer.status_code == 201
    told = answer.json()
    assert [each["file"] for each in told["kept"]] == list(OTHERS)
    assert [(each["file"], each["code"]) for each in told["refused"]] == [
        ("notes.txt", "image_unsupported")
    ]
    listed = as_alice.get(URL, {"page_size": 2}).json()
    assert [each["id"] for each in listed["results"]] == [each["id"] for each in told["kept"][:2]]
    assert listed["next"]


def test_where_none_is_kept_nothing_was_made(gallery, as_alice):
    assert drop(as_alice, others()).status_code == 201
    again = drop(as_alice, others())
    assert again.status_code == 200
    assert {each["code"] for each in again.json()["refused"]} == {"duplicate"}
    assert Negative.objects.count() == 3


def test_what_looks_like_something_enrolled_is_asked_about(gallery, as_alice):
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    enrol(gallery=gallery, category="cup", data=photo("coffee.png"), create=True)
    look = {"visitor.jpg": photo("chelsea.png")}
    doubtful = drop(as_alice, look).json()["doubtful"]
    assert doubtful == [{"file": "visitor.jpg", "category": "cat", "name": "cat"}]
    assert [each["file"] for each in drop(as_alice, look, force="true").json()["kept"]] == [
        "visitor.jpg"
    ]


def test_they_come_as_base64_and_as_the_body_too(gallery, as_alice):
    listed = as_alice.post(URL, {"image": [b64encode(photo(name)).decode() for name in OTHERS[:2]]})
    assert [each["file"] for each in listed.json()["kept"]] == ["image 1", "image 2"]
    body = as_alice.generic("POST", URL, photo(OTHERS[2]), content_type="image/png")
    assert (body.status_code, Negative.objects.count()) == (201, 3)


@pytest.mark.parametrize("body", [{}, {"image": []}, {"image": "http://127.0.0.1/cat.jpg"}])
def test_no_photo_is_refused(body, gallery, as_alice):
    refused = as_alice.post(URL, body)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")


def test_too_many_are_refused_before_any_is_looked_at(gallery, as_alice):
    refused = as_alice.post(URL, {"image": [b64encode(b"x").decode()] * 101})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")
    assert "100" in refused.json()["detail"]


def test_one_is_removed_and_then_all(gallery, as_alice, django_capture_on_commit_callbacks):
    first, *_ = drop(as_alice, others()).json()["kept"]
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.delete(f"{URL}{first['id']}/").status_code == 204
    assert as_alice.delete(f"{URL}{first['id']}/").json()["code"] == "negative_not_found"
    assert Negative.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.delete(URL).status_code == 204
    assert as_alice.get(URL).json()["results"] == []
    assert default_storage.listdir(f"galleries/{gallery.pk}/negatives") == ([], [])


def test_the_same_request_again_gets_the_first_answer(gallery, as_alice):
    files = {"image": [upload(photo("rocket.jpg"), "rocket.jpg")]}
    first = as_alice.post(URL, files, format="multipart", headers={"Idempotency-Key": "k"})
    files = {"image": [upload(photo("rocket.jpg"), "rocket.jpg")]}
    again = as_alice.post(URL, files, format="multipart", headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
