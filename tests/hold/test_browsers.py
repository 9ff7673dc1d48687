"""What browsers are told, how long a session lasts, and which passwords are taken (OWASP ASVS)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from recognition import middleware

ROOT = Path(__file__).resolve().parents[2]
ASKED = """
import json
from django.conf import settings
names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
         "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER")
print(json.dumps([getattr(settings, name) for name in names]))
"""


@pytest.fixture
def browser(alice) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.mark.parametrize(
    "page", ["/", "/g/pets/", "/g/pets/settings/", "/login/", "/admin/login/", "/api/v1/docs/"]
)
def test_every_page_has_a_policy_and_is_kept_by_nobody(page, gallery, browser):
    answer = browser.get(page, follow=True)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


def test_what_programs_are_answered_is_kept_by_no_cache_and_has_a_tag(gallery, browser):
    answer = browser.get("/api/v1/galleries/pets/")
    assert "private" in answer.headers["Cache-Control"]
    again = browser.get("/api/v1/galleries/pets/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def settings_with(tmp_path: Path, **given: str) -> list[object]:
    environment = os.environ | {"ONESHOT_DATA_DIR": str(tmp_path)} | given
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", ASKED]
    told = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
    return list(json.loads(told))


def test_https_makes_cookies_secure_and_can_be_insisted_on(tmp_path):
    assert settings_with(tmp_path)[:4] == [False, False, 0, False]
    https = {"ONESHOT_CSRF_TRUSTED_ORIGINS": "https://oneshot.example.org"}
    assert settings_with(tmp_path, **https)[:2] == [True, True]
    insisting = {"ONESHOT_HSTS_SECONDS": "31536000", "ONESHOT_HTTPS_REDIRECT": "true"}
    told = settings_with(tmp_path, **insisting, ONESHOT_PROXIES="1")
    assert told[2:] == [31536000, True, ["HTTP_X_FORWARDED_PROTO", "https"]]


def test_whoever_asks_for_nothing_is_signed_out(gallery, browser, monkeypatch, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    clock = [time.time()]
    monkeypatch.setattr(middleware.time, "time", lambda: clock[0])
    for _ in range(5):
        clock[0] += 3000
        assert browser.get("/").status_code == 200
    clock[0] += 3601
    assert browser.get("/").url.startswith("/login/")


@pytest.mark.parametrize(
    "password",
    ["short", "correct hor", "aaaaaaaaaaaa", "password1234", "alicealice12", "1234567890123"],
)
def test_passwords_that_are_guessed_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="alice"))


def test_a_long_password_is_taken_and_costs_no_time():
    validate_password("correct horse battery staple")
    validate_password("violin cement under ginger " * 150)
