"""What of a text the encoder cannot read is told where the text is given."""

from __future__ import annotations

import base64

import pytest
from django.urls import reverse

from tests.photos import photo

pytestmark = pytest.mark.django_db
CATEGORIES = "/api/v1/galleries/pets/categories/"
SEARCH = "/api/v1/galleries/pets/search/"
LONG = (
    "a product photo of a shop item, taken on a white table under soft light from the left, with a "
    "plain grey wall behind it, a small label, a barcode sticker and a wooden ruler next to it for "
    "scale, seen slightly from above at arm length, sharp in focus, with no people, no hands and "
    "no other goods in the frame, as the catalogue of the warehouse asks for it, namely {}"
)


def told(answer) -> dict[str, str]:
    assert answer.status_code in {200, 201}, answer.json()
    return {warning["code"]: warning["detail"] for warning in answer.json()["warnings"]}


def classified(client, *labels: str) -> dict[str, str]:
    image = base64.b64encode(photo("coffee.png")).decode()
    return told(client.post("/api/v1/classify/", {"image": image, "labels": labels}))


def test_labels_beyond_what_is_read_are_told_with_how_much_was(gallery, as_alice):
    warnings = classified(as_alice, LONG.format("a rocket"), LONG.format("a coffee mug"))
    assert set(warnings) == {"text_cut", "indistinguishable_prompt"}
    total = len(LONG.format("a coffee mug"))
    read = int(warnings["text_cut"].split("the first ")[1].split()[0])
    assert 200 < read < total - len("a coffee mug")
    assert f"of the {total} characters" in warnings["text_cut"]
    assert "a rocket”: similarity 1.000" in warnings["indistinguishable_prompt"]


@pytest.mark.parametrize(
    ("labels", "unread"),
    [
        (("🐱", "🚀", "☕"), "☕"),
        (("a cup of 咖啡因", "a rocket"), "咖"),
        (("a mug 🐱", "a rocket"), "🐱"),
    ],
)
def test_what_the_vocabulary_does_not_have_is_told(gallery, as_alice, labels, unread):
    image = base64.b64encode(photo("coffee.png")).decode()
    answer = as_alice.post("/api/v1/classify/", {"image": image, "labels": labels})
    warnings = [(each["code"], each["detail"]) for each in answer.json()["warnings"]]
    assert any(c == "text_unread" and f"cannot read {unread}" in d for c, d in warnings), warnings


def test_labels_that_are_all_unknown_cannot_be_told_apart(gallery, as_alice):
    assert "indistinguishable_prompt" in classified(as_alice, "🐱", "🚀", "☕")


@pytest.mark.parametrize("label", ["чашка", "κούπα", "カップ", "فنجان", "Käse", "ถ้วย"])
def test_other_languages_are_told_that_the_bundled_encoder_reads_english(gallery, as_alice, label):
    warnings = classified(as_alice, label, "a rocket")
    assert f"The bundled encoder reads English; “{label}”" in warnings["text_language"]


@pytest.mark.parametrize(
    "labels",
    [
        ("a cat", "a rocket", "the “best” cup – 50 °C"),
        ("a cup of coffee on a wooden table, seen from above", "a spacecraft"),
        ("x" * 40, "y" * 40),
    ],
)
def test_what_is_read_gives_no_warning(gallery, as_alice, labels):
    assert classified(as_alice, *labels) == {}


def test_more_warnings_than_anybody_reads_are_counted(gallery, as_alice):
    labels = [f"{LONG.format('')}{number}" for number in range(30)]
    image = base64.b64encode(photo("coffee.png")).decode()
    answer = as_alice.post("/api/v1/classify/", {"image": image, "labels": labels})
    cut = [each["detail"] for each in answer.json()["warnings"] if each["code"] == "text_cut"]
    assert len(cut) == 21
    assert cut[-1] == "The same holds for 10 more."


def test_a_new_category_tells_what_of_its_prompts_is_read(gallery, as_alice):
    first = told(as_alice.post(CATEGORIES, {"name": "Mug", "prompts": [LONG.format("a mug")]}))
    assert set(first) == {"text_cut"}
    second = told(as_alice.post(CATEGORIES, {"name": "Jet", "prompts": [LONG.format("a jet")]}))
    assert set(second) == {"text_cut", "indistinguishable_prompt"}
    assert "a prompt of “Mug”: similarity 1.000" in second["indistinguishable_prompt"]
    assert told(as_alice.post(CATEGORIES, {"name": "Cat", "prompts": ["a tabby cat"]})) == {}


def test_prompts_that_are_changed_are_told_too_and_a_change_of_others_is_not(gallery, as_alice):
    as_alice.post(CATEGORIES, {"name": "Cat", "prompts": ["a tabby cat"]})
    changed = as_alice.patch(f"{CATEGORIES}cat/", {"prompts": ["🐱"]})
    assert set(told(changed)) == {"text_unread"}
    assert told(as_alice.patch(f"{CATEGORIES}cat/", {"metadata": {"a": 1}})) == {}


def test_a_search_tells_what_of_its_text_is_read(gallery, as_alice):
    assert told(as_alice.post(SEARCH, {"text": "a cup"})) == {}
    assert set(told(as_alice.post(SEARCH, {"text": LONG.format("x")}))) == {"text_cut"}
    assert set(told(as_alice.post("/api/v1/embed/", {"text": "🐱"}))) == {"text_unread"}


def test_the_page_tells_it_where_a_category_is_described(gallery, as_alice):
    given = {"name": "Cat", "description": "🐱"}
    page = as_alice.post(
        reverse("dashboard:add", args=["pets"]), given, format="multipart", follow=True
    )
    assert "The encoder cannot read 🐱" in page.content.decode()
