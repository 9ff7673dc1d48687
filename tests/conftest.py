"""The cast and the real parts that tests share.

Alice owns the gallery, Bob curates it, Victor views it, Charlie has no access.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from rest_framework.test import APIClient

from recognition.encoders.batching.queued_encoder import QueueLimits
from recognition.encoders.batching.queues import queued
from recognition.encoders.multi_view import MultiViewEncoder
from recognition.encoders.prepare.preparing import prepare
from recognition.encoders.registry import get_encoder
from recognition.models import Gallery, Membership, Role
from recognition.services.encoders.background import embed_cohort
from recognition.services.encoders.canary import record_canary
from recognition.services.galleries.create_gallery import create_gallery

ROOT = Path(__file__).resolve().parent.parent
MODELS_DIR = Path(os.environ.get("ONESHOT_TEST_MODELS_DIR", ROOT / "var" / "test-models"))


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where the bundled encoder lies, assembled at first use and kept between runs."""
    prepare("bundled", models_dir=MODELS_DIR)
    bundled = queued(get_encoder("bundled", models_dir=MODELS_DIR), QueueLimits())
    record_canary(bundled, MODELS_DIR)
    embed_cohort(MultiViewEncoder(bundled), MODELS_DIR)
    return MODELS_DIR


@pytest.fixture(scope="session")
def domains(models_dir: Path) -> Path:
    """Where the encoders of faces and drawings lie beside it, ready for galleries."""
    prepare("faces", models_dir=MODELS_DIR)
    for name in ("faces", "drawings"):
        encoder = queued(get_encoder(name, models_dir=MODELS_DIR), QueueLimits())
        record_canary(encoder, MODELS_DIR)
        embed_cohort(encoder, MODELS_DIR)
    return MODELS_DIR


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings) -> Iterator[Path]:
    """Every test writes under a folder of its own, and starts with nothing counted."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RECOGNITION = {
        **settings.RECOGNITION,
        "data_dir": tmp_path,
        "models_dir": MODELS_DIR,
        "encoder": "bundled",
        "threads": 1,
    }
    yield tmp_path


@pytest.fixture
def alice(db) -> User:
    return User.objects.create_user("alice", password="correct horse")


@pytest.fixture
def bob(db) -> User:
    return User.objects.create_user("bob", password="battery staple")


@pytest.fixture
def victor(db) -> User:
    return User.objects.create_user("victor", password="tr0ub4dor")


@pytest.fixture
def charlie(db) -> User:
    return User.objects.create_user("charlie", password="and three")


@pytest.fixture
def gallery(alice: User, bob: User, victor: User, models_dir: Path) -> Gallery:
    """It aims for one false accept in ten: of a rarer one, the one or two categories that most
    tests enrol cannot speak."""
    gallery = create_gallery(name="Pets", owner=alice)
    gallery.target_far = 0.1
    gallery.save(update_fields=["target_far"])
    Membership.objects.create(gallery=gallery, user=bob, role=Role.CURATOR)
    Membership.objects.create(gallery=gallery, user=victor, role=Role.VIEWER)
    return gallery


def client_of(user: User | None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def as_alice(alice: User) -> APIClient:
    return client_of(alice)


@pytest.fixture
def as_victor(victor: User) -> APIClient:
    return client_of(victor)


@pytest.fixture
def as_charlie(charlie: User) -> APIClient:
    return client_of(charlie)


@pytest.fixture
def as_nobody(db) -> APIClient:
    return client_of(None)
