from __future__ import annotations

import pytest
from django.test import Client

from recognition.services.encoders.warm_up import warm_up, warm_up_others

pytestmark = pytest.mark.django_db
BY_HEALTH_PORT = {"oneshot.health_port": True}


def test_a_process_that_answers_lives(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_process_is_ready_once_its_encoder_is_warm(client, models_dir, monkeypatch):
    from threading import Event

    monkeypatch.setattr("recognition.services.encoders.warm_up._warm", Event())
    monkeypatch.setattr("recognition.services.encoders.warm_up._others_tried", Event())
    cold = client.get("/readyz")
    assert cold.status_code == 503
    assert not cold.json()["checks"]["encoder"]
    warm_up()
    checks = client.get("/readyz").json()["checks"]
    assert (checks["encoder"], checks["encoders"]) == (True, False)
    warm_up_others()
    assert client.get("/readyz").status_code == 200


def test_metrics_are_exported(client):
    client.get("/healthz")
    exported = client.get("/metrics", **BY_HEALTH_PORT).content.decode()
    assert "django_http_requests_before_middlewares_total" in exported


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_only_reading_is_offered(address):
    client = Client(enforce_csrf_checks=True)
    assert client.head(address, **BY_HEALTH_PORT).status_code in {200, 503}
    refused = client.post(address)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
