from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from recognition.models import Reference
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def cat_files(tmp_path: Path) -> tuple[str, str]:
    shown, asked = tmp_path / "shown.png", tmp_path / "asked.jpg"
    shown.write_bytes(photo("chelsea.png"))
    asked.write_bytes(another_view("chelsea.png"))
    return str(shown), str(asked)


def test_an_image_is_enrolled_and_another_recognised(gallery, cat_files):
    shown, asked = cat_files
    reference = Reference.objects.first() or run("enrol", "pets", "cat", shown)
    assert Reference.objects.get().public_id in reference
    assert "already a reference" in run("enrol", "pets", "cat", shown)
    assert run("identify", "pets", asked).startswith("asked.jpg: cat\n")
    together = run("identify", "pets", asked, shown, together=True)
    assert together.startswith("asked.jpg, ") and ": cat\n" in together


def test_json_is_the_answer_of_the_api(gallery, cat_files, as_alice):
    run("enrol", "pets", "cat", cat_files[0])
    printed = json.loads(run("identify", "pets", cat_files[1], json=True))
    answered = as_alice.post(
        "/api/v1/galleries/pets/identify/",
        another_view("chelsea.png"),
        content_type="image/jpeg",
    ).json()
    for answer in (printed, answered):
        del answer["query"], answer["timings_ms"]
    assert printed == answered


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["identify", "nope", "{shown}"], "gallery_not_found"),
        (["enrol", "nope", "cat", "{shown}"], "gallery_not_found"),
        (["identify", "pets", "{missing}"], "cannot be read"),
        (["identify", "pets", "{text}"], "image_unsupported"),
        (["identify", "pets", "{shown}", "--top-k", "0"], "invalid_input"),
        (["encoder", "use", "nonsense"], "encoder_unknown"),
        (["apikey", "create", "door", "--user", "nobody"], "no user"),
        (["apikey", "create", "door"], "no superuser"),
        (["apikey", "create", "door", "--user", "alice", "--gallery", "nope"], "no gallery"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, message, gallery, cat_files, tmp_path):
    (tmp_path / "text.jpg").write_text("not a photo")
    names = {
        "shown": cat_files[0],
        "missing": str(tmp_path / "missing.jpg"),
        "text": str(tmp_path / "text.jpg"),
    }
    with pytest.raises(CommandError, match=message):
        run(*(argument.format(**names) for argument in arguments))


def test_a_printed_key_works(gallery):
    secret = run("apikey", "create", "door", "--user", "alice", "--gallery", "pets").strip()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert client.get("/api/v1/galleries/").json()["results"][0]["slug"] == "pets"


def test_encoders_are_listed_and_chosen(gallery, alice):
    assert "bundled is ready" in run("encoder", "prepare", "bundled")
    listed = run("encoder", "list")
    assert "* bundled" in listed
    assert "1 galleries" in listed
    assert "bundled" in run("encoder", "use", "bundled")


def test_photos_of_other_things_are_given_listed_and_removed(gallery, cat_files, tmp_path):
    run("enrol", "pets", "cat", cat_files[0])
    rocket, moon = tmp_path / "rocket.jpg", tmp_path / "moon.png"
    for path in (rocket, moon):
        path.write_bytes(photo(path.name))
    given = run("negatives", "pets", "add", str(rocket), str(moon)).splitlines()
    ids = [line.rpartition(" ")[2] for line in given]
    assert [line.split()[0] for line in run("negatives", "pets", "list").splitlines()] == ids
    with pytest.raises(CommandError, match="1 of 1 were not kept"):
        run("negatives", "pets", "add", str(rocket))
    with pytest.raises(CommandError, match="negative_not_found"):
        run("negatives", "pets", "remove", ids[0], "n_unknown")
    run("negatives", "pets", "remove", ids[0])
    assert run("negatives", "pets", "list").split()[0] == ids[1]
    assert run("negatives", "pets", "clear") == "1 removed\n"


def test_a_photo_of_something_enrolled_is_kept_by_force_alone(gallery, cat_files, tmp_path):
    cup = tmp_path / "cup.png"
    cup.write_bytes(photo("coffee.png"))
    run("enrol", "pets", "cat", cat_files[0])
    run("enrol", "pets", "cup", str(cup))
    err = StringIO()
    with pytest.raises(CommandError, match="1 of 1"):
        run("negatives", "pets", "add", cat_files[0], stderr=err)
    assert "looks like 'cat'" in err.getvalue()
    assert "n_" in run("negatives", "pets", "add", cat_files[0], "--force")
