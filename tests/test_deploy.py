"""What comes for containers and systemd is held to the tools that will read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
SECRETS = dict.fromkeys(
    ["ONESHOT_SECRET_KEY", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "S3_ACCESS_KEY"]
    + ["S3_SECRET_KEY", "ONESHOT_HOST"],
    "given",
)
COMPOSED = [["compose.yaml"], ["compose.yaml", "compose.gpu.yaml"], ["compose.scale.yaml"]]


def composed(files: list[str], secrets: dict[str, str]) -> subprocess.CompletedProcess[str]:
    named = [argument for name in files for argument in ("--file", str(DEPLOY / name))]
    return subprocess.run(
        [BIN / "docker-compose", *named, "--profile", "*", "config"],
        env=os.environ | secrets,
        capture_output=True,
        text=True,
    )


def test_the_image_is_built_as_the_linter_wants():
    said = subprocess.run(
        [BIN / "hadolint", "--no-color", str(DEPLOY / "Dockerfile")], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("files", COMPOSED, ids="+".join)
def test_compose_reads_it_and_the_service_knows_its_settings(files):
    read = composed(files, SECRETS)
    assert read.returncode == 0, read.stderr
    documented = set(re.findall(r"`([A-Z0-9_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    for name, service in yaml.safe_load(read.stdout)["services"].items():
        if not service["image"].startswith("oneshot"):
            continue
        assert set(service.get("environment") or {}) <= documented, name
        assert service["read_only"] and service["user"] == "1000:1000", name
        assert service["cap_drop"] == ["ALL"], name
        words = " ".join(service.get("command") or [])
        for command in re.findall(r"oneshot-server (\S+)", words):
            assert command in get_commands(), command


def test_a_secret_that_is_missing_is_asked_for():
    refused = composed(["compose.scale.yaml"], SECRETS | {"POSTGRES_PASSWORD": ""})
    assert refused.returncode != 0
    assert "POSTGRES_PASSWORD" in refused.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_reads_the_units(tmp_path: Path):
    for unit in (DEPLOY / "systemd").glob("*.service"):
        text = unit.read_text()
        for command in re.findall(r"^ExecStart=\S+/oneshot-server (\S+)", text, re.MULTILINE):
            assert command in get_commands(), command
        # It looks for the program itself, which is not installed there.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    units = sorted(map(str, tmp_path.glob("*.service")))
    said = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60
    )
    assert (said.returncode, said.stderr) == (0, "")


def test_the_lock_holds_all_that_the_package_needs():
    lock = (ROOT / "requirements.lock").read_text()
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock, re.MULTILINE))
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    for requirement in map(Requirement, needed):
        if requirement.name in ("torch", "torchvision"):  # Chosen by the machine: see Dockerfile.
            continue
        assert requirement.specifier.contains(locked[requirement.name]), str(requirement)
