"""The walks of docs/architecture.md are what runs, in that order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from recognition.models import Job
from recognition.worker import tasks
from tests.archives.builders import zip_of
from tests.photos import another_view, photo, upload
from tests.test_architecture import walk

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


def entered(names: list[str], action: Callable[[], object]) -> list[str]:
    """Those of the functions that this thread enters while it acts, as they are first entered."""
    first: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"
            if name in names:
                first.setdefault(name)

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return list(first)


def enrol(client, data: bytes) -> None:
    given = {"category": "cat", "image": upload(data), "create": "true"}
    assert client.post(f"{URL}references/", given, format="multipart").status_code == 201


def test_a_query_takes_its_walk(gallery, as_alice):
    enrol(as_alice, photo("chelsea.png"))
    steps = walk("A query")

    def ask() -> None:
        given = {"image": upload(another_view("chelsea.png"))}
        assert as_alice.post(f"{URL}identify/", given, format="multipart").status_code == 200

    assert entered(steps, ask) == steps


def test_an_enrolment_takes_its_walk(gallery, as_alice):
    enrol(as_alice, photo("coffee.png"))
    steps = walk("An enrolment")
    assert entered(steps, lambda: enrol(as_alice, photo("chelsea.png"))) == steps


def test_a_row_of_an_import_takes_its_walk(gallery, as_alice):
    steps = walk("A row of an import")
    archive = upload(zip_of({"cat/1.png": photo("chelsea.png")}), name="cats.zip")
    given = {"archive": archive, "create": "true"}
    assert as_alice.post(f"{URL}imports/", given, format="multipart").status_code == 202
    assert entered(steps, lambda: tasks.run_job(Job.objects.get().pk)) == steps
