"""Galleries of faces and of drawings, from their making to the right answer."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from recognition.models import EncoderRecord, Gallery, Query, Reference
from recognition.services.demo.characters import CHARACTERS, character_query, reference_image
from tests.photos import photo, portrait, upload

pytestmark = pytest.mark.django_db

API = "/api/v1/galleries/"


def made(client, domain: str):
    answer = client.post(API, {"name": f"Of {domain}", "domain": domain}, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["domain"] == domain
    assert answer.json()["encoder"]["name"] == domain
    return f"{API}{answer.json()['slug']}/"


def enrol(client, url: str, category: str, data: bytes):
    given = {"category": category, "image": upload(data), "create": "true"}
    return client.post(f"{url}references/", given, format="multipart")


def identify(client, url: str, data: bytes):
    return client.post(f"{url}identify/", {"image": upload(data)}, format="multipart")


def test_characters_of_one_font_are_recognised_in_another(domains, as_alice):
    url = made(as_alice, "drawings")
    for character in CHARACTERS:
        assert enrol(as_alice, url, character, reference_image(character)).status_code == 201
    best = [
        identify(as_alice, url, character_query(character)).json()["candidates"][0]["name"]
        for character in CHARACTERS
    ]
    right = sum(name == character for name, character in zip(best, CHARACTERS, strict=True))
    assert right >= len(CHARACTERS) - 1, best


def test_a_face_is_recognised_in_another_photo_of_it(domains, as_alice):
    url = made(as_alice, "faces")
    assert enrol(as_alice, url, "Eileen", portrait()).status_code == 201
    answer = identify(as_alice, url, portrait(brightness=0.6, box=(150, 20, 330, 250))).json()
    assert (answer["decision"], answer["category"]) == ("match", "Eileen")


@pytest.mark.parametrize(
    ("domain", "image", "code"),
    [("faces", "coffee.png", "no_face"), ("drawings", "blank", "no_region")],
)
def test_where_there_is_nothing_to_look_at_nothing_is_kept(domains, as_alice, domain, image, code):
    url = made(as_alice, domain)
    if image == "blank":
        buffer = BytesIO()
        Image.new("RGB", (200, 200), "white").save(buffer, "PNG")
        data = buffer.getvalue()
    else:
        data = photo(image)
    for answer in (enrol(as_alice, url, "nobody", data), identify(as_alice, url, data)):
        assert answer.status_code == 422
        assert answer.json()["code"] == code
    assert not Reference.objects.exists()
    assert not Query.objects.exists()
    assert not Gallery.objects.get(name=f"Of {domain}").categories.exists()


def test_descriptions_are_refused_with_the_reason(domains, as_alice):
    url = made(as_alice, "faces")
    described = as_alice.post(
        f"{url}categories/", {"name": "Anna", "prompts": ["a woman"]}, format="json"
    )
    searched = as_alice.post(f"{url}search/", {"text": "a woman"}, format="multipart")
    for answer in (described, searched):
        assert answer.status_code == 422, answer.content
        assert answer.json()["code"] == "texts_unsupported"
        assert "photo" in answer.json()["detail"]
    assert not Gallery.objects.get(name="Of faces").categories.exists()


def test_an_unknown_domain_makes_no_gallery(as_alice):
    answer = as_alice.post(API, {"name": "Odd", "domain": "smells"}, format="json")
    assert answer.status_code == 400
    assert not Gallery.objects.exists()


def test_a_gallery_with_descriptions_keeps_an_encoder_that_reads_them(domains, gallery, as_alice):
    as_alice.post(f"{API}pets/categories/", {"name": "Cat", "prompts": ["a cat"]}, format="json")
    answer = as_alice.post(f"{API}pets/encoder-changes/", {"encoder": "drawings"}, format="json")
    assert answer.status_code == 409
    assert "descriptions" in answer.json()["detail"]
    assert EncoderRecord.objects.get(pk=gallery.encoder_id).domain == "general"
