"""Made-up methods are refused before anything counts them."""

from __future__ import annotations

import pytest
from prometheus_client import generate_latest

pytestmark = pytest.mark.django_db


def series() -> int:
    return len(generate_latest().splitlines())


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/api/v1/galleries/", "/login/", "/no/"])
def test_made_up_methods_leave_nothing_in_the_metrics(path, as_nobody):
    as_nobody.generic("POST", path)
    before = series()
    for number in range(50):
        answer = as_nobody.generic(f"X{number:06}", path)
        assert answer.status_code == 405
        assert "GET" in answer["Allow"]
    assert series() == before


def test_metrics_are_told_to_nobody_but_the_operator(client, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "metrics_token": "t0ken"}
    told = {"Bearer t0ken": 200, "Bearer t0ke": 404, "Bearer ": 404, "t0ken": 404, "": 404}
    for given, status in told.items():
        assert client.get("/metrics", headers={"Authorization": given}).status_code == status
    settings.RECOGNITION = {**settings.RECOGNITION, "metrics_token": ""}
    for given in ("Bearer ", "Bearer None", ""):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    assert client.get("/metrics", headers={"oneshot.health_port": "True"}).status_code == 404
