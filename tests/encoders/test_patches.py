"""The encoder of surfaces: the real trunk, exported once."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.core.errors import NotPrepared, TextsUnsupported
from recognition.encoders import registry
from recognition.encoders.patches.shape import CELL, STRIDE, scaled_size
from recognition.encoders.prepare.preparing import prepare
from tests.encoders.photos import sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    prepare("surfaces", models_dir=folder)
    return folder


@pytest.fixture(scope="module")
def encoder(folder):
    return registry.get_encoder("surfaces", models_dir=folder, threads=1)


def test_an_encoder_that_nobody_prepared_is_refused(tmp_path):
    with pytest.raises(NotPrepared):
        registry.get_encoder("surfaces", models_dir=tmp_path)


def test_a_photo_keeps_its_shape_in_patches(encoder):
    photo = sample("brick.png").resize((600, 240))
    width, height = scaled_size(*photo.size)
    assert encoder.patches(photo).shape == (height // STRIDE, width // STRIDE, 192)
    assert width % CELL == height % CELL == 0


def test_only_the_patches_around_a_flaw_change(encoder):
    photo = sample("brick.png").resize((320, 320))
    flawed = photo.copy()
    flawed.paste((255, 0, 0), (144, 144, 176, 176))
    change = np.linalg.norm(encoder.patches(flawed) - encoder.patches(photo), axis=-1)
    assert np.unravel_index(change[1:-1, 1:-1].argmax(), (38, 38)) == pytest.approx((19, 19), abs=4)
    assert np.median(change) < 0.2 * change.max()


def test_an_embedding_stands_for_the_whole_photo(encoder):
    rows = encoder.encode_images([sample("brick.png"), sample("coffee.png").resize((90, 400))])
    assert rows.shape == (2, encoder.spec.dimension)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)


def test_it_reads_no_texts(encoder):
    with pytest.raises(TextsUnsupported):
        encoder.encode_texts(["a scratched tile"])
