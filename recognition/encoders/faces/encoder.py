"""A face encoder: finds the face of a photo, aligns it and embeds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.core.cores import core_count
from recognition.core.errors import NoFace, NotPrepared
from recognition.core.program import PROGRAM
from recognition.core.regions import Box, Findings, FoundRegion
from recognition.core.types import EncoderSpec, Matrix, QualityWarning
from recognition.encoders.domains import texts_unsupported
from recognition.encoders.faces.alignment import dlib_chip, template_chip
from recognition.encoders.faces.crowd import Crowd, found_region
from recognition.encoders.faces.detection import Detection
from recognition.encoders.faces.finder import FaceFinder, Found
from recognition.encoders.faces.fingerprint import finder_digest
from recognition.encoders.faces.light import DARK, brightness
from recognition.encoders.faces.mean_face import mean_face
from recognition.encoders.faces.network_detector import NetworkDetector
from recognition.encoders.faces.package import LANDMARKS, import_dlib, model_file
from recognition.encoders.faces.quality import face_warnings
from recognition.encoders.faces.records import (
    DETECTOR_FILE,
    EMBEDDING_FILE,
    FACES,
    PreparedFaces,
    find_prepared,
)
from recognition.encoders.faces.remembered import Remembered
from recognition.encoders.normalising import normalise
from recognition.encoders.onnx.sessions import CheckedSessions, Session
from recognition.encoders.protocol import Crop
from recognition.encoders.text_reading import TextRead

BATCH = 4
"""Faces that are best run together: 6 ms each on one core, 7 alone, and no less in larger ones."""

REMEMBERED = 64
"""Photos whose faces are kept: those of a few batches on their way from a check to its embedding,
of 70 kB each."""

_HALF_RANGE = 127.5
"""ArcFace and its relatives take pixels from -1 to 1."""


@dataclass(frozen=True, slots=True)
class _Face:
    """The largest face of a photo, aligned, and all that were found."""

    found: tuple[Found, ...]
    chip: NDArray[np.uint8]


class FaceEncoder:
    """Embeds the largest face of a photo; safe to share by threads.

    ``threads`` run at most at a time; 0 takes one a core. Weights are loaded when it is made.
    """

    engine = "onnx"
    batch = BATCH
    linger = 0.0

    def __init__(self, prepared: PreparedFaces, *, threads: int = 0) -> None:
        self.spec: EncoderSpec = prepared.spec
        self.prepared = prepared
        self.parallel = threads or core_count()
        self._dlib: Any = import_dlib()
        self._sessions = CheckedSessions()
        detector = self._sessions(prepared.folder / DETECTOR_FILE, 1)
        self._finder = FaceFinder(self._dlib, str(model_file(LANDMARKS)), NetworkDetector(detector))
        self._faces: Remembered[_Face | None] = Remembered(REMEMBERED)
        self._crowd = Crowd(self._finder, self._align)
        self._session(1)

    def detect(self, image: Image.Image) -> list[Detection]:
        """Find all faces of a clean RGB image, the largest first, in its pixels.

        Faces are found from a tenth of its long side on. ``crop`` looks for such only where no face
        takes a fifth.
        """
        return [found.detection for found in self._finder.find(image, thorough=True)]

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]:
        """Say what is wrong with the largest face of a clean RGB image, or with the one in a box;
        see ``face_warnings``.

        Raises NoFace.
        """
        if box is None:
            face = self._face(image)
            return face_warnings(face.found, face.chip)
        [boxed] = self._crowd.faces_in(image, [box])
        if boxed is None:
            raise _no_face_in(box)
        return face_warnings([boxed.found], boxed.chip)

    def find_regions(self, image: Image.Image) -> Findings:
        """Find all faces of a clean RGB image, the largest first; none where there are none."""
        return self._crowd.find(image)

    def main_region(self, image: Image.Image) -> FoundRegion:
        """Return the face that ``encode_images`` embeds: the largest. Raises NoFace."""
        return found_region(self._face(image).found[0].detection)

    def crop_regions(self, image: Image.Image, boxes: Sequence[Box]) -> list[Crop | NoFace]:
        """Align the faces in boxes of a clean RGB image, looked for once; NoFace of a box without
        one.
        """
        faces = self._crowd.faces_in(image, boxes)
        pairs = zip(faces, boxes, strict=True)
        return [_no_face_in(box) if face is None else face.chip for face, box in pairs]

    def crop(self, image: Image.Image) -> Crop:
        """Align the largest face of a clean RGB image: ``(side, side, 3)`` of 8 bits.

        Raises NoFace.
        """
        return self._face(image).chip

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Embed aligned faces; the rows ``(n, d)`` are not normalised. ``alone`` on all threads,
        else on one.
        """
        session = self._session(self.parallel if alone else 1)
        if self._is_dlib:
            return session(np.stack(crops))
        pixels = np.stack(crops).transpose(0, 3, 1, 2).astype(np.float32)
        if not self.prepared.plain_pixels:
            pixels = (pixels - _HALF_RANGE) / _HALF_RANGE
        if self.prepared.single:
            return np.concatenate([session(each[None]) for each in pixels])
        return session(np.ascontiguousarray(pixels))

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed the largest face of each clean RGB image; returns L2-normalised ``(n, d)``.

        Raises NoFace for an image without one, VectorError.
        """
        if len(images) == 1:
            return self.encode_crops([self.crop(images[0])])
        return self.encode_crops(list(self._pool.map(self.crop, images)))

    def encode_crops(self, crops: Sequence[Crop]) -> Matrix:
        """Embed what ``crop`` made of images; as ``encode_images``."""
        batches = [crops[i : i + BATCH] for i in range(0, len(crops), BATCH)]
        if len(batches) < 2:
            rows = [self.forward_images(batch) for batch in batches]
        else:
            rows = list(self._pool.map(self._forward_beside, batches))
        return normalise(np.concatenate([np.empty((0, self.spec.dimension), np.float32), *rows]))

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Raise TextsUnsupported: a face encoder knows no words."""
        raise texts_unsupported(self.spec)

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Raise TextsUnsupported: a face encoder knows no words."""
        raise texts_unsupported(self.spec)

    def cohort(self) -> Matrix:
        """Give the mean of many people ``(1, d)``; nothing ``(0, d)`` for other models than dlib's,
        whose embeddings of them are not known.
        """
        return mean_face() if self._is_dlib else np.empty((0, self.spec.dimension), np.float32)

    def _forward_beside(self, crops: Sequence[Crop]) -> Matrix:
        return self.forward_images(crops, alone=False)

    def _face(self, image: Image.Image) -> _Face:
        face = self._faces.get(image, lambda: self._look(image))
        if face is None:
            raise _no_face(image)
        return face

    def _look(self, image: Image.Image) -> _Face | None:
        found = tuple(self._finder.find(image))
        return _Face(found, self._align(found[0])) if found else None

    @property
    def _is_dlib(self) -> bool:
        return self.spec.name == FACES

    @cached_property
    def _align(self) -> Callable[[Found], NDArray[np.uint8]]:
        if self._is_dlib:
            return lambda found: dlib_chip(self._dlib, found)
        return template_chip

    def _session(self, threads: int) -> Session:
        return self._sessions(self.prepared.folder / EMBEDDING_FILE, threads)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.parallel, thread_name_prefix="face")


def load_faces(models_dir: Path, threads: int = 0) -> FaceEncoder:
    """Load dlib's face encoder as it was prepared under ``models_dir``.

    Raises WeightsUnavailable where its packages are not installed, and NotPrepared where it was
    not prepared.
    """
    return load_face_model(FACES, models_dir, threads)


def load_face_model(name: str, models_dir: Path, threads: int = 0) -> FaceEncoder:
    """Load the face encoder of a name, ``faces`` or ``face:<path or hub id>``, as prepared.

    Raises NotPrepared where it was not prepared, or with another detector, and WeightsUnavailable
    where the detector's packages are gone.
    """
    finder = finder_digest()
    prepared = find_prepared(models_dir, name)
    if prepared is None:
        raise NotPrepared(
            f"{name} was not prepared on this machine: {PROGRAM} encoder prepare {name}."
        )
    if prepared.finder != finder:
        raise NotPrepared(
            f"Faces are found by other models than when {name} was prepared; prepare it again: "
            f"{PROGRAM} encoder prepare {name}."
        )
    return FaceEncoder(prepared, threads=threads)


def _no_face_in(box: Box) -> NoFace:
    return NoFace(
        f"No face was found in the box {box}. Draw it around one whole face, seen from the front."
    )


def _no_face(image: Image.Image) -> NoFace:
    copy = image.convert("L")
    copy.thumbnail((256, 256))
    level = brightness(np.asarray(copy))
    if level < DARK:
        return NoFace(
            f"No face was found; the image is dark: its brightest parts have {level:.0f} of 255. "
            "Take it with more light."
        )
    return NoFace(
        "No face was found in the image. Show one whole face from the front, as large as a tenth "
        "of the image at least."
    )
