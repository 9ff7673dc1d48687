"""An inference runtime for MLServer, which serves an encoder to many installations.

Named in a ``model-settings.json`` as the implementation, with the parameters ``encoder``,
``models_dir``, and optionally ``device``, ``threads`` and ``engine``. MLServer gathers requests
into batches. See https://mlserver.readthedocs.io, "Custom inference runtimes".
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Any

import numpy as np
from mlserver import MLModel
from mlserver.codecs import Base64Codec, NumpyCodec, StringCodec
from mlserver.errors import MLServerError
from mlserver.types import (
    InferenceRequest,
    InferenceResponse,
    MetadataModelResponse,
    Parameters,
    RequestInput,
)

from recognition.core.types import Matrix
from recognition.encoders import registry
from recognition.encoders.clip.pixel_encoder import PixelEncoder
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.remote.contract import EMBEDDING, IMAGE, PARAMETER, TEXT, Description


class OneshotRuntime(MLModel):  # type: ignore[misc]  # MLServer is not installed here
    """Serves both towers of a prepared encoder as one model."""

    async def load(self) -> bool:
        given = self.settings.parameters.model_extra
        encoder = registry.get_encoder(
            given["encoder"],
            models_dir=Path(given["models_dir"]),
            device=given.get("device", "cpu"),
            threads=int(given.get("threads", 0)),
            engine=given.get("engine", "auto"),
        )
        if not isinstance(encoder, OnnxEncoder | PixelEncoder):
            raise TypeError(f"{encoder.spec.name} was not exported; prepare it first.")
        encoder.load()
        self._encoder = encoder
        self._description = Description(encoder.spec, encoder.preprocessing)
        return True

    async def metadata(self) -> MetadataModelResponse:
        answer = await super().metadata()
        answer.versions = [self._encoder.spec.fingerprint]
        answer.parameters = Parameters(**{PARAMETER: self._description.as_parameter()})
        return answer

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = await asyncio.to_thread(self._encode, payload.inputs)
        return InferenceResponse(
            model_name=self.name,
            model_version=self._encoder.spec.fingerprint,
            outputs=[NumpyCodec.encode_output(EMBEDDING, rows)],
        )

    def _encode(self, inputs: list[RequestInput]) -> Matrix:
        match inputs:
            case [RequestInput(name=name) as given] if name == TEXT:
                return self._encoder.encode_texts(StringCodec.decode_input(given))
            case [RequestInput(name=name) as given] if name == IMAGE:
                crops = [self._crop(data) for data in Base64Codec.decode_input(given)]
                return self._encoder.encode_crops(crops)
        raise _invalid(f"Send one input: {IMAGE} or {TEXT}.")

    def _crop(self, data: bytes) -> Any:
        wanted = self._description.preprocessing
        if len(data) != wanted.height * wanted.width * 3:
            raise _invalid(f"A crop has {wanted.height} x {wanted.width} x 3 bytes.")
        return np.frombuffer(data, np.uint8).reshape(wanted.height, wanted.width, 3)


def _invalid(detail: str) -> MLServerError:
    return MLServerError(detail, HTTPStatus.BAD_REQUEST)
