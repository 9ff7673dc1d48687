"""Whether two engines of one encoder agree, and how one of them is run best."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from PIL import Image

from recognition.core.types import Matrix
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.preprocessing import Pixels
from recognition.encoders.protocol import Encoder

PHOTOS = (
    "astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png",
    "hubble_deep_field.jpg", "ihc.png", "motorcycle_left.png", "page.png", "retina.jpg",
    "rocket.jpg",
)  # fmt: skip
"""Of scikit-image's sample photos."""

TEXTS = (
    "cat",
    "a photo of a cup of coffee.",
    "itap of a rocket.",
    "A RED motorcycle, parked beside the road &amp; seen from the left",
    "it's page no. 42 of a text; naïve café, 100 % — “quoted”",
    "日本語の本と猫の写真 🐈",
    "brick " * 200,
)

_BATCHES = (1, 2, 4, 8, 16)
_ROUNDS = 3
_EARNED = 0.98


def lowest_cosine(one: Encoder, other: Encoder) -> float:
    """The lowest cosine, over the photos, other shapes of them and the texts, between what two
    encoders make of the same.
    """
    pairs = (
        (one.encode_texts(TEXTS), other.encode_texts(TEXTS)),
        *((one.encode_texts([text]), other.encode_texts([text])) for text in TEXTS),
    )
    of_texts = min((ours * theirs).sum(axis=1).min() for ours, theirs in pairs)
    return min(float(of_texts), lowest_image_cosine(one, other))


class ImageEncoder(Protocol):
    """Any encoder's part that this asks for."""

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix: ...


def lowest_image_cosine(one: ImageEncoder, other: ImageEncoder) -> float:
    """Return the lowest cosine over the photos and their other shapes alone."""
    shown = list(images())
    return float((one.encode_images(shown) * other.encode_images(shown)).sum(axis=1).min())


def best_batch(encoder: OnnxEncoder) -> int:
    """The number of images that take the least processor time each when run together.

    Larger batches are tried as long as they earn something: one that leaves the caches costs more
    an image than a smaller one.
    """
    pixels = encoder.crop(next(images()))
    best, lowest = 0, float("inf")
    for batch in _BATCHES:
        cost = min(_seconds(encoder, [pixels] * batch) for _ in range(_ROUNDS)) / batch
        if cost > lowest * _EARNED:
            break
        best, lowest = batch, cost
    return best


def _seconds(encoder: OnnxEncoder, batch: list[Pixels]) -> float:
    """Of processor time."""
    start = time.process_time()
    encoder.forward_images(batch)
    return time.process_time() - start


def images() -> Iterator[Image.Image]:
    """The photos, and of the first one smaller, narrow and tall shapes."""
    for name in PHOTOS:
        with Image.open(_folder() / name) as opened:
            yield opened.convert("RGB")
    with Image.open(_folder() / PHOTOS[0]) as opened:
        photo = opened.convert("RGB")
    for size in ((40, 30), (900, 120), (130, 701)):
        yield photo.resize(size)


def _folder() -> Path:
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package scikit-image is not installed.")
    return Path(spec.submodule_search_locations[0]) / "data"
