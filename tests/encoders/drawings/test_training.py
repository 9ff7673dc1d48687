"""The weights are made from a seed, by one command, and can be taken up where they were left."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command

from recognition.encoders.drawings.encoder import DrawingsEncoder
from recognition.encoders.drawings.shipped import find_weights
from recognition.encoders.drawings.training import learning
from recognition.encoders.drawings.training.learning import pair_loss, recipe_of, train
from tests.encoders.drawings.pages import TRIANGLE, ink_of, white


def make(folder: Path, *, seed: int) -> str:
    out = StringIO()
    call_command(
        *("encoder", "train", "drawings", "--tiny", "--seed", str(seed), "--output", str(folder)),
        stdout=out,
        verbosity=0,
    )
    return out.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert "named rightly among twenty" in make(folder, seed=7)
    return folder


def test_the_command_makes_an_encoder_that_runs(made):
    encoder = DrawingsEncoder(find_weights(made), threads=1)
    rows = encoder.encode_images([white(ink_of(TRIANGLE, (300, 300)))])
    assert rows.shape == (1, 512)


def test_where_the_weights_are_from_is_written_beside_them(made):
    provenance = json.loads((made / "provenance.json").read_text())
    assert provenance["command"] == "manage.py encoder train drawings --seed 7 --steps 6"
    assert provenance["recipe"]["seed"] == 7
    assert provenance["parity"]["lowest_cosine"] >= 0.9999
    assert set(provenance["versions"]) == {"python", "numpy", "onnx", "onnxruntime", "torch"}
    assert sorted(path.name for path in made.iterdir()) == ["drawings.onnx", "provenance.json"]


def test_the_same_seed_makes_the_same_weights(made, tmp_path):
    for seed in (7, 8):
        make(tmp_path / str(seed), seed=seed)
    digests = [find_weights(tmp_path / seed).provenance["sha256"] for seed in ("7", "8")]
    assert digests[0] == find_weights(made).provenance["sha256"] != digests[1]


def test_a_run_that_was_broken_off_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "SAVE_EVERY", 2)
    recipe = recipe_of(tiny=True)
    steps: list[int] = []

    def broken(step: int, _: float) -> None:
        if step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path / "run.pt", broken)
    resumed = train(recipe, tmp_path / "run.pt", lambda step, _: steps.append(step))
    assert steps == [5, 6]
    whole = train(recipe, None, lambda *_: None)
    for one, other in zip(resumed.parameters(), whole.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_of_another_recipe_is_not_taken_up(tmp_path):
    checkpoint = tmp_path / "run.pt"
    train(recipe_of(tiny=True), checkpoint, lambda *_: None)
    with pytest.raises(ValueError, match="another recipe"):
        train(recipe_of(tiny=True, seed=1), checkpoint, lambda *_: None)


def test_an_encoder_that_is_not_made_here_is_refused(tmp_path):
    with pytest.raises(CommandError):
        call_command("encoder", "train", "bundled", "--output", str(tmp_path))


def test_the_loss_is_low_where_pairs_are_alike():
    rows = torch.from_numpy(np.eye(8, dtype=np.float32))
    alike, unlike = torch.cat([rows, rows]), torch.cat([rows, rows.flip(0)])
    assert float(pair_loss(alike, 16.0)) < 0.01 < 10 < float(pair_loss(unlike, 16.0))
