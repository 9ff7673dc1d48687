"""Waiting for what a worker does, and files that are sent or received as they are read."""

from __future__ import annotations

import asyncio
import json

import pytest

from recognition.client import (
    AsyncClient,
    Client,
    ConnectionFailed,
    NotFound,
    Retries,
    WaitedTooLong,
)
from tests.client.scripted_server import Answer, scripted_server

SOON = Retries(most=2, first=0.01)


def job(state: str, enrolled: int, **more) -> Answer:
    started = {"id": "j_1", "kind": "import", "state": state, "created_at": "2026-01-01T00:00:00Z"}
    return Answer(200, started | {"enrolled": enrolled, "total": 4} | more)


def test_a_job_is_waited_for_with_its_progress():
    seen = []
    script = [job("queued", 0, total=None), Answer(503), job("running", 1, failed=1)]
    script.append(job("succeeded", 3, failed=1))
    with scripted_server(*script) as server, Client(server.url, retries=SOON) as client:
        ended = client.wait_for_job(
            "pets", "j_1", on_progress=lambda job: seen.append((job.done, job.total))
        )
    assert seen == [(0, None), (2, 4), (4, 4)]
    assert (ended.finished, ended.succeeded) == (True, True)
    assert {request.path for request in server.requests} == {"/api/v1/galleries/pets/jobs/j_1/"}


def test_a_job_that_fails_has_ended():
    async def wait(url: str):
        async with AsyncClient(url) as client:
            return await client.wait_for_job("pets", "j_1")

    with scripted_server(job("running", 1), job("failed", 1, detail="No room.")) as server:
        ended = asyncio.run(wait(server.url))
    assert (ended.finished, ended.succeeded, ended.detail) == (True, False, "No room.")


def test_no_longer_is_waited_than_was_said():
    with scripted_server(*[job("running", 1)] * 20) as server, Client(server.url) as client:
        with pytest.raises(WaitedTooLong, match="it goes on"):
            client.wait_for_job("pets", "j_1", timeout=0.3)
        assert server.requests[-1].at - server.requests[0].at < 1


def test_an_archive_is_sent_from_its_file_and_again_when_that_fails(tmp_path):
    archive = tmp_path / "photos.zip"
    archive.write_bytes(b"PK" * 200_000)
    with scripted_server(Answer(503), job("queued", 0)) as server, Client(server.url) as client:
        assert client.start_import("pets", archive, create=True).finished is False
    assert all(archive.read_bytes() in request.body for request in server.requests)
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1


def test_a_bundle_takes_its_name_only_when_it_is_whole(tmp_path):
    bundle = bytes(range(256)) * 4000
    target = tmp_path / "pets.bundle"
    with (
        scripted_server(Answer(200, bundle, cut=True), Answer(200, bundle)) as server,
        Client(server.url, retries=SOON) as client,
    ):
        assert client.export_gallery("pets", target) == target
    assert target.read_bytes() == bundle
    assert list(tmp_path.iterdir()) == [target]


def test_half_a_bundle_leaves_what_was_there(tmp_path):
    target = tmp_path / "pets.bundle"
    target.write_bytes(b"yesterday's")
    with (
        scripted_server(Answer(200, b"half of it", cut=True)) as server,
        Client(server.url, retries=Retries(most=0)) as client,
        pytest.raises(ConnectionFailed),
    ):
        client.export_gallery("pets", target)
    assert target.read_bytes() == b"yesterday's"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_is_not_saved_as_a_bundle(tmp_path):
    told = json.dumps({"code": "gallery_not_found", "detail": "No."}).encode()

    async def export(url: str) -> None:
        async with AsyncClient(url) as client:
            await client.export_gallery("pets", tmp_path / "pets.bundle")

    with scripted_server(Answer(404, told)) as server, pytest.raises(NotFound, match="No."):
        asyncio.run(export(server.url))
    assert list(tmp_path.iterdir()) == []
