"""The table of defects told from one good part, on made-up tiles and boards."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from recognition.encoders.prepare.preparing import prepare


@pytest.fixture
def prepared(settings, tmp_path):
    prepare("surfaces", models_dir=tmp_path / "models")
    settings.RECOGNITION = {**settings.RECOGNITION, "models_dir": tmp_path / "models"}


def tile(seed, *, hole):
    random = np.random.default_rng(seed)
    rows = np.repeat(random.normal(120, 25, (1, 96)), 96, axis=0) + random.normal(0, 5, (96, 96))
    image = Image.fromarray(np.clip(rows, 0, 255).astype(np.uint8))
    if hole:
        ImageDraw.Draw(image).ellipse((40, 40, 58, 54), fill=5)
    return image


def board(seed, *, cut):
    random = np.random.default_rng(seed)
    image = Image.new("L", (320, 320), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y, length, thick = (int(random.integers(*each)) for each in BOUNDS)
        draw.rectangle((x, y, x + length, y + thick), fill=0)
        draw.rectangle((y, x, y + thick, x + length), fill=0)
    if cut:
        draw.rectangle((150, 150, 172, 172), fill=int(255 * (image.getpixel((161, 161)) == 0)))
    return image


BOUNDS = ((0, 250), (0, 300), (40, 160), (6, 20))


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    for kind in ("free", "blowhole"):
        place = folder / "magnetic-tile-defects" / kind
        place.mkdir(parents=True)
        for number in range(6):
            tile(number + 10 * (kind == "free"), hole=kind != "free").save(place / f"{number}.jpg")
    for kind in ("good", "defective"):
        place = folder / "pcb-defects" / kind
        place.mkdir(parents=True)
        for number in range(6):
            board(number, cut=kind == "defective").save(place / f"{number}.jpg")
    return folder


def test_it_tells_defects_and_false_alarms_of_each_set(prepared, photos, capsys):
    call_command("evaluate", surfaces=photos, far=[0.05], json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["tiles"]["auroc"] > 0.9
    assert found["boards"]["auroc"] > 0.9
    assert (found["tiles"]["good"], found["boards"]["good"]) == (6, 3)
    call_command("evaluate", surfaces=photos, far=[0.05])
    assert "| boards | 3 | 3 |" in capsys.readouterr().out


def test_a_folder_without_either_set_is_refused(prepared, tmp_path):
    with pytest.raises(CommandError, match="neither"):
        call_command("evaluate", surfaces=tmp_path, far=[0.05])
