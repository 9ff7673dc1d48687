"""ONNX Runtime embeds and finds faces as dlib does."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.encoders.faces.detection import turn
from recognition.encoders.faces.network_detector import NetworkDetector
from recognition.encoders.faces.package import DETECTOR, EMBEDDING, import_dlib, model_file
from recognition.encoders.faces.records import DETECTOR_FILE
from recognition.encoders.onnx.sessions import open_session
from recognition.encoders.prepare.faces import PARITY


@pytest.fixture(scope="module")
def theirs(face_models):
    return import_dlib().face_recognition_model_v1(str(model_file(EMBEDDING)))


def test_preparing_records_the_parity(faces):
    assert faces.prepared.cosine >= PARITY


def test_faces_are_embedded_as_by_dlib(faces, theirs, astronaut, portrait, cameraman):
    photos = [astronaut, portrait, cameraman, turn(astronaut, 90), portrait.reduce(2)]
    chips = [faces.crop(photo) for photo in photos]
    ours = faces.forward_images(chips)
    for row, chip in zip(ours, chips, strict=True):
        given = np.array(theirs.compute_face_descriptor(np.ascontiguousarray(chip)))
        assert row == pytest.approx(given, abs=1e-5)


def test_a_face_is_embedded_alone_as_in_a_batch(faces, astronaut, cameraman):
    together = faces.encode_images([astronaut, cameraman, astronaut.rotate(5), astronaut] * 2)
    alone = [faces.encode_images([photo])[0] for photo in (astronaut, cameraman)]
    assert together[:2] == pytest.approx(np.stack(alone), abs=1e-5)
    assert together.shape == (8, 128)


def test_the_network_finds_the_face_that_dlib_finds(face_models, faces, astronaut):
    dlib = import_dlib()
    [given] = dlib.cnn_face_detection_model_v1(str(model_file(DETECTOR)))(np.asarray(astronaut), 0)
    session = open_session(faces.prepared.folder / DETECTOR_FILE, threads=1)
    [(box, score)] = NetworkDetector(session).find(astronaut, 0.0)
    assert score == pytest.approx(given.confidence, abs=0.1)
    assert box.width == pytest.approx(given.rect.width(), rel=0.25)
    assert (box.x + box.width / 2, box.y + box.height / 2) == pytest.approx(
        (given.rect.center().x, given.rect.center().y), abs=8
    )
