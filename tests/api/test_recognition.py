"""Enrol one photo, then recognise another of the same thing."""

from __future__ import annotations

from base64 import b64encode

import pytest

from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


def enrol(client, category: str, data: bytes, **more):
    given = {"category": category, "image": upload(data), "create": "true", **more}
    return client.post(f"{URL}references/", given, format="multipart")


def identify(client, data: bytes, **more):
    return client.post(f"{URL}identify/", {"image": upload(data), **more}, format="multipart")


@pytest.fixture
def two_categories(gallery, as_alice):
    assert enrol(as_alice, "cat", photo("chelsea.png")).status_code == 201
    assert enrol(as_alice, "coffee", photo("coffee.png")).status_code == 201


def test_one_photo_is_enough(two_categories, as_alice):
    answer = identify(as_alice, another_view("chelsea.png")).json()
    assert (answer["decision"], answer["category"]) == ("match", "cat")
    best = answer["candidates"][0]
    assert best["evidence"]["kind"] == "reference"
    assert best["evidence"]["id"].startswith("r_")
    assert best["score"] >= answer["threshold"]["score"]
    assert answer["encoder"]["name"] == "bundled"
    assert answer["generation"] == 2
    assert set(answer["timings_ms"]) == {"decode", "encode", "search", "match"}


def test_a_thing_never_enrolled_is_unknown(two_categories, as_alice):
    answer = identify(as_alice, photo("rocket.jpg")).json()
    assert answer["decision"] == "unknown"
    assert answer["category"] is None
    assert answer["candidates"]


def test_an_empty_gallery_knows_nothing(gallery, as_alice):
    answer = identify(as_alice, photo("rocket.jpg")).json()
    assert (answer["decision"], answer["candidates"]) == ("unknown", [])


def test_the_identification_after_an_enrolment_sees_it(two_categories, as_alice):
    assert identify(as_alice, another_view("rocket.jpg")).json()["decision"] == "unknown"
    enrolled = enrol(as_alice, "rocket", photo("rocket.jpg")).json()
    answer = identify(as_alice, another_view("rocket.jpg")).json()
    assert answer["category"] == "rocket"
    assert answer["candidates"][0]["evidence"]["id"] == enrolled["id"]
    assert answer["generation"] >= enrolled["generation"]


def test_several_images_of_one_thing_get_one_answer(two_categories, as_alice):
    blurred = another_view("chelsea.png")
    looks = [upload(blurred), upload(photo("chelsea.png"))]
    answer = as_alice.post(f"{URL}identify/", {"image": looks}, format="multipart").json()
    single = identify(as_alice, blurred).json()
    assert (answer["decision"], answer["category"]) == ("match", "cat")
    assert answer["candidates"][0]["score"] > single["candidates"][0]["score"]
    assert answer["burst"][0] == answer["query"] and "burst" not in single
    kept = [as_alice.get(f"{URL}queries/{each}/").json() for each in answer["burst"]]
    assert [each["id"] for each in kept] == answer["burst"]
    assert {each["category"] for each in kept} == {"cat"}
    in_json = {"image": [b64encode(look).decode() for look in (blurred, photo("chelsea.png"))]}
    again = as_alice.post(f"{URL}identify/", in_json, format="json").json()
    assert again["candidates"] == answer["candidates"]


def test_a_burst_is_bounded_and_whole_or_nothing(two_categories, as_alice):
    for looks, code in (
        ([b"not an image"], "image_unsupported"),
        ([photo("coffee.png")] * 16, "invalid"),
    ):
        images = [upload(photo("chelsea.png")), *map(upload, looks)]
        refused = as_alice.post(f"{URL}identify/", {"image": images}, format="multipart")
        assert refused.status_code in {400, 415, 422}
        assert refused.json()["code"].startswith(code)
    assert not as_alice.get(f"{URL}queries/").json()["results"]


def test_a_removed_reference_is_never_returned(two_categories, as_alice):
    enrolled = enrol(as_alice, "rocket", photo("rocket.jpg")).json()
    assert as_alice.delete(f"{URL}references/{enrolled['id']}/").status_code == 204
    answer = identify(as_alice, photo("rocket.jpg")).json()
    assert "rocket" not in {candidate["category"] for candidate in answer["candidates"]}


def test_a_removed_category_is_never_returned(two_categories, as_alice):
    assert as_alice.delete(f"{URL}categories/cat/").status_code == 204
    answer = identify(as_alice, photo("chelsea.png")).json()
    assert {candidate["category"] for candidate in answer["candidates"]} == {"coffee"}


def test_a_description_is_enough(two_categories, as_alice):
    described = {"name": "Tripod", "prompts": ["a camera on a tripod"]}
    assert as_alice.post(f"{URL}categories/", described).status_code == 201
    answer = identify(as_alice, photo("camera.png")).json()
    assert (answer["decision"], answer["category"]) == ("match", "tripod")
    evidence = answer["candidates"][0]["evidence"]
    assert (evidence["kind"], evidence["text"]) == ("prompt", "a camera on a tripod")


def test_a_viewer_identifies_and_cannot_enrol(two_categories, as_victor):
    assert identify(as_victor, another_view("chelsea.png")).json()["category"] == "cat"
    refused = enrol(as_victor, "cat", photo("chelsea.png"))
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_an_answer_is_explained_on_request(two_categories, as_alice):
    plain = identify(as_alice, another_view("chelsea.png")).json()
    explained = identify(as_alice, another_view("chelsea.png"), explain="true").json()
    assert "explanation" not in plain
    assert explained["explanation"].startswith("The nearest is cat, by one reference")
    assert "ahead of coffee" in explained["explanation"]
    assert "false-accept rate of 10.00%" in explained["explanation"]


def test_top_k_limits_the_candidates(two_categories, as_alice):
    answer = identify(as_alice, photo("chelsea.png"), top_k=1).json()
    assert len(answer["candidates"]) == 1


@pytest.mark.parametrize("top_k", ["0", "101", "many"])
def test_a_top_k_out_of_range_is_refused(top_k, gallery, as_alice):
    answer = identify(as_alice, photo("chelsea.png"), top_k=top_k)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["errors"][0]["field"] == "top_k"


def test_the_image_may_be_the_body(two_categories, as_alice):
    answer = as_alice.post(
        f"{URL}identify/?top_k=1", another_view("chelsea.png"), content_type="image/jpeg"
    )
    assert answer.json()["category"] == "cat"
    assert len(answer.json()["candidates"]) == 1


def test_the_image_may_be_base64(two_categories, as_alice):
    encoded = b64encode(another_view("chelsea.png")).decode()
    for image in (encoded, f"data:image/jpeg;base64,{encoded}"):
        assert as_alice.post(f"{URL}identify/", {"image": image}).json()["category"] == "cat"


def test_the_same_file_twice_is_warned_of(two_categories, as_alice):
    warnings = enrol(as_alice, "cat", photo("chelsea.png")).json()["warnings"]
    assert "duplicate" in {warning["code"] for warning in warnings}


def test_classify_needs_nothing_enrolled(as_alice, models_dir):
    labels = ["a cat", "a cup of coffee", "a rocket"]
    for name, expected in [("chelsea.png", "a cat"), ("coffee.png", "a cup of coffee")]:
        answer = as_alice.post(
            "/api/v1/classify/",
            {"image": upload(photo(name)), "labels": labels},
            format="multipart",
        ).json()
        assert answer["labels"][0]["label"] == expected
        assert sum(label["share"] for label in answer["labels"]) == pytest.approx(1)


def test_embed_gives_a_normalised_vector(as_alice, models_dir):
    url = "/api/v1/embed/"
    by_image = as_alice.post(url, {"image": upload(photo("coffee.png"))}, format="multipart").json()
    by_text = as_alice.post(url, {"text": "a cup of coffee"}).json()
    for answer in (by_image, by_text):
        assert sum(value**2 for value in answer["embedding"]) == pytest.approx(1, abs=1e-4)
    assert by_image["encoder"] == by_text["encoder"]


@pytest.mark.parametrize("given", [{}, {"text": "a cat", "image": "aGVsbG8="}])
def test_embed_takes_one_of_image_and_text(given, as_alice, models_dir):
    answer = as_alice.post("/api/v1/embed/", given)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
