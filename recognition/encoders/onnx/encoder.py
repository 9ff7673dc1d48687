"""An encoder run by ONNX Runtime, without torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from PIL import Image

from recognition.core.cores import core_count
from recognition.core.types import EncoderSpec, Matrix
from recognition.encoders.contents import check_contents
from recognition.encoders.domains import texts_unsupported
from recognition.encoders.normalising import normalise, refuse_blank
from recognition.encoders.onnx.exported import IMAGE_TOWER, TEXT_TOWER, TOKENIZER, Exported
from recognition.encoders.onnx.sessions import CheckedSessions, Session
from recognition.encoders.preprocessing import Preprocessing
from recognition.encoders.protocol import Crop
from recognition.encoders.text_reading import TextRead
from recognition.encoders.tokenizing import Tokenizing, Tokens

_TEXT_BATCH = 32
_SMALL_TOWER = 128 * 2**20
"""Bytes up to which an image tower is held twice: once to be run by all threads, where little
waits, and once by a single thread, which at many batches at a time saves their meeting points. A
larger one is run by all threads, a batch at a time."""

_LINGER = 0.01
"""Seconds that a large tower waits for images on their way: two at once cost a fifth less each."""

_Item = TypeVar("_Item")
_Given = TypeVar("_Given", contravariant=True)


class _Run(Protocol[_Given]):
    """A batch to its rows."""

    def __call__(self, batch: Sequence[_Given], /, *, alone: bool) -> Matrix: ...


class OnnxEncoder:
    """An exported encoder; each tower is loaded at its first use; safe to share by threads.

    ``threads`` run at most at a time; 0 takes one a core.
    """

    engine = "onnx"

    def __init__(self, spec: EncoderSpec, exported: Exported, *, threads: int = 0) -> None:
        self.spec = spec
        self._exported = exported
        self._threads = threads or core_count()
        self._sessions = CheckedSessions()

    @property
    def preprocessing(self) -> Preprocessing:
        return self._exported.preprocessing

    @property
    def batch(self) -> int:
        """How many images are best run together."""
        return self._exported.batch

    @property
    def parallel(self) -> int:
        """How many batches are best run at the same time."""
        return 1 if self._is_large else self._threads

    @property
    def linger(self) -> float:
        """Of a small tower a fuller batch is hardly cheaper."""
        return _LINGER if self._is_large else 0.0

    def load(self) -> None:
        """Load its towers now rather than at their first use. Raises WeightsUnavailable."""
        self._image_tower(alone=True)
        self._image_tower(alone=False)
        if self.spec.reads_texts:
            self._text_tower()
            self._tokenize(["a photo"])

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``. Raises VectorError."""
        return self._in_batches(self._encode_batch, images)

    def encode_crops(self, crops: Sequence[Crop]) -> Matrix:
        """Embed what ``crop`` made of images elsewhere; as ``encode_images``."""
        return self._in_batches(self.forward_images, crops)

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; returns L2-normalised float32 ``(n, d)``.

        What exceeds the model's context is cut off. Raises InvalidInput for a blank text, and
        TextsUnsupported where images alone are embedded.
        """
        self._require_texts()
        refuse_blank(texts)
        # Texts of like length share a batch, since each is padded to its batch's longest.
        order = np.argsort([len(text) for text in texts], kind="stable")
        batches = [order[i : i + _TEXT_BATCH] for i in range(0, len(order), _TEXT_BATCH)]
        rows = self._joined([self.forward_texts([texts[i] for i in batch]) for batch in batches])
        return rows[np.argsort(order, kind="stable")]

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """How much of each text is read. Raises TextsUnsupported as ``encode_texts``."""
        self._require_texts()
        return [self._read(text) for text in texts]

    def crop(self, image: Image.Image) -> Crop:
        """What the image tower takes of an image."""
        return self._exported.preprocessing.crop(image)

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Run the image tower; the rows ``(n, d)`` are not normalised. ``alone`` on all threads,
        else on one.
        """
        return self._image_tower(alone=alone)(np.stack(crops))

    def forward_texts(self, texts: Sequence[str]) -> Matrix:
        """Run the text tower; the rows ``(n, d)`` are not normalised."""
        return self._text_tower()(self._tokenize(texts))

    def _require_texts(self) -> Tokenizing:
        if self._exported.tokenizing is None:
            raise texts_unsupported(self.spec)
        return self._exported.tokenizing

    def _in_batches(self, run: _Run[_Item], items: Sequence[_Item]) -> Matrix:
        batches = [items[i : i + self.batch] for i in range(0, len(items), self.batch)]
        if len(batches) < 2 or self._is_large:
            return self._joined([run(batch, alone=True) for batch in batches])
        return self._joined(list(self._pool.map(partial(run, alone=False), batches)))

    def _encode_batch(self, images: Sequence[Image.Image], *, alone: bool) -> Matrix:
        return self.forward_images([self.crop(image) for image in images], alone=alone)

    def _joined(self, rows: list[Matrix]) -> Matrix:
        return normalise(np.concatenate([np.empty((0, self.spec.dimension), np.float32), *rows]))

    def _image_tower(self, *, alone: bool) -> Session:
        return self._session(IMAGE_TOWER, self._threads if alone or self._is_large else 1)

    @cached_property
    def _is_large(self) -> bool:
        return (self._exported.folder / IMAGE_TOWER).stat().st_size > _SMALL_TOWER

    def _text_tower(self) -> Session:
        return self._session(TEXT_TOWER, self._threads)

    def _session(self, name: str, threads: int) -> Session:
        return self._sessions(self._exported.folder / name, threads)

    @cached_property
    def _tokenize(self) -> Callable[[Sequence[str]], Tokens]:
        return self._require_texts().load(self._tokenizer())

    @cached_property
    def _read(self) -> Callable[[str], TextRead]:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._tokenizer()))
        return self._require_texts().reader(tokenizer)

    def _tokenizer(self) -> Path:
        path = self._exported.folder / TOKENIZER
        check_contents(path)
        return path

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="encode")
