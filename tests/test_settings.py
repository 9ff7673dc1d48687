"""Settings fail loudly."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from oneshot_site.secret import secret_key
from recognition.checks import (
    device_is_known,
    encoder_engine_is_known,
    rates_are_readable,
    recognition_settings_are_valid,
)
from recognition.core.configuration import recognition_settings


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


@pytest.mark.parametrize("device", ["gpu", "cuda:0", "CPU", ""])
def test_a_device_that_would_silently_be_the_processor_is_refused(device, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "device": device}
    [error] = device_is_known(None)
    assert error.id == "recognition.E005"
    assert "ONESHOT_DEVICE" in error.msg


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda"])
def test_each_device_may_be_chosen(device, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "device": device}
    assert device_is_known(None) == []


@pytest.mark.parametrize("rate", ["abc", "", "60", "many/min", "60/", "60/fortnight", "6/0/min"])
@pytest.mark.parametrize("name", ["rate_per_caller", "rate_per_address"])
def test_a_rate_that_no_request_could_be_counted_by_is_refused(name, rate, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, name: rate}
    [error] = rates_are_readable(None)
    assert error.id == "recognition.E006"
    assert f"ONESHOT_{name.upper()}" in error.msg


@pytest.mark.parametrize("rate", ["1/s", "60/min", "1000/hour", "5/d"])
def test_a_rate_has_a_number_and_a_period(rate, settings):
    rates = {"rate_per_caller": rate, "rate_per_address": rate}
    settings.RECOGNITION = {**settings.RECOGNITION, **rates}
    assert rates_are_readable(None) == []


def test_what_the_environment_gives_is_checked_at_the_start(tmp_path):
    environment = os.environ | {"ONESHOT_DATA_DIR": str(tmp_path), "ONESHOT_RATE_PER_CALLER": "abc"}
    environment |= {"ONESHOT_DEVICE": "gpu"}
    started = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "oneshot_site.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.returncode == 1
    assert "recognition.E005" in started.stderr
    assert "recognition.E006" in started.stderr


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
