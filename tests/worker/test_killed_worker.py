"""An import of every kind of name goes on when its worker is killed: each photo is enrolled once.

``ONESHOT_DRILL_FILES=5000`` makes the archive as large as people's are, and kills the worker once
for every thousand files.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import httpx

from recognition.client import Client
from recognition.core.names import name_key
from tests.archives.builders import tar_of
from tests.archives.every_name import FILES, LEFTOVERS, THINGS, every_name
from tests.service import Service, running, wait_until

KILLS = max(1, FILES // 1000)
PATIENCE = 240 + FILES


def kill_worker(service: Service) -> None:
    worker = service.worker()
    assert worker is not None
    for each in [worker, *worker.children(recursive=True)]:
        each.kill()


def everything(service: Service, listing: str) -> list[dict]:
    found, url = [], f"{service.url}/api/v1/galleries/pets/{listing}?page_size=500"
    while url:
        page = httpx.get(url, headers={"Authorization": f"Bearer {service.key}"}).json()
        found += page["results"]
        url = page["next"]
    return found


def test_a_killed_worker_is_followed_by_one_that_goes_on(tmp_path: Path, models_dir: Path):
    settings = {"ONESHOT_JOB_LEASE_SECONDS": "5", "ONESHOT_RATE_PER_CALLER": "100000/min"}
    archive = tmp_path / "photos.tgz"
    archive.write_bytes(every_name(tar_of))
    began, killed_at = time.monotonic(), []
    with (
        running(tmp_path, models_dir, **settings) as service,
        Client(service.url, service.key) as client,
    ):
        client.create_gallery("Pets")
        started = client.start_import("pets", archive, create=True)
        for kill in range(KILLS):
            due = FILES * (kill + 1) // (KILLS + 3)
            wait_until(lambda due=due: client.get_job("pets", started.id).enrolled >= due, PATIENCE)
            kill_worker(service)
            job = client.get_job("pets", started.id)
            assert not job.finished
            assert 0 < job.enrolled < FILES
            killed_at.append(job.enrolled)

        ended = client.wait_for_job("pets", started.id, timeout=PATIENCE)
        rows = everything(service, f"jobs/{started.id}/rows/")
        references = everything(service, "references/")
        categories = everything(service, "categories/")
    seconds = time.monotonic() - began
    print(f"{FILES} files in {seconds:.0f} s, worker killed at {killed_at}")
    assert (ended.state, ended.total, ended.enrolled) == ("succeeded", FILES + 3, FILES)
    assert (ended.failed, ended.skipped) == (1, 2)
    assert len({row["path"] for row in rows}) == len(rows) == FILES + 3
    told = Counter((row["status"], row["code"]) for row in rows)
    assert told == {
        ("enrolled", ""): FILES,
        ("skipped", "duplicate"): 1,
        ("skipped", "nested_archive"): 1,
        ("failed", "image_unsupported"): 1,
    }
    assert ended.plan["left_out"]["count"] == len(LEFTOVERS)
    enrolled = {row["reference"] for row in rows if row["status"] == "enrolled"}
    assert enrolled == {reference["id"] for reference in references}
    assert len(references) == len({reference["sha256"] for reference in references}) == FILES
    assert {name_key(each["name"]) for each in categories} == {name_key(each[0]) for each in THINGS}
    assert sum(category["references"] for category in categories) == FILES
