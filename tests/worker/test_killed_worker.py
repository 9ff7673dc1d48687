"""An import goes on when its worker is killed: every image is enrolled exactly once.

ONESHOT_IMPORT_IMAGES says how many images; the contract speaks of 2,000, which takes minutes.
"""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from recognition.client import Client
from tests.service import Service, running, wait_until

IMAGES = int(os.environ.get("ONESHOT_IMPORT_IMAGES", "80"))
CATEGORIES = 20
PATIENCE = 240 + IMAGES


def image(number: int) -> bytes:
    """A pattern of its own for each number."""
    rng = np.random.default_rng(number)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    buffer = BytesIO()
    coarse.resize((96, 96), Image.Resampling.BICUBIC).save(buffer, "JPEG")
    return buffer.getvalue()


def archive_in(folder: Path) -> Path:
    path = folder / "photos.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(IMAGES):
            file.writestr(f"category-{number % CATEGORIES}/{number}.jpg", image(number))
    return path


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
    with (
        running(tmp_path, models_dir, **settings) as service,
        Client(service.url, service.key) as client,
    ):
        client.create_gallery("Pets")
        started = client.start_import("pets", archive_in(tmp_path), create=True)
        wait_until(lambda: client.get_job("pets", started.id).enrolled >= IMAGES // 4, PATIENCE)
        kill_worker(service)
        killed_at = client.get_job("pets", started.id)
        assert not killed_at.finished
        assert 0 < killed_at.enrolled < IMAGES

        ended = client.wait_for_job("pets", started.id, timeout=PATIENCE)
        rows = everything(service, f"jobs/{started.id}/rows/")
        references = everything(service, "references/")
        categories = everything(service, "categories/")
    assert (ended.state, ended.total, ended.enrolled) == ("succeeded", IMAGES, IMAGES)
    assert (ended.failed, ended.skipped) == (0, 0)
    assert len({row["path"] for row in rows}) == len(rows) == IMAGES
    assert {row["reference"] for row in rows} == {reference["id"] for reference in references}
    assert len(references) == len({reference["sha256"] for reference in references}) == IMAGES
    assert sum(category["references"] for category in categories) == IMAGES
