"""Settings fail loudly."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from oneshot_site.secret import secret_key
from recognition.checks import encoder_engine_is_known, recognition_settings_are_valid
from recognition.conf import recognition_settings


def test_an_unknown_key_is_refused(settings):
    settings.RECOGNITION = {"thershold": 1}
    with pytest.raises(ImproperlyConfigured, match="thershold"):
        recognition_settings()
    [error] = recognition_settings_are_valid(None)
    assert error.id == "recognition.E001"


def test_the_settings_in_force_are_valid():
    assert recognition_settings_are_valid(None) == []


def test_the_signing_key_is_made_once_and_is_private(tmp_path):
    path = tmp_path / "secret_key"
    assert secret_key(path) == secret_key(path)
    assert len(secret_key(path)) >= 50
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


def test_an_engine_that_does_not_exist_is_refused(settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "engine": "tensorflow"}
    [error] = encoder_engine_is_known(None)
    assert error.id == "recognition.E004"


def test_files_in_a_bucket_are_not_read_into_memory_whole(tmp_path):
    """Zero is the storage's default, and means no limit."""
    said = subprocess.run(
        [sys.executable, "-c", "from oneshot_site.settings import STORAGES; print(STORAGES)"],
        env=os.environ | {"ONESHOT_DATA_DIR": str(tmp_path), "ONESHOT_S3_BUCKET": "media"},
        capture_output=True,
        check=True,
        text=True,
    )
    options = ast.literal_eval(said.stdout)["default"]["OPTIONS"]
    assert 0 < options["max_memory_size"] <= 16 * 1024 * 1024
