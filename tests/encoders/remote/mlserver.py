"""A real MLServer in an environment of its own, made at first use and kept between runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import httpx
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = (
    "mlserver>=1.7.1,<1.8", "onnxruntime", "pillow", "tokenizers", "ftfy", "filelock", "httpx",
    f"coverage=={version('coverage')}",
)  # fmt: skip
"""MLServer and what an exported encoder needs; it pins what the project has in other versions."""


def installed(folder: Path) -> Path:
    """The environment's ``bin``."""
    with FileLock(f"{folder}.lock"):
        done = folder / "installed"
        if not done.is_file() or done.read_text() != sys.version:
            venv.create(folder, clear=True, with_pip=True)
            pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile"]
            subprocess.run([*pip, *PACKAGES], check=True)
            done.write_text(sys.version)
    return folder / "bin"


@contextmanager
def serving(binaries: Path, folder: Path, **models: dict[str, object]) -> Iterator[str]:
    """The address of an MLServer that serves models with these parameters."""
    port = free_port()
    ports = {"http_port": port, "grpc_port": free_port(), "metrics_port": free_port()}
    folder.mkdir()
    (folder / "settings.json").write_text(
        json.dumps({**ports, "host": "127.0.0.1", "parallel_workers": 0})
    )
    for name, parameters in models.items():
        (folder / name).mkdir()
        (folder / name / "model-settings.json").write_text(
            json.dumps(
                {
                    "name": name,
                    "implementation": "recognition.encoders.mlserver_runtime.OneshotRuntime",
                    "parameters": parameters,
                }
            )
        )
    command = [binaries / "mlserver", "start", folder]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(address: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{address}/v2/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(log.read_text())
