"""The drawings encoder: what it embeds, what it refuses and what it warns of."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognition.core.errors import NoRegion, TextsUnsupported, WeightsUnavailable
from recognition.core.types import Domain
from recognition.encoders.drawings.encoder import DRAWINGS, DrawingsEncoder, load_drawings
from recognition.encoders.drawings.preparing import BYTES
from recognition.encoders.drawings.shipped import PROVENANCE, SHIPPED, WEIGHTS, find_weights
from tests.encoders.drawings.pages import LADDER, PAGES, SIGNED, TRIANGLE, ink_of, white

DRAWN = {
    "triangle": ink_of(TRIANGLE, (300, 300)),
    "ladder": ink_of(LADDER, (300, 300)),
    "signature": ink_of(SIGNED, (470, 200), pen=3),
}


@pytest.fixture(scope="module")
def encoder() -> DrawingsEncoder:
    return load_drawings(threads=1)


def test_it_says_what_it_is(encoder):
    spec = encoder.spec
    assert (spec.name, spec.domain, spec.reads_texts) == (DRAWINGS, Domain.DRAWINGS, False)
    assert (spec.dimension, spec.logit_scale, len(spec.fingerprint)) == (512, 1.0, 64)


def test_embeddings_have_length_one(encoder):
    rows = encoder.encode_images([white(ink) for ink in DRAWN.values()])
    assert rows.shape == (3, 512) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert encoder.encode_images([]).shape == (0, 512)


@pytest.mark.parametrize("page", PAGES)
def test_a_drawing_is_known_again_on_every_paper(encoder, page):
    plain = encoder.encode_images([white(ink) for ink in DRAWN.values()])
    paper = encoder.encode_images([PAGES[page](ink) for ink in DRAWN.values()])
    similarities = paper @ plain.T
    assert similarities.argmax(1).tolist() == [0, 1, 2]
    assert np.diag(similarities).min() > 0.8


def test_small_shifts_turns_and_sizes_hardly_count(encoder):
    page = white(DRAWN["triangle"])
    others = [
        page.transform(page.size, Image.Transform.AFFINE, (1, 0, 30, 0, 1, -20), fillcolor="white"),
        page.rotate(6, Image.Resampling.BICUBIC, fillcolor="white"),
        page.resize((170, 170), Image.Resampling.LANCZOS),
    ]
    first, *rest = encoder.encode_images([page, *others])
    assert min(float(row @ first) for row in rest) > 0.85


def test_a_batch_gives_what_each_alone_gives(encoder):
    crops = [encoder.crop(white(ink)) for ink in DRAWN.values()]
    assert all(crop.shape == (BYTES,) and crop.dtype == np.uint8 for crop in crops)
    together = encoder.forward_images(crops, alone=False)
    for crop, row in zip(crops, together, strict=True):
        assert np.allclose(encoder.forward_images([crop])[0], row, atol=1e-5)


def test_an_empty_page_is_refused_with_a_reason(encoder):
    page = Image.new("RGB", (200, 200), "white")
    for look in (encoder.crop, encoder.inspect):
        with pytest.raises(NoRegion, match="No ink was found"):
            look(page)


def test_texts_are_refused_with_a_reason(encoder):
    for read in (encoder.encode_texts, encoder.read_texts):
        with pytest.raises(TextsUnsupported, match="Enrol a drawing"):
            read(["a triangle"])


def codes(encoder: DrawingsEncoder, image: Image.Image) -> list[str]:
    return [warning.code for warning in encoder.inspect(image)]


def test_a_clean_drawing_has_no_warning(encoder):
    for ink in DRAWN.values():
        assert codes(encoder, white(ink)) == []


def test_faint_ink_is_told_with_its_contrast(encoder):
    page = Image.blend(Image.new("RGB", (300, 300), "white"), white(DRAWN["triangle"]), 0.1)
    [warning] = encoder.inspect(page)
    assert warning.code == "ink_faint"
    assert "10% darker" in warning.detail and "15%" in warning.detail


def test_a_drawing_of_few_pixels_is_told(encoder):
    small = white(DRAWN["triangle"]).resize((40, 40), Image.Resampling.BOX)
    [warning] = encoder.inspect(small)
    assert warning.code == "drawing_small"
    assert "24 pixels" in warning.detail or "25 pixels" in warning.detail


def test_a_drawing_that_is_cut_off_is_told(encoder):
    assert codes(encoder, white(DRAWN["ladder"]).crop((90, 60, 250, 240))) == ["drawing_cut_off"]


def test_a_photo_is_told(encoder):
    from skimage import data

    for photo in (data.astronaut(), data.cat(), data.coffee()):
        assert codes(encoder, Image.fromarray(photo)) == ["not_a_drawing"]


def test_the_shipped_weights_say_where_they_are_from():
    provenance = find_weights().provenance
    assert provenance["command"].startswith("manage.py encoder train drawings --seed ")
    assert provenance["parity"]["lowest_cosine"] >= 0.9999
    assert provenance["held_out_classes_of_the_generator"]["characters_20_way_one_shot"] > 0.5
    assert (SHIPPED / WEIGHTS).stat().st_size < 8 * 2**20


def test_damaged_weights_are_refused(tmp_path: Path):
    shutil.copytree(SHIPPED, tmp_path / "weights")
    with (tmp_path / "weights" / WEIGHTS).open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\1\2\3")
    with pytest.raises(WeightsUnavailable, match="damaged"):
        find_weights(tmp_path / "weights")
    (tmp_path / "weights" / PROVENANCE).unlink()
    with pytest.raises(WeightsUnavailable, match="cannot be read"):
        find_weights(tmp_path / "weights")
