"""The forms in which clients send an image."""

from __future__ import annotations

import base64
import textwrap

import pytest

from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


@pytest.fixture
def cat(gallery, as_alice):
    given = {"category": "cat", "create": "true", "image": upload(photo("chelsea.png"))}
    return as_alice.post(f"{URL}references/", given, format="multipart")


PACKED = base64.b64encode(photo("chelsea.png")).decode()
URL_SAFE = base64.urlsafe_b64encode(photo("chelsea.png")).decode()
FORMS = {
    "plain": PACKED,
    "lines of 76": "\r\n".join(textwrap.wrap(PACKED, 76)),
    "lines of 64": "\n".join(textwrap.wrap(PACKED, 64)),
    "a line break at the end": PACKED + "\n",
    "blanks around": f"  {PACKED}\t",
    "URL-safe": URL_SAFE,
    "without padding": PACKED.rstrip("="),
    "URL-safe without padding": URL_SAFE.rstrip("="),
    "data URL": f"data:image/png;base64,{PACKED}",
    "data URL with lines": "data:image/png;base64," + "\n".join(textwrap.wrap(PACKED, 76)),
    "data URL with escapes": "data:image/png;base64,"
    + PACKED.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
}


@pytest.mark.parametrize("form", FORMS)
def test_base64_is_read_in_every_form_that_libraries_write(cat, as_alice, form: str):
    answer = as_alice.post(f"{URL}identify/", {"image": FORMS[form]})
    assert (answer.status_code, answer.json().get("category")) == (200, "cat")


@pytest.mark.parametrize(
    "text", ["###", "a", "abcde", "ab=cd=ef", "ünïcödé", "cat.jpg", PACKED[:-90_000]]
)
def test_what_is_no_base64_or_not_all_of_it_is_refused(cat, as_alice, text: str):
    answer = as_alice.post(f"{URL}identify/", {"image": text})
    assert answer.status_code == 400


def multipart(*parts: tuple[str, bytes]) -> dict[str, object]:
    """A body of parts as they are given."""
    body = b"".join(
        b"--border\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in parts
    )
    return {
        "data": body + b"--border--\r\n",
        "content_type": "multipart/form-data; boundary=border",
    }


NAMELESS = 'Content-Disposition: form-data; name="image"'


@pytest.mark.parametrize("kind", ["", "\r\nContent-Type: image/jpeg"])
def test_a_part_without_a_file_name_is_the_image(cat, as_alice, kind: str):
    body = multipart((NAMELESS + kind, photo("chelsea.png")))
    answer = as_alice.generic("POST", f"{URL}identify/", **body)
    assert (answer.status_code, answer.json().get("category")) == (200, "cat")


def test_parts_without_file_names_are_views_of_one_thing(cat, as_alice):
    body = multipart((NAMELESS, photo("chelsea.png")), (NAMELESS, photo("chelsea.png")))
    answer = as_alice.generic("POST", f"{URL}identify/", **body)
    assert len(answer.json()["burst"]) == 2


def test_text_beside_such_a_part_stays_text(gallery, as_alice):
    body = multipart(
        ('Content-Disposition: form-data; name="category"', "Кошка 🐱".encode()),
        ('Content-Disposition: form-data; name="create"', b"true"),
        (NAMELESS, photo("chelsea.png")),
    )
    answer = as_alice.generic("POST", f"{URL}references/", **body)
    assert answer.status_code == 201, answer.json()
    listed = as_alice.get(f"{URL}categories/").json()["results"]
    assert [category["name"] for category in listed] == ["Кошка 🐱"]


def test_base64_in_a_form_is_read_too(cat, as_alice):
    body = multipart((NAMELESS, FORMS["lines of 76"].encode()))
    assert as_alice.generic("POST", f"{URL}identify/", **body).json()["category"] == "cat"


def test_text_that_is_not_utf8_is_refused_rather_than_spoilt(gallery, as_alice):
    body = multipart(
        ('Content-Disposition: form-data; name="category"', "Käse".encode("latin-1")),
        ('Content-Disposition: form-data; name="create"', b"true"),
        (NAMELESS, photo("chelsea.png")),
    )
    answer = as_alice.generic("POST", f"{URL}references/", **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert "category" in str(answer.json()["errors"])


def test_a_file_that_was_only_named_is_told_how_it_is_sent(gallery, as_alice):
    answer = as_alice.generic("POST", f"{URL}identify/", **multipart((NAMELESS, b"photo.jpg")))
    assert answer.status_code == 400
    assert "image=@photo.jpg" in str(answer.json()["errors"])


def test_an_archive_without_a_file_name_is_told_what_is_missing(gallery, as_alice):
    body = multipart(('Content-Disposition: form-data; name="archive"', b"PK\3\4\xff\xfe"))
    answer = as_alice.generic("POST", f"{URL}imports/", **body)
    assert answer.status_code == 400
    assert "a part with a file name" in str(answer.json()["errors"])
