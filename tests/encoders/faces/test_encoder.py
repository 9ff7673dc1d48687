"""The face encoder keeps the contract of encoders, and says what is wrong with a face."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageFilter

from recognition.core.errors import NoFace, TextsUnsupported, WeightsUnavailable
from recognition.core.types import Domain
from recognition.encoders.faces import encoder as encoder_module
from recognition.encoders.faces import package
from recognition.encoders.faces.detection import Detection, turn
from recognition.encoders.faces.encoder import FaceEncoder, load_faces
from recognition.encoders.faces.quality import yaw
from recognition.encoders.faces.records import all_prepared
from recognition.encoders.prepare.faces import prepare_faces
from tests.encoders.faces.test_finder import dimmed, side_by_side
from tests.encoders.photos import sample


@pytest.fixture
def fresh(faces: FaceEncoder) -> FaceEncoder:
    """The same encoder, which has seen nothing yet."""
    return FaceEncoder(faces.prepared, threads=2)


def codes(faces: FaceEncoder, image: Image.Image) -> set[str]:
    return {warning.code for warning in faces.inspect(image)}


def test_what_it_is(faces):
    spec = faces.spec
    assert (spec.name, spec.domain, spec.reads_texts) == ("faces", Domain.FACES, False)
    assert spec.dimension == 128 and len(spec.fingerprint) == 64
    assert (faces.parallel, faces.batch, faces.linger) == (1, 4, 0.0)


def test_embeddings_are_rows_of_length_one(faces, astronaut, cameraman):
    rows = faces.encode_images([astronaut, cameraman])
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert faces.encode_images([]).shape == (0, 128)


def test_a_person_is_nearer_to_herself_than_to_another(faces, astronaut, portrait, cameraman):
    same, other = astronaut.rotate(-9), cameraman
    rows = faces.encode_images([portrait, same.transpose(Image.Transpose.FLIP_LEFT_RIGHT), other])
    assert rows[0] @ rows[1] > 0.95 > 0.9 > rows[0] @ rows[2]


def test_the_crop_is_an_aligned_face(faces, portrait):
    straight, tilted = faces.crop(portrait), faces.crop(portrait.rotate(20))
    assert straight.shape == (150, 150, 3) and straight.dtype == np.uint8
    middle = (slice(40, 110), slice(30, 120))
    difference = np.abs(straight[middle].astype(float) - tilted[middle]).mean()
    assert difference < 16


def test_texts_are_refused_with_the_reason(faces):
    for ask in (faces.encode_texts, faces.read_texts):
        with pytest.raises(TextsUnsupported, match="describe a person by a photo"):
            ask(["a man with a beard"])


def test_a_photo_of_nobody_is_refused(faces):
    for ask in (faces.crop, faces.inspect, lambda image: faces.encode_images([image])):
        with pytest.raises(NoFace, match="Show one whole face") as raised:
            ask(sample("coffee.png"))
    assert raised.value.code == "no_face" and raised.value.status == 422


def test_a_photo_that_is_too_dark_is_called_so(faces):
    with pytest.raises(NoFace, match="the image is dark: its brightest parts have 9 of 255"):
        faces.crop(Image.new("RGB", (300, 300), (9, 9, 9)))


def test_a_good_face_has_no_warnings(faces, astronaut):
    assert faces.inspect(astronaut) == ()


def test_several_faces_are_counted_and_the_largest_is_used(faces, portrait):
    small = turn(portrait, 0).resize((150, 186)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    group = side_by_side(small, portrait)
    [warning] = [each for each in faces.inspect(group) if each.code == "several_faces"]
    assert "2 faces; the largest is used" in warning.detail
    one, other = faces.encode_images([group, portrait])
    assert one @ other > 0.98


def test_a_person_in_the_background_is_not_counted(faces, portrait):
    assert "several_faces" not in codes(faces, side_by_side(portrait.resize((84, 104)), portrait))


def test_each_flaw_has_its_warning(faces, astronaut, portrait, cameraman):
    small = portrait.resize((64, 79))
    assert "face_small" in codes(faces, small)
    assert "pixels between the eyes" in faces.inspect(small)[0].detail
    assert "face_dark" in codes(faces, dimmed(astronaut, 0.15))
    assert "face_blurred" in codes(faces, portrait.filter(ImageFilter.GaussianBlur(5)))
    assert "face_sideways" in codes(faces, turn(astronaut, 270))
    [turned] = [each for each in faces.inspect(turn(astronaut, 270)) if "sideways" in each.code]
    assert "a turn by 90 degrees counter-clockwise" in turned.detail
    [from_the_side] = [
        each
        for each in faces.inspect(cameraman.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        if each.code == "face_turned"
    ]
    assert "30% at least are needed. Look into the camera." in from_the_side.detail


def test_the_side_to_which_a_face_looks_is_measured(faces, portrait):
    mirrored = portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    left, right = (yaw(faces.detect(image)[0].landmarks) for image in (portrait, mirrored))
    assert left * right < 0 and left == pytest.approx(-right, abs=0.06)
    points = np.array([[70, 40], [60, 40], [30, 40], [40, 40], [64, 60]], float)
    assert yaw(points) == pytest.approx(0.467, abs=0.001)


def test_nothing_is_looked_for_twice_in_the_same_photo(fresh, portrait, monkeypatch):
    looked = []
    find = fresh._finder.find
    monkeypatch.setattr(fresh._finder, "find", lambda image: looked.append(image) or find(image))
    fresh.inspect(portrait)
    fresh.crop(portrait.copy())
    fresh.encode_images([portrait])
    for _ in range(2):
        with pytest.raises(NoFace):
            fresh.inspect(Image.new("RGB", (200, 200), "white"))
    assert len(looked) == 2


def test_few_photos_are_remembered(fresh, monkeypatch):
    monkeypatch.setattr(fresh._finder, "find", lambda image: [])
    for value in range(encoder_module.REMEMBERED + 9):
        with pytest.raises(NoFace):
            fresh.crop(Image.new("RGB", (32, 32), (value, value, value)))
    assert len(fresh._faces._values) == encoder_module.REMEMBERED


def test_threads_share_it(fresh, faces, astronaut, portrait, cameraman):
    photos = [astronaut, cameraman, portrait, astronaut.rotate(4)] * 3
    expected = [faces.encode_images([each])[0] for each in photos]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda image: fresh.encode_images([image.copy()])[0], photos))
        found = list(pool.map(fresh.detect, photos[:4]))
    assert np.stack(rows) == pytest.approx(np.stack(expected), abs=1e-5)
    assert all(isinstance(each, Detection) for faces in found for each in faces)


def test_preparing_again_changes_nothing(face_models, faces):
    before = (faces.prepared.folder / "record.json").stat().st_mtime_ns
    assert prepare_faces(face_models) == faces.spec
    assert (faces.prepared.folder / "record.json").stat().st_mtime_ns == before
    assert faces.spec in [prepared.spec for prepared in all_prepared(face_models)]


def test_what_was_not_prepared_is_refused(face_models, tmp_path):
    with pytest.raises(WeightsUnavailable, match="manage.py encoder prepare faces"):
        load_faces(tmp_path)


@pytest.mark.parametrize(("module", "named"), [
    ("dlib", "dlib-bin"), ("face_recognition_models", "face-recognition-models")
])  # fmt: skip
def test_without_its_packages_the_domain_is_missing_and_says_so(
    tmp_path, monkeypatch, module, named
):
    find_spec = package.find_spec
    monkeypatch.setattr(
        package, "find_spec", lambda name: None if name == module else find_spec(name)
    )
    for ask in (prepare_faces, load_faces):
        with pytest.raises(WeightsUnavailable, match=f"The package {named} is not installed"):
            ask(tmp_path)


def test_the_models_package_is_never_imported(face_models):
    program = (
        "import sys; from pathlib import Path;"
        "from recognition.encoders.faces.encoder import load_faces;"
        "assert 'dlib' not in sys.modules and 'onnxruntime' not in sys.modules;"
        f"load_faces(Path({str(face_models)!r}));"
        "assert 'face_recognition_models' not in sys.modules and 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
