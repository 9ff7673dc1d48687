"""A photo is looked at once or twice, a drawing as a shape; the encoder's name tells them apart."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.encoders import registry
from recognition.encoders.multi_view import multi_view_spec
from recognition.services.encoders.gallery_encoders import load_encoder

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(models_dir):
    return registry.get_encoder("bundled", models_dir=models_dir, threads=1)


def drawing() -> Image.Image:
    image = Image.new("RGB", (105, 105), "white")
    ImageDraw.Draw(image).line([(20, 20), (80, 40), (30, 85)], fill="black", width=3)
    return image


def test_a_square_photo_is_embedded_as_it_is(plain):
    photo = Image.effect_noise((128, 128), 60).convert("RGB")
    looked = load_encoder("bundled").encode_images([photo])
    assert np.allclose(looked, plain.encode_images([photo]), atol=1e-5)


def test_a_drawing_is_embedded_as_a_shape(plain):
    [looked], [once] = (
        load_encoder("bundled").encode_images([drawing()]),
        plain.encode_images([drawing()]),
    )
    assert np.linalg.norm(looked) == pytest.approx(1, abs=1e-5)
    assert looked @ once < 0.95


def test_each_image_keeps_its_place():
    photo = Image.effect_noise((200, 100), 60).convert("RGB")
    together = load_encoder("bundled").encode_images([photo, drawing(), photo])
    alone = load_encoder("bundled").encode_images([drawing()])
    assert np.allclose(together[0], together[2], atol=1e-5)
    assert np.allclose(together[1], alone[0], atol=1e-4)


def test_its_fingerprint_is_its_own(plain):
    assert load_encoder("bundled").spec == multi_view_spec(plain.spec)
    assert multi_view_spec(plain.spec).fingerprint != plain.spec.fingerprint
    assert len(multi_view_spec(plain.spec).fingerprint) == 64
