"""A gallery of the bundled encoder, and a tiny open_clip model that it may change to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from secrets import randbits

import pytest

from recognition.encoders.digests import digest_json
from recognition.encoders.prepare.preparing import prepare
from recognition.models import EncoderChange, Gallery
from recognition.services.categories.create_category import create_category
from recognition.services.encoder_changes.start import start_encoder_change
from recognition.services.references.enrol import enrol
from recognition.worker.take_turn import take_turn
from tests.encoders.conftest import TINY, tiny_checkpoint, write_tiny_weights  # noqa: F401
from tests.photos import another_view, photo

PHOTOS = {"cat": "chelsea.png", "cup": "coffee.png", "moon": "moon.png"}


@pytest.fixture(scope="session")
def tiny(tiny_checkpoint: Path, models_dir: Path) -> Iterator[str]:  # noqa: F811
    """Prepared where the bundled encoder is, for as long as the tests run. Its weights are its own:
    equal ones would be one encoder by several names."""
    weights = write_tiny_weights(tiny_checkpoint.with_stem("own"), seed=randbits(32))
    name = f"open_clip:{TINY}@{weights}"
    spec = prepare(name, models_dir=models_dir, progress=False)
    yield spec.name
    (models_dir / "prepared" / f"{digest_json(spec.name)[:16]}.json").unlink(missing_ok=True)


@pytest.fixture
def pets(gallery: Gallery) -> Gallery:
    """Two shots of a cat, one each of a cup and the moon, and a rocket by its description."""
    for category, file in PHOTOS.items():
        enrol(gallery=gallery, category=category, data=photo(file), create=True, advise=False)
    enrol(gallery=gallery, category="cat", data=another_view("chelsea.png"), advise=False)
    create_category(gallery=gallery, name="Rocket", prompts=["a rocket on its launch pad"])
    gallery.refresh_from_db()
    return gallery


@pytest.fixture
def change(pets: Gallery, tiny: str) -> EncoderChange:
    return start_encoder_change(gallery=pets, encoder=tiny)


@pytest.fixture
def ready(change: EncoderChange) -> EncoderChange:
    return run(change)


def run(change: EncoderChange) -> EncoderChange:
    take_turn(change.job_id)
    return EncoderChange.objects.select_related("gallery", "source", "target").get(pk=change.pk)
