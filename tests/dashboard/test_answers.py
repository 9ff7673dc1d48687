"""Answers, what is said of them, and what comes of that."""

from __future__ import annotations

import json

import pytest

from recognition.models import Category, Feedback, Gallery, Query, Reference
from recognition.services.categories.create_category import create_category
from recognition.services.removal import remove_reference
from tests.dashboard.page_text import text
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def asked(alices, cat):
    """Ask what a photo shows; returns the query and the page."""

    def ask(data: bytes) -> tuple[Query, str]:
        page = text(alices.post("/g/pets/identify/", {"image": upload(data)}))
        return Query.objects.order_by("-id")[0], page

    return ask


def test_several_photos_get_an_answer_each(cat, alices):
    files = [upload(another_view("chelsea.png")), upload(photo("rocket.jpg"))]
    page = text(alices.post("/g/pets/identify/", {"image": files}))
    assert page.count('<article class="card answer') == 2
    assert "Reference: cat" in page
    assert "Not in this gallery" in page


def test_photos_of_the_same_thing_get_one_answer(cat, alices):
    files = [upload(another_view("chelsea.png")), upload(photo("chelsea.png"))]
    given = {"image": files, "together": "yes"}
    answer = alices.post("/g/pets/identify/", given, headers=HTMX)
    page = text(answer)
    first, second = Query.objects.order_by("id")
    assert page.count('<article class="card answer') == 1
    assert first.answer["burst"] == [first.public_id, second.public_id]
    assert f"/g/pets/queries/{second.public_id}/thumbnail" in page
    assert json.loads(answer["HX-Trigger"]) == {"announce": {"value": "It is cat."}}
    given = {"image": [upload(photo("chelsea.png")) for _ in range(17)], "together": "yes"}
    refused = alices.post("/g/pets/identify/", given)
    assert refused.status_code == 400 and "at most 16 images of one thing" in text(refused)


def test_a_decision_is_announced(cat, alices):
    given = {"image": upload(another_view("chelsea.png"))}
    answer = alices.post("/g/pets/identify/", given, headers=HTMX)
    assert json.loads(answer["HX-Trigger"]) == {"announce": {"value": "It is cat."}}


def test_a_right_answer_is_confirmed_and_enrolled(asked, alices):
    query, _ = asked(another_view("chelsea.png"))
    url = f"/g/pets/queries/{query.public_id}/"
    page = text(alices.post(f"{url}judge/", {"verdict": "right"}, follow=True))
    assert "Confirmed." in page
    assert Reference.objects.count() == 1
    given = {"verdict": "right", "promote": "on"}
    part = text(alices.post(f"{url}judge/", given, headers=HTMX))
    assert "Added as a reference." in part
    assert "<html" not in part
    assert Reference.objects.filter(category__slug="cat").count() == 2


def test_an_unknown_thing_is_named_and_known_the_next_time(asked, alices):
    query, page = asked(photo("rocket.jpg"))
    assert "Not in this gallery" in page
    url = f"/g/pets/queries/{query.public_id}/"
    page = text(alices.post(f"{url}name/", {"name": "Rocket"}, follow=True))
    assert 'It is <a href="/g/pets/c/rocket/">Rocket</a>.' in page
    _, page = asked(another_view("rocket.jpg"))
    assert "Reference: Rocket" in page


def test_a_known_name_makes_no_second_category(asked, alices):
    query, _ = asked(photo("rocket.jpg"))
    alices.post(f"/g/pets/queries/{query.public_id}/name/", {"name": " CAT "})
    assert Category.objects.count() == 1
    assert Feedback.objects.get().category.slug == "cat"
    assert Reference.objects.count() == 1


def test_a_candidate_is_chosen(asked, gallery, alices):
    create_category(gallery=gallery, name="Rocket", prompts=["a rocket"])
    query, _ = asked(photo("rocket.jpg"))
    given = {"verdict": "it_is", "category": "rocket", "promote": "on"}
    alices.post(f"/g/pets/queries/{query.public_id}/judge/", given)
    assert Feedback.objects.get().reference.category.slug == "rocket"


@pytest.mark.parametrize(
    ("path", "given"), [("judge/", {"verdict": "maybe"}), ("name/", {"name": " "})]
)
def test_a_word_that_says_nothing_is_refused(path, given, asked, alices):
    query, _ = asked(photo("rocket.jpg"))
    refused = alices.post(f"/g/pets/queries/{query.public_id}/{path}", given)
    assert refused.status_code == 400
    assert not Feedback.objects.exists()


def test_a_viewer_asks_and_does_not_judge(cat, victors):
    page = text(victors.post("/g/pets/identify/", {"image": upload(photo("rocket.jpg"))}))
    assert "Name it" not in page
    url = f"/g/pets/queries/{Query.objects.get().public_id}/judge/"
    assert victors.post(url, {"verdict": "unknown"}).status_code == 403


def test_what_waits_for_a_word_is_listed_until_it_is_said(asked, alices):
    match, _ = asked(photo("chelsea.png"))
    unknown, _ = asked(photo("rocket.jpg"))
    everything = text(alices.get("/g/pets/queries/"))
    assert match.public_id in everything and unknown.public_id in everything
    waiting = text(alices.get("/g/pets/queries/?show=review"))
    assert unknown.public_id in waiting and match.public_id not in waiting
    alices.post(f"/g/pets/queries/{unknown.public_id}/judge/", {"verdict": "unknown"})
    assert "Nothing to review" in text(alices.get("/g/pets/queries/?show=review"))


def test_a_claim_is_accepted_or_rejected(cat, alices):
    given = {"category": "Cat", "image": upload(another_view("chelsea.png"))}
    assert "It&#x27;s cat" in text(alices.post("/g/pets/verify/", given))
    given = {"category": "cat", "image": upload(photo("rocket.jpg"))}
    rejected = alices.post("/g/pets/verify/", given, headers=HTMX)
    assert "Not cat" in text(rejected)
    said = "Rejected: it does not look like cat."
    assert json.loads(rejected["HX-Trigger"]) == {"announce": {"value": said}}


def test_a_claim_of_something_unheard_of_is_not_found(cat, alices):
    given = {"category": "dog", "image": upload(photo("rocket.jpg"))}
    answer = alices.post("/g/pets/verify/", given)
    assert answer.status_code == 404
    assert "no category" in text(answer)


def test_references_are_searched_by_words_and_by_a_photo(cat, alices):
    assert cat.public_id in text(alices.get("/g/pets/search/?text=a+cat"))
    found = alices.post("/g/pets/search/", {"image": upload(photo("chelsea.png"))}, headers=HTMX)
    assert cat.public_id in text(found)
    assert 'similarity</span><span class="number">1.00' in text(found)


def test_names_are_suggested_while_one_types(cat, gallery, alices):
    create_category(gallery=gallery, name="Caterpillar")
    create_category(gallery=gallery, name="Dog")
    names = text(alices.get("/g/pets/names/?name=CAT"))
    assert "Caterpillar" in names
    assert "Dog" not in names


def test_an_answer_outlives_the_reference_that_decided_it(asked, cat, gallery, alices):
    query, _ = asked(another_view("chelsea.png"))
    remove_reference(gallery=gallery, reference=cat)
    shown = text(alices.get(f"/g/pets/queries/{query.public_id}/"))
    assert "This reference was removed" in shown and cat.public_id not in shown


def test_a_photo_that_is_not_kept_is_not_shown(cat, gallery, alices):
    Gallery.objects.filter(pk=gallery.pk).update(query_images=False)
    given = {"image": upload(another_view("chelsea.png"))}
    answer = text(alices.post("/g/pets/identify/", given, headers=HTMX))
    assert "does not keep photos" in answer and "/preview" in answer
    assert f"{Query.objects.get().public_id}/preview" not in answer


def test_a_correction_is_undone_with_what_it_added(asked, gallery, alices):
    query, _ = asked(photo("rocket.jpg"))
    url = f"/g/pets/queries/{query.public_id}/"
    named = text(alices.post(f"{url}name/", {"name": "Rocket"}, headers=HTMX))
    assert "Added as a reference." in named and "Undo" in named
    undone = alices.post(f"{url}undo/", headers=HTMX)
    assert "Added as a reference." not in text(undone)
    assert not Feedback.objects.exists()
    assert [each.name for each in gallery.categories.all()] == ["cat"]


def test_a_category_that_was_there_before_survives_an_undo(asked, gallery, alices):
    create_category(gallery=gallery, name="Rocket")
    query, _ = asked(photo("rocket.jpg"))
    url = f"/g/pets/queries/{query.public_id}/"
    alices.post(f"{url}judge/", {"category": "rocket"})
    assert Reference.objects.filter(category__slug="rocket").count() == 1
    alices.post(f"{url}undo/")
    assert not Reference.objects.filter(category__slug="rocket").exists()
    assert gallery.categories.filter(slug="rocket").exists()


def test_a_verification_is_in_the_history_with_its_claim(cat, alices, victors):
    given = {"category": "cat", "image": upload(photo("rocket.jpg"))}
    victors.post("/g/pets/verify/", given)
    query = Query.objects.get()
    shown = text(alices.get("/g/pets/queries/?show=verified"))
    assert query.public_id in shown and "Verified by victor" in shown and "Not cat" in shown
    assert "Checked against cat" in text(alices.get(f"/g/pets/queries/{query.public_id}/"))
    assert "verified a photo as cat: rejected" in text(alices.get("/g/pets/audit/"))


def test_who_it_should_be_is_chosen_by_a_picture(cat, gallery, alices):
    create_category(gallery=gallery, name="Rocket", prompts=["a rocket"])
    found = text(alices.get("/g/pets/verify/picks/?name=CA"))
    assert f"/g/pets/references/{cat.public_id}/thumbnail" in found and "Rocket" not in found
    nobody = alices.post("/g/pets/verify/", {"image": upload(photo("rocket.jpg"))}, headers=HTMX)
    assert nobody.status_code == 400 and "Choose who or what" in text(nobody)
