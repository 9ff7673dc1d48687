"""What the bundled encoder recognises, on photos that scikit-image ships."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from recognition.encoders.templates import encode_prompts
from tests.encoders.photos import sample

SAID = {
    "chelsea.png": "cat",
    "coffee.png": "coffee",
    "rocket.jpg": "rocket",
    "motorcycle_left.png": "motorcycle",
    "camera.png": "tripod with a camera",
    "page.png": "page of text",
}
SEEN = [
    *SAID,
    "astronaut.png",
    "brick.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "retina.jpg",
]


def nearer(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 6, height // 6, width * 5 // 6, height * 5 // 6))


VIEWS = {
    "nearer": nearer,
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.6),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "smaller": lambda image: image.resize((160, 160)),
    "turned": lambda image: image.rotate(10, Image.Resampling.BICUBIC),
}


def test_a_thing_is_recognised_from_its_name_alone(bundled):
    texts = encode_prompts(bundled, [*SAID.values(), "banana", "violin", "fire truck", "penguin"])
    images = bundled.encode_images([sample(name) for name in SAID])
    assert (images @ texts.T).argmax(axis=1).tolist() == list(range(len(SAID)))


@pytest.fixture(scope="module")
def references(bundled):
    return bundled.encode_images([sample(name) for name in SEEN])


@pytest.mark.parametrize("view", VIEWS)
def test_a_thing_is_recognised_from_one_example(bundled, references, view):
    queries = bundled.encode_images([VIEWS[view](sample(name)) for name in SEEN])
    assert (queries @ references.T).argmax(axis=1).tolist() == list(range(len(SEEN)))


def test_the_two_photos_of_a_stereo_pair_are_all_but_one(bundled):
    left, right = bundled.encode_images(
        [sample("motorcycle_left.png"), sample("motorcycle_right.png")]
    )
    assert left @ right > 0.9


def test_the_logit_scale_makes_a_softmax_over_texts_tell_sure_from_unsure(bundled):
    texts = encode_prompts(bundled, ["cat", "dog", "coffee", "rocket", "motorcycle"])
    images = bundled.encode_images([sample("chelsea.png"), sample("moon.png")])
    odds = np.exp(bundled.spec.logit_scale * images @ texts.T)
    named, unnamed = odds / odds.sum(axis=1, keepdims=True)
    assert named.argmax() == 0
    assert named.max() > 0.9
    assert unnamed.max() < 0.5


def test_its_spec(bundled):
    spec = bundled.spec
    assert (spec.name, spec.dimension, spec.input_size) == ("bundled", 512, 260)


def test_the_halves_are_what_is_said_and_what_is_seen(bundled):
    [text] = bundled.encode_texts(["a cat"])
    [image] = bundled.encode_images([sample("chelsea.png")])
    assert not text[256:].any()
    assert np.linalg.norm(image[256:]) / np.linalg.norm(image[:256]) == pytest.approx(1.5, 1e-4)


def test_a_text_embeds_alike_whatever_it_is_batched_with(bundled):
    long = "a very long description of " + "a thing with many parts and " * 20
    [alone] = bundled.encode_texts(["a cat"])
    batched = bundled.encode_texts([long, "a cat"])[1]
    np.testing.assert_allclose(alone, batched, atol=1e-5)


@pytest.mark.parametrize("text", ["?", "🐈", "\x00", "の", "a" * 10_000])
def test_any_text_that_is_not_blank_has_an_embedding(bundled, text):
    rows = bundled.encode_texts([text])
    assert np.linalg.norm(rows) == pytest.approx(1, 1e-5)


@pytest.mark.parametrize("colour", ["black", "white"])
def test_an_empty_scene_has_an_embedding(bundled, colour):
    rows = bundled.encode_images([Image.new("RGB", (300, 200), colour)])
    assert np.linalg.norm(rows) == pytest.approx(1, 1e-5)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3000, 20)])
def test_any_shape_of_image_has_an_embedding(bundled, size):
    rows = bundled.encode_images([Image.new("RGB", size, "teal")])
    assert np.linalg.norm(rows) == pytest.approx(1, 1e-5)
