"""What chance looks like to an encoder, measured on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from recognition.core.errors import InvalidInput
from recognition.services.encoders.background import measured_path, prior_of
from recognition.services.encoders.gallery_encoders import load_bulk_encoder
from recognition.services.evaluations.measure_chance import (
    FEWEST_KINDS,
    FEWEST_THINGS,
    measure_chance,
)
from tests.photos import FOLDER

KINDS = ("astronaut", "brick", "cell", "chelsea", "coffee", "coins", "grass", "gravel", "horse")
KINDS += ("moon", "page", "text")


@pytest.fixture
def kinds(tmp_path: Path) -> Path:
    """Parts of a photo are things of one kind."""
    folder = tmp_path / "kinds"
    for name in KINDS:
        (folder / name).mkdir(parents=True)
        with Image.open(FOLDER / f"{name}.png") as opened:
            photo = opened.convert("RGB").resize((512, 256))
        for at in range(FEWEST_THINGS):
            left, top = 128 * (at % 4), 128 * (at // 4)
            photo.crop((left, top, left + 128, top + 128)).save(folder / name / f"{at}.png")
    (folder / "too few").mkdir()
    (folder / "brick" / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def own_models(tmp_path: Path, models_dir: Path, settings) -> None:
    """The encoder that all tests share, in a folder where this one may leave its numbers."""
    folder = tmp_path / "models"
    folder.mkdir()
    for child in models_dir.iterdir():
        (folder / child.name).symlink_to(child)
    settings.RECOGNITION = {**settings.RECOGNITION, "models_dir": folder}


@pytest.mark.django_db
def test_what_was_measured_here_takes_the_place_of_what_is_shipped(kinds, own_models):
    encoder = load_bulk_encoder("bundled")
    shipped = prior_of(encoder.spec)
    call_command("encoder", "measure", str(kinds), "bundled", "--source", "parts of photos")
    assert measured_path(encoder.spec).exists()
    found = prior_of(encoder.spec)
    assert found.measured and found.source == "parts of photos"
    assert {kind.name for kind in found.kinds} == set(KINDS)
    assert all(kind.things == FEWEST_THINGS for kind in found.kinds)
    assert found.digest != shipped.digest
    assert 0.2 < found.first_mean < 2.0


@pytest.mark.django_db
def test_too_few_kinds_say_nothing(kinds, models_dir):
    for name in KINDS[FEWEST_KINDS - 1 :]:
        for file in (kinds / name).iterdir():
            file.unlink()
    with pytest.raises(InvalidInput, match="are needed"):
        measure_chance(encoder=load_bulk_encoder("bundled"), folder=kinds, source="few")
