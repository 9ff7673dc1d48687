"""The encoder of surfaces: patches of a photo, and one embedding that stands for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from recognition.core.cores import core_count
from recognition.core.types import EncoderSpec, Matrix
from recognition.encoders.domains import texts_unsupported
from recognition.encoders.normalising import normalise
from recognition.encoders.onnx.exported import IMAGE_TOWER, Exported
from recognition.encoders.onnx.sessions import CheckedSessions, Session
from recognition.encoders.patches.shape import DIMENSION, PatchMap, embedding_of, laid_out
from recognition.encoders.protocol import Crop
from recognition.encoders.text_reading import TextRead


class PatchEncoder:
    """Describes each patch of a photo of a surface; safe to share by threads.

    One forward pass of the trunk gives the patches; an embedding is their mean and their spread,
    which compare surfaces as wholes. What deviates is found on the patches themselves.
    """

    engine = "onnx"
    batch = 1
    linger = 0.0

    def __init__(self, spec: EncoderSpec, exported: Exported, *, threads: int = 0) -> None:
        self.spec = spec
        self._path = exported.folder / IMAGE_TOWER
        self._threads = threads or core_count()
        self.parallel = self._threads
        self._sessions = CheckedSessions()

    def load(self) -> None:
        """Load the network now rather than at its first use. Raises WeightsUnavailable."""
        self._session(1)
        self._session(self._threads)

    def patches(self, image: Image.Image) -> PatchMap:
        """Return the features of the patches of a clean RGB image, ``(rows, columns, d)``."""
        found: PatchMap = self._session(self._threads)(laid_out(image)[None])[0]
        return found

    def embed(self, patches: PatchMap) -> Matrix:
        """Return the embedding ``(1, d)`` of a photo whose patches are known. Raises VectorError
        for one that shows nothing at all.
        """
        return normalise(embedding_of(patches)[None])

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``. Raises VectorError."""
        return self.encode_crops([self.crop(image) for image in images])

    def encode_crops(self, crops: Sequence[Crop]) -> Matrix:
        """Embed what ``crop`` made of images elsewhere; as ``encode_images``."""
        rows = [self.forward_images([crop]) for crop in crops]
        return normalise(np.concatenate([np.empty((0, DIMENSION), np.float32), *rows]))

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Raise TextsUnsupported: a surface is compared with photos of good parts."""
        raise texts_unsupported(self.spec)

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Raise TextsUnsupported: a surface is compared with photos of good parts."""
        raise texts_unsupported(self.spec)

    def crop(self, image: Image.Image) -> Crop:
        """Return what the tower takes of an image; photos of other shapes have other sizes."""
        return laid_out(image)

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Run the tower on each; the rows ``(n, d)`` are not normalised. ``alone`` on all threads,
        else on one.
        """
        run = self._session(self._threads if alone else 1)
        return np.stack([embedding_of(run(crop[None])[0]) for crop in crops])

    def _session(self, threads: int) -> Session:
        return self._sessions(self._path, threads)
