"""An encoder that another machine runs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from recognition.core.errors import EncoderError, EncoderMismatch
from recognition.core.types import EncoderSpec, Matrix
from recognition.encoders.normalising import normalise, refuse_blank
from recognition.encoders.protocol import Crop
from recognition.encoders.remote.contract import EMBEDDING, IMAGE, TEXT, Description, Remote
from recognition.encoders.remote.transport import Transport
from recognition.encoders.text_reading import TextRead

_BATCH = 16
_PARALLEL = 4
_LINGER = 0.003


class RemoteEncoder:
    """Crops images here and sends them, and texts, to a server; safe to share by threads."""

    engine = "oip"
    batch = _BATCH
    parallel = _PARALLEL
    linger = _LINGER

    def __init__(self, remote: Remote, transport: Transport, description: Description) -> None:
        self._remote = remote
        self._transport = transport
        self._description = description

    @classmethod
    def connect(cls, remote: Remote) -> RemoteEncoder:
        """Ask the server which encoder it runs. Raises RemoteUnavailable, EncoderError."""
        transport = Transport(remote)
        return cls(remote, transport, Description.of(remote, transport.get()))

    @property
    def spec(self) -> EncoderSpec:
        return self._description.spec

    def load(self) -> None:
        """Raise RemoteUnavailable where the server is not ready."""
        self._transport.check_ready()

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``.

        Raises RemoteUnavailable, EncoderMismatch, EncoderError.
        """
        batches = (images[i : i + _BATCH] for i in range(0, len(images), _BATCH))
        rows = [self.forward_images([self.crop(image) for image in batch]) for batch in batches]
        return self._joined(rows)

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; raises as ``encode_images``, and InvalidInput."""
        refuse_blank(texts)
        batches = (texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH))
        return self._joined([self._infer(TEXT, list(batch)) for batch in batches])

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Return nothing: the server's tokenizer does not tell how much of a text it reads."""
        return []

    def crop(self, image: Image.Image) -> Crop:
        """Return what the image tower takes of an image, which is all that is sent of it."""
        return self._description.preprocessing.crop(image)

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Run the image tower there; rows ``(n, d)``. How is the server's affair."""
        sent = [base64.b64encode(np.ascontiguousarray(crop).data).decode() for crop in crops]
        return self._infer(IMAGE, sent, content_type="base64")

    def _infer(self, name: str, data: list[str], content_type: str = "str") -> Matrix:
        tensor = {
            "name": name,
            "shape": [len(data), 1],
            "datatype": "BYTES",
            "parameters": {"content_type": content_type},
            "data": data,
        }
        return self._rows(self._transport.infer({"inputs": [tensor]}), len(data))

    def _rows(self, answer: Any, count: int) -> Matrix:
        """The embeddings of an answer, if the encoder that made them is the one described."""
        if answer.get("model_version") != self.spec.fingerprint:
            raise EncoderMismatch(
                f"{self._remote} runs another encoder than it did when it was asked first, so its "
                "answers are refused. Give it that encoder back, or restart to take up the other."
            )
        shape = [count, self.spec.dimension]
        outputs = [each for each in answer.get("outputs", ()) if each.get("name") == EMBEDDING]
        if len(outputs) != 1 or outputs[0]["shape"] != shape:
            raise EncoderError(f"{self._remote} did not answer one output {EMBEDDING} of {shape}.")
        return np.array(outputs[0]["data"], dtype=np.float32).reshape(shape)

    def _joined(self, rows: list[Matrix]) -> Matrix:
        return normalise(np.concatenate([np.empty((0, self.spec.dimension), np.float32), *rows]))


_remotes: dict[Remote, RemoteEncoder] = {}
_lock = Lock()


def remote_encoder(remote: Remote) -> RemoteEncoder:
    """Return the process's one connection to a server."""
    with _lock:
        if remote not in _remotes:
            _remotes[remote] = RemoteEncoder.connect(remote)
        return _remotes[remote]
