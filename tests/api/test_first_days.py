"""The first days of a gallery of faces, through the API with its defaults."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognition.models import Gallery
from tests.photos import FOLDER, upload

BASE = "/api/v1/galleries/pets/"
DATA = os.environ.get("ONESHOT_EVAL_DATA")


@pytest.fixture
def gallery(gallery) -> Gallery:
    """As it is made: one false accept in a hundred."""
    Gallery.objects.filter(pk=gallery.pk).update(target_far=0.01)
    gallery.refresh_from_db()
    return gallery


def faces() -> list[bytes]:
    """People of scikit-image's share of LFW, one photo each."""
    found = []
    for values in np.load(FOLDER / "lfw_subset.npy")[60:100]:
        image = Image.fromarray(np.rint(255 * values / values.max()).astype(np.uint8))
        buffer = BytesIO()
        image.resize((150, 150), Image.Resampling.BICUBIC).save(buffer, "PNG")
        found.append(buffer.getvalue())
    return found


def enrol(client, number: int, data: bytes) -> None:
    given = {"category": f"person-{number}", "create": "true", "image": upload(data)}
    assert client.post(f"{BASE}references/", given, format="multipart").status_code == 201


def asked(client, data: bytes) -> dict:
    given = {"image": upload(data)}
    return client.post(f"{BASE}identify/", given, format="multipart").json()


def test_strangers_are_not_taken_for_whoever_is_enrolled(gallery, as_alice):
    people = faces()
    enrolled = 0
    for size in (1, 2, 3, 5):
        while enrolled < size:
            enrol(as_alice, enrolled, people[enrolled])
            enrolled += 1
        answers = [asked(as_alice, data) for data in people[5:30]]
        assert [each["decision"] for each in answers].count("match") <= 1
        for answer in answers:
            assert (answer["decision"] == "ambiguous") == (answer["reason"] is not None)
            assert answer["threshold"]["tentative"] <= answer["threshold"]["score"]
            if answer["reason"] == "unproven":
                assert "could be chance" in answer["sentence"]
                assert {each["code"] for each in answer["help"]} >= {"negatives", "categories"}


def test_the_enrolled_photo_itself_is_a_match_from_the_first(gallery, as_alice):
    [first, *_] = faces()
    enrol(as_alice, 0, first)
    answer = asked(as_alice, first)
    assert (answer["decision"], answer["sentence"]) == ("match", "It is person-0.")
    assert answer["threshold"]["supported"]


@pytest.mark.skipif(not DATA, reason="ONESHOT_EVAL_DATA names no folder with real sets")
def test_people_of_a_real_set_are_told_apart_from_the_first_photo(gallery, as_alice):
    """The table of a new gallery: one, two, three and five people, one photo each."""
    people = sorted((Path(DATA or "") / "orl-faces").iterdir())[:10]
    photos = [sorted(person.iterdir()) for person in people]
    enrolled = 0
    for size in (1, 2, 3, 5):
        while enrolled < size:
            enrol(as_alice, enrolled, photos[enrolled][0].read_bytes())
            enrolled += 1
        strangers = [path for person in photos[5:] for path in person[:8]]
        taken = [asked(as_alice, path.read_bytes())["decision"] == "match" for path in strangers]
        assert np.mean(taken) <= 0.03
