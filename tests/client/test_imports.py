"""The report of an import, through the client and from the shell."""

from __future__ import annotations

import asyncio
import json

from click.testing import CliRunner

from recognition.client import AsyncClient
from recognition.client.cli import main
from recognition.models import Job
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, zip_of

FILES = {"cat/1.png": image_bytes(1), "cat/bad.png": b"no image", "cat/copy.png": image_bytes(1)}


def test_a_report_says_what_became_of_each_file(client):
    job = client.start_import("pets", zip_of(FILES), create=True)
    take_turn(Job.objects.get().pk)
    ended = client.wait_for_job("pets", job.id, timeout=10)
    assert (ended.kind, ended.enrolled, ended.skipped, ended.failed) == ("import", 1, 1, 1)
    assert ended.started_at and ended.finished_at
    rows = list(client.list_job_rows("pets", job.id, page_size=2))
    assert [(row.path, row.status, row.code) for row in rows] == [
        ("cat/1.png", "enrolled", ""),
        ("cat/bad.png", "failed", "image_unsupported"),
        ("cat/copy.png", "skipped", "duplicate"),
    ]
    [kept] = client.list_references("pets")
    assert [row.reference for row in rows] == [kept.id, None, kept.id]
    assert list(client.list_job_rows("pets", job.id, status="failed")) == rows[1:2]


def test_a_job_is_cancelled_and_listed(client, live_server, key):
    async def cancelled():
        async with AsyncClient(live_server.url, key) as other:
            job = await other.start_import("pets", zip_of(FILES), create=True)
            ended = await other.cancel_job("pets", job.id)
            return ended, [row async for row in other.list_job_rows("pets", job.id)]

    ended, rows = asyncio.run(cancelled())
    assert (ended.state, rows) == ("cancelled", [])
    assert list(client.list_jobs("pets")) == [ended]


def test_a_report_is_read_from_the_shell(client, live_server, key):
    job = client.start_import("pets", zip_of(FILES), create=True)
    take_turn(Job.objects.get().pk)
    environment = {"ONESHOT_URL": live_server.url, "ONESHOT_API_KEY": key}

    def oneshot(*arguments: str) -> str:
        return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False).stdout

    shown = oneshot("report", "pets", job.id).splitlines()
    assert [line.split()[:3] for line in shown] == [
        ["FILE", "CATEGORY", "STATUS"],
        ["cat/1.png", "cat", "enrolled"],
        ["cat/bad.png", "cat", "failed"],
        ["cat/copy.png", "cat", "skipped"],
    ]
    failed = json.loads(oneshot("report", "pets", job.id, "--status", "failed", "--json"))
    assert (failed["path"], failed["code"]) == ("cat/bad.png", "image_unsupported")
