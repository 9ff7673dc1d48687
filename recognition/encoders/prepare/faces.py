"""Make face encoders ready: read dlib's weights, or check and keep an ONNX face model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recognition.core.errors import WeightsUnavailable
from recognition.core.types import Domain, EncoderSpec
from recognition.encoders.contents import is_intact
from recognition.encoders.digests import digest_file
from recognition.encoders.faces.alignment import dlib_chip
from recognition.encoders.faces.dlib_format import read_network
from recognition.encoders.faces.finder import FaceFinder
from recognition.encoders.faces.fingerprint import finder_digest, fingerprint
from recognition.encoders.faces.graphs import CHIP, detector_graph, embedding_graph
from recognition.encoders.faces.network_detector import NetworkDetector
from recognition.encoders.faces.package import (
    DETECTOR,
    EMBEDDING,
    LANDMARKS,
    import_dlib,
    model_file,
)
from recognition.encoders.faces.records import (
    DETECTOR_FILE,
    EMBEDDING_FILE,
    FACES,
    PreparedFaces,
    find_prepared,
    prepared_folder,
    remember_name,
    write_prepared,
)
from recognition.encoders.onnx.sessions import open_session
from recognition.encoders.prepare.locking import locked
from recognition.encoders.prepare.parity import images
from recognition.encoders.prepare.staging import put_in_place, staged_folder

PARITY = 0.9999
"""Cosine to dlib's own embeddings below which the network is not taken for the same."""

WORKING_SIDE = 400
"""Pixels that a photo's short side keeps twice of when it is decoded: a face of a tenth of it then
has what an aligned face takes."""

LICENCE = "dlib's models are in the public domain (CC0 1.0, package face-recognition-models)"


def prepare_faces(models_dir: Path, *, timeout: float = 600.0) -> EncoderSpec:
    """Make dlib's face encoder from the installed packages, where it was not made yet.

    Its two networks become ONNX graphs, checked against dlib on packaged photos. One process
    prepares at a time; the others wait ``timeout`` seconds. Raises WeightsUnavailable where a
    package is missing or the embeddings are not dlib's.
    """
    finder = finder_digest()
    settings = {"dlib_chip": True}
    digest = fingerprint(digest_file(model_file(EMBEDDING)), finder, settings)
    with locked(models_dir, timeout):
        found = find_prepared(models_dir, FACES)
        if found is None or found.spec.fingerprint != digest or not is_intact(found.folder):
            found = _make(models_dir, digest, finder)
    return found.spec


def _make(models_dir: Path, digest: str, finder: str) -> PreparedFaces:
    folder = prepared_folder(models_dir, digest)
    with staged_folder(folder) as made:
        write_detector(made)
        _write(embedding_graph(read_network(model_file(EMBEDDING))), made / EMBEDDING_FILE)
        dimension, cosine = _parity(made)
        spec = EncoderSpec(FACES, digest, dimension, WORKING_SIDE, 1.0, Domain.FACES, False)
        prepared = PreparedFaces(spec, made, finder, EMBEDDING, LICENCE, cosine)
        write_prepared(prepared)
        put_in_place(made, folder)
    remember_name(models_dir, FACES, digest)
    return replace(prepared, folder=folder)


def write_detector(folder: Path) -> None:
    """Write the graph of dlib's detector that is a network. Raises WeightsUnavailable."""
    _write(detector_graph(read_network(model_file(DETECTOR))), folder / DETECTOR_FILE)


def _write(graph: Any, path: Path) -> None:
    path.write_bytes(graph.SerializeToString())


def _parity(folder: Path) -> tuple[int, float]:
    """The length of an embedding, and the lowest cosine between dlib's and the graph's.

    Of packaged photos: the faces in them, and each as a whole in the place of a face.
    """
    dlib = import_dlib()
    theirs = dlib.face_recognition_model_v1(str(model_file(EMBEDDING)))
    ours = open_session(folder / EMBEDDING_FILE, threads=1)
    detector = NetworkDetector(open_session(folder / DETECTOR_FILE, threads=1))
    finder = FaceFinder(dlib, str(model_file(LANDMARKS)), detector)
    cosines, faces = [], 0
    for image in images():
        chips = [np.asarray(image.resize((CHIP, CHIP), Image.Resampling.BILINEAR))]
        if found := finder.find_upright(image):
            chips.append(dlib_chip(dlib, found[0]))
            faces += 1
        for chip in chips:
            row = ours(chip[None])[0].astype(np.float64)
            given = np.array(theirs.compute_face_descriptor(chip))
            cosines.append(row @ given / np.linalg.norm(row) / np.linalg.norm(given))
    lowest = float(min(cosines))
    if not faces or lowest < PARITY:
        raise WeightsUnavailable(
            f"The graph of {EMBEDDING} does not embed as dlib does: {faces} faces were found in "
            f"packaged photos, and the lowest cosine is {lowest:.6f}."
        )
    return len(row), lowest
