"""Every snippet of ``docs/api.md`` runs, in its order, as it stands there, against the service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.photos import another_view, photo
from tests.service import ROOT, running

SNIPPET = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a photo of a mug lies, another of the same mug, and folders to import."""
    here = tmp_path / "snippets"
    files = {
        "mug.jpg": photo("coffee.png"),
        "mug-again.jpg": another_view("coffee.png"),
        "mug/1.jpg": another_view("coffee.png"),
        "cup/1.png": photo("coins.png"),
        "cup/2.png": b"no image",
    }
    for name, content in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content)
    return here


def test_the_tutorial_runs(folder: Path, tmp_path: Path, models_dir: Path):
    snippets = SNIPPET.findall((ROOT / "docs" / "api.md").read_text())
    shell, python = (
        "\n".join(text for found, text in snippets if found == language)
        for language in ("sh", "python")
    )
    with running(tmp_path, models_dir, ONESHOT_WEBHOOK_ALLOW_PRIVATE="true") as service:
        reach = {"ONESHOT_URL": service.url, "ONESHOT_API_KEY": service.key}
        for command in (
            ["bash", "-e", "-u", "-o", "pipefail", "-c", shell],
            [sys.executable, "-c", python],
        ):
            ran = subprocess.run(
                command, cwd=folder, env=os.environ | reach, capture_output=True, text=True
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
            if command[0] == "bash":
                assert_shown(ran.stdout)


def assert_shown(printed: str) -> None:
    """What the page says of its commands' answers."""
    assert printed.count('"decision":"match"') >= 3
    assert "The nearest is mug" in printed
    assert '"state":"succeeded"' in printed
    assert '"code":"image_unsupported"' in printed
    assert '"accepted":true' in printed
