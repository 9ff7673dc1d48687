"""Pages of other origins: with a key where the operator allows their origin, else not at all."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from rest_framework.test import APIClient

from recognition.models import Scope
from recognition.services.api_keys.issue_key import issue_key
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
SHOP, OTHER = "https://shop.example.org", "https://other.example.org"
URL = "/api/v1/galleries/pets/identify/"


@pytest.fixture
def allowed(settings):
    settings.CORS_ALLOWED_ORIGINS = [SHOP]


@pytest.fixture
def page(gallery, alice) -> APIClient:
    """A page's script, which has a key and no session."""
    _, secret = issue_key(name="shop", user=alice, scopes=[Scope.IDENTIFY], galleries=[gallery])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def preflight(origin: str, headers: str = "authorization", url: str = URL):
    return APIClient().options(
        url,
        HTTP_ORIGIN=origin,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS=headers,
    )


def asked(page: APIClient, origin: str):
    image = upload(photo("chelsea.png"))
    return page.post(URL, {"image": image}, format="multipart", HTTP_ORIGIN=origin)


def test_no_origin_is_allowed_unless_the_operator_says_so(page):
    for answer in (preflight(SHOP), asked(page, SHOP)):
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_page_of_an_allowed_origin_asks_with_its_key(page, allowed):
    before = preflight(SHOP, "authorization, content-type, idempotency-key")
    assert before.status_code == 200
    assert before["Access-Control-Allow-Origin"] == SHOP
    assert "idempotency-key" in before["Access-Control-Allow-Headers"]
    assert "POST" in before["Access-Control-Allow-Methods"]
    answer = asked(page, SHOP)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, SHOP)
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]
    assert "origin" in answer["Vary"].lower()


def test_an_error_can_be_read_too(allowed):
    refused = APIClient().get(URL, HTTP_ORIGIN=SHOP)
    assert (refused.status_code, refused["Access-Control-Allow-Origin"]) == (401, SHOP)


def test_another_origin_stays_refused(page, allowed):
    for answer in (preflight(OTHER), asked(page, OTHER), preflight("null")):
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_session_is_of_no_use_to_another_origin(page, allowed):
    for answer in (preflight(SHOP), asked(page, SHOP)):
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("url", ["/", "/admin/login/", "/login/", "/metrics"])
def test_pages_are_for_their_own_origin_alone(url, allowed):
    assert "Access-Control-Allow-Origin" not in preflight(SHOP, url=url).headers
    assert "Access-Control-Allow-Origin" not in APIClient().get(url, HTTP_ORIGIN=SHOP).headers


@pytest.mark.parametrize("origins", ["*", "shop.example.org", f"{SHOP}/shop"])
def test_an_origin_that_is_none_is_refused_at_the_start(origins, tmp_path):
    started = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        env=os.environ
        | {
            "ONESHOT_DATA_DIR": str(tmp_path),
            "ONESHOT_CORS_ORIGINS": origins,
            "DJANGO_SETTINGS_MODULE": "oneshot_site.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.returncode == 1
    assert "corsheaders.E01" in started.stderr
