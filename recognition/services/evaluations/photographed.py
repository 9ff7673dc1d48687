"""Sixteen things of which scikit-image ships a photo, each with a description."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from recognition.core.types import Matrix
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.templates import encode_prompts
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.everyday import PHOTOS
from recognition.services.demo.contents import altered, photo
from recognition.services.evaluations.labelled_images import embed_pictures

THINGS = {
    "astronaut.png": "an astronaut in a spacesuit",
    "brick.png": "a brick wall",
    "camera.png": "a photographer with a camera on a tripod",
    "chelsea.png": "a cat",
    "clock_motion.png": "a clock",
    "coffee.png": "a cup of coffee",
    "coins.png": "ancient coins",
    "grass.png": "grass",
    "gravel.png": "gravel",
    "horse.png": "the silhouette of a horse",
    "hubble_deep_field.jpg": "distant galaxies in space",
    "moon.png": "the surface of the moon",
    "motorcycle_left.png": "a motorcycle in a garage",
    "page.png": "a printed page",
    "retina.jpg": "the retina of an eye",
    "rocket.jpg": "a rocket on its launch pad",
}
VIEWS = ("nearer", "turned", "darker", "mirrored")


@dataclass(frozen=True, slots=True)
class Photographed:
    """The embeddings of ``n`` things: of each the photo ``(n, d)``, the description ``(n, d)``, and
    other views of the photo ``(n, views, d)``.
    """

    photos: Matrix
    texts: Matrix
    views: Matrix


def photographed(encoder: InspectingEncoder) -> Photographed:
    opened = [_opened(name) for name in THINGS]
    others = [altered(image, view) for image in opened for view in VIEWS]
    rows = embed_pictures([*opened, *others], encoder)
    return Photographed(
        rows[: len(opened)],
        encode_prompts(encoder, list(THINGS.values())),
        rows[len(opened) :].reshape(len(opened), len(VIEWS), -1),
    )


def background_without(background: Background, things: np.ndarray) -> Background:
    """Return the cohort less the photos of some things, by number: a thing is no chance image of
    its own description.
    """
    cohort = background.cohort
    names = np.array(list(THINGS))[things]
    each = len(cohort.images) // len(PHOTOS)
    kept = np.repeat([name not in names for name in PHOTOS], each)
    return Background.of(Cohort(cohort.fingerprint, cohort.images[kept], cohort.texts))


def _opened(name: str) -> Image.Image:
    with Image.open(BytesIO(photo(name))) as opened:
        return opened.convert("RGB")
