"""Enrol one photo, then recognise another of the same thing, through the client."""

from __future__ import annotations

from io import BytesIO

import pytest

from recognition.client import InvalidInput
from tests.photos import FOLDER, another_view, photo


@pytest.fixture
def two_categories(client):
    client.enrol("pets", FOLDER / "chelsea.png", category="cat", create=True)
    client.enrol("pets", FOLDER / "coffee.png", category="coffee", create=True)


@pytest.mark.parametrize("as_file", [bytes, BytesIO])
def test_one_photo_is_enough(as_file, two_categories, client):
    answer = client.identify("pets", as_file(another_view("chelsea.png")))
    assert (answer.decision, answer.category) == ("match", "cat")
    best = answer.candidates[0]
    assert (best.category, best.evidence.kind) == ("cat", "reference")
    assert best.score >= answer.threshold.score
    assert answer.generation == 2


def test_a_path_an_open_file_and_bytes_are_the_same_image(client):
    path = FOLDER / "coffee.png"
    with path.open("rb") as file:
        enrolments = [
            client.enrol("pets", image, category="coffee", create=True)
            for image in (path, str(path), file, photo("coffee.png"))
        ]
    assert len({enrolment.sha256 for enrolment in enrolments}) == 1
    assert "duplicate" in {warning.code for warning in enrolments[-1].warnings}


def test_an_answer_is_explained_where_that_is_asked(two_categories, client):
    view = another_view("chelsea.png")
    assert "cat" in client.identify("pets", view, explain=True).explanation
    assert client.identify("pets", view).explanation is None


def test_what_does_not_look_like_anything_is_unknown(two_categories, client):
    answer = client.identify("pets", FOLDER / "rocket.jpg", top_k=1)
    assert (answer.decision, answer.category, len(answer.candidates)) == ("unknown", None, 1)


def test_a_true_claim_is_accepted_and_a_false_one_is_not(two_categories, client):
    view = another_view("chelsea.png")
    claimed = {slug: client.verify("pets", view, category=slug) for slug in ("cat", "coffee")}
    assert {slug: answer.accepted for slug, answer in claimed.items()} == {
        "cat": True,
        "coffee": False,
    }
    for slug, answer in claimed.items():
        assert answer.category == slug
        assert answer.accepted == (answer.score >= answer.threshold.score)


def test_the_false_accept_rate_asked_for_is_the_one_aimed_at(two_categories, client):
    view = another_view("chelsea.png")
    strict = client.identify("pets", view, far=0.001).threshold
    assert (
        strict.target_far
        == client.verify("pets", view, category="cat", far=0.001).threshold.target_far
        == 0.001
    )
    assert strict.score > client.identify("pets", view, far=0.2).threshold.score


def test_search_by_image_and_by_text(two_categories, client):
    by_image = client.search("pets", another_view("coffee.png"), limit=1)
    by_text = client.search("pets", text="a cat", categories=["cat"])
    assert [result.category for result in by_image.results] == ["coffee"]
    assert [result.category for result in by_text.results] == ["cat"]


def test_classify_needs_nothing_enrolled(client):
    answer = client.classify(FOLDER / "chelsea.png", ["a cat", "a cup of coffee"])
    assert answer.labels[0].label == "a cat"


def test_an_embedding_is_normalised(client):
    for answer in (client.embed(FOLDER / "chelsea.png"), client.embed(text="a cat")):
        assert sum(value**2 for value in answer.embedding) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("given", [{}, {"image": b"x", "text": "a cat"}])
def test_either_an_image_or_a_text_is_given(given, client):
    with pytest.raises(ValueError, match="either"):
        client.embed(**given)


def test_a_file_that_is_no_image_is_refused_by_its_code(client):
    with pytest.raises(InvalidInput) as refused:
        client.enrol("pets", b"hello", category="cat", create=True)
    assert (refused.value.code, refused.value.status) == ("image_unsupported", 415)
    assert refused.value.request_id


def test_feedback_promotes_a_query_to_a_reference(two_categories, client):
    asked = client.identify("pets", another_view("rocket.jpg"))
    feedback = client.give_feedback(
        "pets", asked.query, "it_is", category="rocket", promote=True, create=True
    )
    assert feedback.category == "rocket"
    assert feedback.reference in {reference.id for reference in client.list_references("pets")}
    assert client.identify("pets", another_view("rocket.jpg")).category == "rocket"


def test_queries_are_listed_newest_first(two_categories, client):
    asked = [client.identify("pets", another_view("chelsea.png")).query for _ in range(3)]
    listed = list(client.list_queries("pets", page_size=2))
    assert [query.id for query in listed] == asked[::-1]
    assert client.get_query("pets", asked[0]).answer.category == "cat"
