"""What images may cost a request and the process, whatever their headers say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from threading import Event

import pytest
from django.urls import reverse
from PIL import Image

from recognition.core.errors import EncoderBusy
from recognition.images import ImageLimits, open_image
from recognition.images.room import DECODING, PixelRoom
from tests.conftest import client_of
from tests.photos import another_view, upload

MEGAPIXELS = 25


@cache
def large(kind: str = "PNG") -> bytes:
    """An image of a few kilobytes and 25 million pixels."""
    buffer = BytesIO()
    Image.new("1", (5000, 5000)).save(buffer, kind)
    return buffer.getvalue()


def test_a_request_has_a_budget_of_pixels_for_all_its_images(gallery, as_alice, monkeypatch):
    def decoded(*_: object, **__: object) -> None:
        pytest.fail("an image was decoded before the others were counted")

    monkeypatch.setattr(DECODING, "taken", decoded)
    images = [upload(large(), "photo.png") for _ in range(16)]
    answer = as_alice.post(
        f"/api/v1/galleries/{gallery.slug}/identify/", {"image": images}, format="multipart"
    )
    assert (answer.status_code, answer.data["code"]) == (413, "image_too_many_pixels")

    for together in ({}, {"together": "on"}):
        page = as_alice.post(
            reverse("dashboard:identify", args=[gallery.slug]),
            {"image": [upload(large(), "photo.png") for _ in range(16)], **together},
            format="multipart",
        )
        assert page.status_code == 413
    assert not gallery.queries.exists()


def test_an_image_is_shrunk_to_what_its_encoder_needs_before_the_next_is_decoded():
    for kind in ("PNG", "GIF", "TIFF", "BMP"):
        assert open_image(large(kind), fit=224).size == (455, 455)
    assert open_image(large()).size == (5000, 5000)


def test_a_process_decodes_so_many_pixels_at_a_time():
    room, there, go_on = PixelRoom(), Event(), Event()

    def decode() -> None:
        with room.taken(60, total=100, seconds=60):
            there.set()
            go_on.wait()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(decode)
        there.wait()
        with room.taken(40, total=100, seconds=0):
            pass
        with pytest.raises(EncoderBusy), room.taken(41, total=100, seconds=0):
            pytest.fail("there was no room")
        second = pool.submit(decode)
        go_on.set()
        first.result()
        second.result()
    # What no room would hold goes alone, and leaves the room as it was.
    with room.taken(500, total=100, seconds=0):
        pass
    with room.taken(100, total=100, seconds=0):
        pass


def test_an_image_that_finds_no_room_is_told_to_come_again():
    limits = ImageLimits(wait_seconds=0)
    with (
        DECODING.taken(limits.max_pixels_at_once, total=limits.max_pixels_at_once, seconds=0),
        pytest.raises(EncoderBusy),
    ):
        open_image(large(), limits=limits)
    assert open_image(large(), limits=limits, fit=224)


def test_images_of_one_form_count_each(gallery, alice, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "rate_per_caller": "5/min"}
    page = client_of(alice).post(
        reverse("dashboard:identify", args=[gallery.slug]),
        {"image": [upload(another_view("chelsea.png")) for _ in range(6)]},
        format="multipart",
    )
    assert page.status_code == 429
    assert not gallery.queries.exists()
