"""Serving only loads: what nobody has prepared is refused at once, and the worker is told."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from celery import current_app

from recognition.core.errors import NotPrepared
from recognition.services.encoders.background import background_for, cohort_path
from recognition.services.encoders.gallery_encoders import load_encoder
from recognition.worker.tasks import prepare_encoder
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, tuple[object, ...]]]:
    """What the worker was told."""
    sent: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **options: sent.append((name, args))
    )
    return sent


def test_a_missing_encoder_is_refused_and_the_worker_told_once(
    gallery, as_alice, settings, tmp_path, told
):
    settings.RECOGNITION = {**settings.RECOGNITION, "models_dir": tmp_path / "empty"}
    for _ in range(2):
        answer = as_alice.post(
            f"/api/v1/galleries/{gallery.slug}/identify/",
            {"image": upload(photo("coffee.png"))},
            format="multipart",
        )
        assert answer.status_code == 503
        assert answer.json()["code"] == "encoder_not_prepared"
        assert answer.headers["Retry-After"] == "30"
    assert told == [("recognition.tasks.prepare_encoder", ("bundled",))]
    assert not (tmp_path / "empty").exists()


def test_a_missing_cohort_is_not_embedded_while_somebody_waits(models_dir, told):
    spec = replace(load_encoder("bundled").spec, fingerprint="0" * 64)
    with pytest.raises(NotPrepared, match="encoder prepare bundled"):
        background_for(SimpleNamespace(spec=spec))
    assert not cohort_path(spec, models_dir).exists()
    assert told == [("recognition.tasks.prepare_encoder", ("bundled",))]


def test_the_worker_prepares_what_was_missing(models_dir):
    fingerprint = prepare_encoder("bundled")
    spec = load_encoder("bundled").spec
    assert fingerprint == spec.fingerprint
    assert cohort_path(spec, models_dir).exists()
