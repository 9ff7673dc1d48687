"""Embeddings of images that are evaluated again and again, kept under the data folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
from filelock import FileLock
from PIL import Image

from recognition.core.configuration import recognition_settings
from recognition.core.durable import replacing
from recognition.core.errors import RecognitionError
from recognition.core.types import Vector
from recognition.encoders.domains import check_region
from recognition.encoders.protocol import InspectingEncoder

Found: TypeAlias = Vector | RecognitionError

BATCH = 32
SAVED_EVERY = 8
"""Batches after which what has been embedded is written, so that little is lost when stopped."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An image, by a hash of its content, opened only if its embedding is not known."""

    key: str
    open: Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class EmbeddingCache:
    """The embeddings of one encoder, by content. ``seen`` is told how many are done."""

    encoder: InspectingEncoder
    seen: Callable[[int], None] = lambda _: None

    @property
    def path(self) -> Path:
        folder = recognition_settings().data_dir / "evaluations"
        return folder / f"{self.encoder.spec.fingerprint}.npz"

    def embed(self, images: Iterable[Wanted]) -> dict[str, Found]:
        """Return, by content, the embedding, or why the image cannot be used."""
        known = self._read()
        found: dict[str, Found] = {}
        unsaved: dict[str, Vector] = {}
        wanted = (each for each in images if not self._remembered(each, known, found))
        while batch := list(islice(wanted, BATCH)):
            vectors, refused = self._embed(batch)
            unsaved |= vectors
            found |= vectors
            found |= refused
            self.seen(len(found))
            if len(unsaved) >= BATCH * SAVED_EVERY:
                self._save(unsaved)
                unsaved = {}
        self._save(unsaved)
        return found

    def _remembered(
        self, wanted: Wanted, known: dict[str, Vector], found: dict[str, Found]
    ) -> bool:
        if wanted.key not in found and wanted.key in known:
            found[wanted.key] = known[wanted.key]
            self.seen(len(found))
        return wanted.key in found

    def _embed(self, batch: list[Wanted]) -> tuple[dict[str, Vector], dict[str, RecognitionError]]:
        opened: dict[str, Image.Image] = {}
        refused: dict[str, RecognitionError] = {}
        for each in batch:
            try:
                image = each.open()
                check_region(self.encoder, image)
                opened[each.key] = image
            except RecognitionError as error:
                refused[each.key] = error
        vectors = self.encoder.encode_images(list(opened.values())) if opened else ()
        return dict(zip(opened, vectors, strict=True)), refused

    def _read(self) -> dict[str, Vector]:
        if not self.path.exists():
            return {}
        with np.load(self.path, allow_pickle=False) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def _save(self, fresh: dict[str, Vector]) -> None:
        """Together with what another process has written meanwhile, in one step."""
        if not fresh:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock")):
            every = self._read() | fresh
            with replacing(self.path) as file:
                np.savez(file, keys=np.array(list(every)), vectors=np.stack(list(every.values())))


def content_key(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def picture_key(image: Image.Image) -> str:
    """Return the key of an image that never was a file of its own: from its size and its pixels."""
    return content_key(f"{image.mode} {image.size} ".encode() + image.tobytes())
