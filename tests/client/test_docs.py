"""Every snippet of ``docs/client.md`` runs, in its order, as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from recognition.client.exchange import KEY_VARIABLE, URL_VARIABLE
from tests.conftest import ROOT
from tests.photos import another_view, photo

SNIPPET = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(language: str) -> list[str]:
    page = (ROOT / "docs" / "client.md").read_text()
    return [text for found, text in SNIPPET.findall(page) if found == language]


@pytest.fixture
def process(live_server, gallery, key, tmp_path: Path):
    """Runs a program where a photo of a mug lies, and another of the same mug."""
    folder = tmp_path / "snippets"
    folder.mkdir()
    (folder / "mug.jpg").write_bytes(photo("coffee.png"))
    (folder / "mug-again.jpg").write_bytes(another_view("coffee.png"))
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        URL_VARIABLE: live_server.url,
        KEY_VARIABLE: key,
        "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }

    def run(*command: str, **kwargs) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, **kwargs
        )

    return run


def test_the_python_runs(process):
    ran = process(sys.executable, "-c", "\n".join(snippets("python")), check=False)
    assert ran.returncode == 0, ran.stderr
    assert "mug 1" in ran.stdout


def test_the_commands_run(process):
    ran = process("bash", "-e", "-o", "pipefail", "-c", "".join(snippets("sh")), check=False)
    assert ran.returncode == 0, ran.stderr
    assert "FILE" in ran.stdout
