"""A photo that lies on its side, with nothing in the file that says so."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.models import Embedding, Query
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db
KNOWN = {
    "camera": "camera.png",
    "brick": "brick.png",
    "motorcycle": "motorcycle_right.png",
    "cat": "chelsea.png",
    "coffee": "coffee.png",
}
STRANGERS = ("rocket.jpg", "ihc.png", "retina.jpg", "coins.png")
LEFT, RIGHT, ROUND = (
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_270,
    Image.Transpose.ROTATE_180,
)


def turned(data: bytes, how: Image.Transpose) -> bytes:
    with Image.open(BytesIO(data)) as opened:
        image = opened.convert("RGB").transpose(how)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.fixture(autouse=True)
def enrolled(gallery):
    for category, name in KNOWN.items():
        enrol(gallery=gallery, category=category, data=photo(name), create=True, advise=False)


def embedded(category: str) -> bytes:
    return Embedding.objects.get(category__slug=category).data


def codes(answer: dict) -> set[str]:
    return {warning["code"] for warning in answer["warnings"]}


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (LEFT, "lies on its side: it was recognised turned to the right"),
        (RIGHT, "lies on its side: it was recognised turned to the left"),
        (ROUND, "stands on its head: it was recognised turned round"),
    ],
)
def test_a_photo_that_the_encoder_does_not_know_again_is_turned(gallery, how, told):
    answer = identify(gallery=gallery, data=turned(photo("camera.png"), how)).answer
    assert (answer["decision"], answer["category"]) == ("match", "camera")
    [warning] = [each for each in answer["warnings"] if each["code"] == "turned"]
    assert told in warning["detail"]
    assert answer["candidates"][0]["similarity"] > 0.99


@pytest.mark.parametrize("how", [LEFT, RIGHT, ROUND])
@pytest.mark.parametrize("category", KNOWN)
def test_every_enrolled_photo_is_recognised_however_it_lies(gallery, category, how):
    answer = identify(gallery=gallery, data=turned(photo(KNOWN[category]), how)).answer
    assert (answer["decision"], answer["category"]) == ("match", category)


def test_an_upright_photo_is_not_called_turned(gallery):
    for name in KNOWN.values():
        for data in (photo(name), another_view(name)):
            answer = identify(gallery=gallery, data=data).answer
            assert "turned" not in codes(answer)
            if answer["decision"] == "match":
                assert "turn" not in answer["timings_ms"]


def test_what_is_unknown_stays_unknown_however_it_lies(gallery):
    for name in STRANGERS:
        for data in (photo(name), *(turned(photo(name), how) for how in (LEFT, ROUND))):
            answer = identify(gallery=gallery, data=data).answer
            assert answer["decision"] == "unknown", name
            assert "turn" in answer["timings_ms"]


def test_a_turned_photo_has_to_show_more_at_the_same_rate(gallery):
    """The turns share what they may add to the rate that was asked for."""
    asked = [
        identify(gallery=gallery, data=data, far=0.05).answer
        for data in (photo("rocket.jpg"), turned(photo("camera.png"), LEFT))
    ]
    first, other = (answer["threshold"] for answer in asked)
    assert "turned" in codes(asked[1])
    assert other["score"] > first["score"] + 0.5
    assert other["target_far"] == first["target_far"] == 0.05


def test_views_of_one_thing_lie_alike(gallery):
    views = [turned(data, LEFT) for data in (photo("camera.png"), another_view("camera.png"))]
    answer = identify(gallery=gallery, data=views[0], burst=views[1:]).answer
    assert (answer["decision"], answer["category"]) == ("match", "camera")
    assert "turned" in codes(answer)
    assert len(answer["burst"]) == 2


def test_the_query_is_kept_as_it_came(gallery):
    data = turned(photo("camera.png"), LEFT)
    answer = identify(gallery=gallery, data=data).answer
    query = Query.objects.get()
    assert (query.outcome, query.answer["warnings"]) == ("match", answer["warnings"])
    with (
        query.image.open("rb") as file,
        Image.open(file) as kept,
        Image.open(BytesIO(data)) as came,
    ):
        assert kept.size == came.size
    again = identify(gallery=gallery, data=photo("chelsea.png")).query
    assert not np.array_equal(
        np.frombuffer(query.data, np.float32), np.frombuffer(again.data, np.float32)
    )


def test_letters_mean_something_else_when_they_are_turned(gallery):
    def drawn(how: Image.Transpose | None) -> bytes:
        page = Image.new("RGB", (160, 160), "white")
        pen = ImageDraw.Draw(page)
        pen.line([(80, 20), (80, 140)], "black", 6)
        pen.ellipse((80, 80, 130, 140), outline="black", width=6)
        target = BytesIO()
        (page.transpose(how) if how is not None else page).save(target, "PNG")
        return target.getvalue()

    enrol(gallery=gallery, category="b", data=drawn(None), create=True, advise=False)
    answer = identify(gallery=gallery, data=drawn(ROUND)).answer
    assert "turned" not in codes(answer)
    assert "turn" not in answer["timings_ms"]


def test_a_camera_that_looks_on_is_answered_at_once(gallery):
    answer = identify(gallery=gallery, data=photo("rocket.jpg"), keep=False).answer
    assert (answer["decision"], "turn" in answer["timings_ms"]) == ("unknown", False)


def test_an_empty_gallery_has_nothing_to_try(alice, gallery):
    empty = create_gallery(name="Empty", owner=alice)
    answer = identify(gallery=empty, data=photo("chelsea.png")).answer
    assert (answer["decision"], "turn" in answer["timings_ms"]) == ("unknown", False)
