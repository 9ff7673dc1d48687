"""Matching on real photos, seen by the bundled encoder."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from recognition.core.types import EvidenceKind, Matrix, Outcome
from recognition.encoders import registry
from recognition.encoders.protocol import Encoder
from recognition.images.views import pool, views
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.decisions import decide
from recognition.matching.everyday import background_images, background_texts
from recognition.matching.fit import fit
from recognition.matching.prior import shipped_prior
from recognition.matching.support import SupportSet
from tests.photos import another_view, photo

THINGS = ("chelsea.png", "coffee.png", "rocket.jpg", "coins.png", "astronaut.png", "camera.png")
ENROLLED = 4


def opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB")


def embed(encoder: Encoder, images: list[Image.Image]) -> Matrix:
    looks = [[view() for view in views(image)] for image in images]
    flat = [look for each in looks for look in each]
    return pool(encoder.encode_images(flat), [len(each) for each in looks])


@pytest.fixture(scope="module")
def encoder(models_dir: Path) -> Encoder:
    return registry.get_encoder("bundled", models_dir=models_dir, device="cpu")


@pytest.fixture(scope="module")
def background(encoder: Encoder) -> Background:
    shown = [image for number, image in enumerate(background_images()) if number % 3 == 0]
    texts = encoder.encode_texts(background_texts()[::3])
    cohort = Cohort(encoder.spec.fingerprint, encoder.encode_images(shown), texts)
    return Background.of(cohort, shipped_prior("bundled"))


@pytest.fixture(scope="module")
def support(encoder: Encoder) -> SupportSet:
    vectors = embed(encoder, [opened(photo(name)) for name in THINGS[:ENROLLED]])
    kinds = [EvidenceKind.REFERENCE] * ENROLLED
    return SupportSet.of(range(1, ENROLLED + 1), range(ENROLLED), kinds, vectors)


def test_other_views_are_recognised_and_strangers_are_not(encoder, background, support):
    model = fit(support, background)
    queries = embed(encoder, [opened(another_view(name)) for name in THINGS])
    decisions = [decide(model, query[None], support) for query in queries]
    inside, outside = decisions[:ENROLLED], decisions[ENROLLED:]
    assert [decision.candidates[0].category for decision in inside] == [*range(ENROLLED)]
    # Of four categories one view may look like its own and yet be within what chance could do.
    found = [decision.outcome for decision in inside]
    assert found.count(Outcome.MATCH) >= ENROLLED - 1 and Outcome.UNKNOWN not in found
    assert [decision.category for decision in outside] == [None, None]
    assert decisions[-1].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("scale", [0.7, 1.5, 2.0])
def test_a_decision_does_not_depend_on_the_scale_of_the_image(
    encoder, background, support, scale: float
):
    model = fit(support, background)
    original = opened(another_view("coffee.png"))
    size = round(original.width * scale), round(original.height * scale)
    scaled = original.resize(size, Image.Resampling.LANCZOS)
    first, second = (
        decide(model, embed(encoder, [image]), support) for image in (original, scaled)
    )
    assert first.outcome is second.outcome
    assert first.category == second.category == 1
