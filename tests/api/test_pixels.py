"""Whatever pixels a photo comes in, the answer is the photo's, or says what is wrong with it."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.images.builders import encoded
from tests.images.camera import dng
from tests.images.test_ground import WHITE_MARKS
from tests.images.test_samples import in_16, png, tiff
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"

with Image.open(BytesIO(photo("chelsea.png"))) as opened:
    CHELSEA = opened.convert("RGB")
COLOURS = np.asarray(CHELSEA)
JPEG = encoded(CHELSEA, "JPEG", quality=95)
KINDS = {
    "TIFF of 16 bits": tiff(in_16(COLOURS, 16)),
    "TIFF of 16 bits in planes": tiff(
        np.moveaxis(in_16(COLOURS, 16), -1, 0), photometric="rgb", planarconfig="separate"
    ),
    "PNG of 12 bits in 16": png(in_16(COLOURS, 12)),
    "JPEG without an end": JPEG[:-2],
    "JPEG 2000": encoded(CHELSEA, "JPEG2000"),
    "HEIC": encoded(CHELSEA, "HEIF", quality=90),
    "AVIF": encoded(CHELSEA, "AVIF", quality=90),
    "raw": dng(COLOURS),
}


def embedding(client, data: bytes) -> np.ndarray:
    answer = client.post("/api/v1/embed/", {"image": upload(data)}, format="multipart")
    return np.array(answer.json()["embedding"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_embeds_as_the_photo(gallery, as_alice, kind: str):
    cosine = embedding(as_alice, KINDS[kind]) @ embedding(as_alice, photo("chelsea.png"))
    assert cosine > (0.9 if kind == "raw" else 0.985)


def codes(answer) -> list[str]:
    assert answer.status_code in {200, 201}, answer.content
    return [warning["code"] for warning in answer.json()["warnings"]]


@pytest.mark.parametrize("way", ["references", "identify", "verify", "search", "classify"])
def test_a_guess_is_told_wherever_an_image_is_given(gallery, as_alice, way: str):
    as_alice.post(
        f"{URL}references/",
        {"category": "ring", "create": "true", "image": upload(photo("coffee.png"))},
        format="multipart",
    )
    given = {"category": "ring", "labels": ["a ring"], "image": upload(WHITE_MARKS["PNG"])}
    address = "/api/v1/classify/" if way == "classify" else f"{URL}{way}/"
    assert "ground_chosen" in codes(as_alice.post(address, given, format="multipart"))


def test_two_white_marks_are_two_things(gallery, as_alice):
    ring = np.zeros((200, 200, 4), np.uint8)
    star = ring.copy()
    rows, columns = np.mgrid[-100:100, -100:100]
    ring[(np.hypot(rows, columns) > 50) & (np.hypot(rows, columns) < 70)] = 255
    star[np.abs(rows * columns) < 300] = 255
    marks = [encoded(Image.fromarray(each), "PNG") for each in (ring, star)]
    assert embedding(as_alice, marks[0]) @ embedding(as_alice, marks[1]) < 0.98


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (JPEG[: len(JPEG) // 2], 400, "image_damaged"),
        (tiff(COLOURS.astype(np.float32)), 415, "image_unsupported"),
        (tiff(COLOURS.astype(np.int16)), 415, "image_unsupported"),
        (encoded(Image.new("1", (8000, 8000)), "PNG"), 413, "image_too_many_pixels"),
        (JPEG + bytes(15_000_000), 413, "image_too_large"),
    ],
)
def test_damaged_unsupported_and_too_large_are_three_errors(
    gallery, as_alice, data: bytes, status: int, code: str
):
    answer = as_alice.post(f"{URL}identify/", {"image": upload(data)}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
