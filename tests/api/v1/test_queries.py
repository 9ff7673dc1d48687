from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from recognition.models import Reference
from recognition.services.feedback import give_feedback
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


@pytest.fixture
def cat(gallery, as_alice) -> None:
    given = {"category": "cat", "image": upload(photo("chelsea.png")), "create": "true"}
    assert as_alice.post(f"{URL}references/", given, format="multipart").status_code == 201


def identify(client, data: bytes):
    answer = client.post(f"{URL}identify/", {"image": upload(data)}, format="multipart")
    assert answer.status_code == 200
    return answer.json()


def feedback(client, query: str, **given):
    return client.post(f"{URL}queries/{query}/feedback/", given)


def test_the_history_keeps_each_answer_as_it_was_given(cat, as_alice):
    answers = [
        identify(as_alice, another_view("chelsea.png")),
        identify(as_alice, photo("rocket.jpg")),
    ]
    kept = as_alice.get(f"{URL}queries/").json()["results"]
    assert [row["answer"] for row in kept] == answers[::-1]
    assert [row["decision"] for row in kept] == ["unknown", "match"]
    assert as_alice.get(f"{URL}queries/{kept[0]['id']}/").json() == kept[0]


def test_a_right_answer_is_confirmed(cat, as_alice):
    query = identify(as_alice, another_view("chelsea.png"))["query"]
    said = feedback(as_alice, query, verdict="right").json()
    assert (said["verdict"], said["category"], said["reference"]) == ("right", "cat", None)
    assert as_alice.get(f"{URL}queries/{query}/").json()["feedback"] == said


def test_an_unknown_thing_becomes_a_category_and_is_recognised_next_time(cat, as_alice):
    query = identify(as_alice, photo("rocket.jpg"))["query"]
    said = feedback(
        as_alice, query, verdict="it_is", category="rocket", promote=True, create=True
    ).json()
    assert said["category"] == "rocket"
    answer = identify(as_alice, another_view("rocket.jpg"))
    assert answer["candidates"][0]["category"] == "rocket"
    assert answer["candidates"][0]["evidence"]["id"] == said["reference"]


def test_a_query_is_promoted_once(cat, as_alice):
    query = identify(as_alice, another_view("chelsea.png"))["query"]
    first, second = (feedback(as_alice, query, verdict="right", promote=True) for _ in range(2))
    assert first.json()["reference"] == second.json()["reference"]
    assert Reference.objects.count() == 2


def test_what_was_promoted_may_be_called_right_whatever_was_answered(cat, as_alice):
    query = identify(as_alice, photo("rocket.jpg"))["query"]
    given = {"verdict": "it_is", "category": "rocket", "create": True, "promote": True}
    first = feedback(as_alice, query, **given).json()
    again = feedback(as_alice, query, verdict="right", promote=True).json()
    assert (again["category"], again["reference"]) == ("rocket", first["reference"])


def test_two_who_promote_it_at_once_make_one_reference(cat, as_alice, monkeypatch):
    query = identify(as_alice, another_view("chelsea.png"))["query"]
    real = give_feedback.lock_gallery

    def overtaken(gallery):
        monkeypatch.setattr(give_feedback, "lock_gallery", real)
        faster.append(feedback(as_alice, query, verdict="right", promote=True).json())
        return real(gallery)

    faster: list[dict] = []
    monkeypatch.setattr(give_feedback, "lock_gallery", overtaken)
    slower = feedback(as_alice, query, verdict="right", promote=True).json()
    assert [each["reference"] for each in faster] == [slower["reference"]]
    assert Reference.objects.count() == 2


def test_a_promotion_that_fails_leaves_no_reference(cat, as_alice, monkeypatch):
    query = identify(as_alice, another_view("chelsea.png"))["query"]
    folder = f"galleries/{Reference.objects.get().gallery_id}/references"
    files = default_storage.listdir(folder)

    def fails(_gallery):
        raise RuntimeError("the process ends here")

    monkeypatch.setattr(give_feedback, "count_feedback", fails)
    assert feedback(as_alice, query, verdict="right", promote=True).status_code == 500
    assert Reference.objects.count() == 1
    assert default_storage.listdir(folder) == files


def test_a_later_word_replaces_an_earlier_one(cat, as_alice):
    query = identify(as_alice, another_view("chelsea.png"))["query"]
    feedback(as_alice, query, verdict="right")
    assert feedback(as_alice, query, verdict="not_this").json()["category"] == "cat"
    assert as_alice.get(f"{URL}queries/{query}/").json()["feedback"]["verdict"] == "not_this"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"verdict": "maybe"}, 400, "invalid_input"),
        ({"verdict": "it_is"}, 400, "invalid_input"),
        ({"verdict": "not_this"}, 400, "invalid_input"),
        ({"verdict": "right", "promote": True}, 400, "invalid_input"),
        ({"verdict": "unknown", "promote": True}, 400, "invalid_input"),
        ({"verdict": "it_is", "category": "dog"}, 404, "category_not_found"),
    ],
)
def test_feedback_that_makes_no_sense_is_refused(given, status, code, cat, as_alice):
    query = identify(as_alice, photo("rocket.jpg"))["query"]
    refused = feedback(as_alice, query, **given)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert as_alice.get(f"{URL}queries/{query}/").json()["feedback"] is None


def test_a_viewer_reads_the_history_and_gives_no_feedback(cat, as_alice, as_victor):
    query = identify(as_alice, photo("rocket.jpg"))["query"]
    assert as_victor.get(f"{URL}queries/{query}/").status_code == 200
    assert feedback(as_victor, query, verdict="unknown").status_code == 403


def test_queries_of_somebody_elses_gallery_look_as_if_they_were_not_there(
    cat, as_alice, as_charlie
):
    query = identify(as_alice, photo("rocket.jpg"))["query"]
    assert as_charlie.get(f"{URL}queries/{query}/").json()["code"] == "gallery_not_found"
    missing = as_alice.get(f"{URL}queries/q_none/")
    assert (missing.status_code, missing.json()["code"]) == (404, "query_not_found")
