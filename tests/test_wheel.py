"""The package by itself: built, installed into an empty folder, started there, asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from recognition import __version__
from recognition.client import Client
from tests.service import wait_until

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Where the wheel lies; what it needs comes from the environment of the tests."""
    built, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(target), str(wheel)], check=True)
    return target


@pytest.fixture
def environment(installed: Path, tmp_path: Path, models_dir: Path) -> dict[str, str]:
    ours = {"ONESHOT_DATA_DIR", "DATABASE_URL", "ONESHOT_BROKER_URL", "XDG_DATA_HOME"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {
        "HOME": str(tmp_path),
        "PYTHONPATH": str(installed),
        "ONESHOT_ENCODER": "bundled",
        "ONESHOT_MODELS_DIR": str(models_dir),
        "ONESHOT_THREADS": "1",
    }


@pytest.fixture
def address(installed: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    command = [installed / "bin" / "oneshot-server", "start", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: process.poll() is not None or _is_ready(url))
        assert process.poll() is None, log.read_text()
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_an_installed_wheel_serves_pages_and_a_right_answer(
    address: str, installed: Path, environment: dict[str, str], tmp_path: Path
):
    def server(*arguments: str) -> str:
        command = [installed / "bin" / "oneshot-server", *arguments]
        return subprocess.check_output(command, cwd=tmp_path, env=environment, text=True).strip()

    assert server("--version") == __version__
    # What it prints names the command that this installation has, and its own data folder.
    data = tmp_path / ".local" / "share" / "oneshot"
    printed = (tmp_path / "log").read_text()
    assert f"oneshot-server identify demo {data}/demo/queries/*" in printed

    page = httpx.get(f"{address}/login/", follow_redirects=True)
    assert page.status_code == 200
    styles = [part for part in page.text.split('"') if part.endswith(".css")]
    assert styles
    assert all(httpx.get(f"{address}{style}").status_code == 200 for style in styles)

    with Client(address, api_key=server("apikey", "create", "tests")) as client:
        [coffee] = (data / "demo" / "queries").glob("*offee*")
        answer = client.identify("demo", coffee)
        assert (answer.decision, answer.category) == ("match", "cup-of-coffee")
        # The encoder of drawings comes with its weights.
        [letter, *_] = sorted((data / "demo" / "characters").iterdir())
        assert client.identify("characters", letter).candidates
