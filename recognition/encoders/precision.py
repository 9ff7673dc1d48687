"""Encoders that compute with fewer bits: other embeddings, so other encoders."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from recognition.core.types import EncoderSpec
from recognition.encoders.digests import digest_json

VERSION = 1
"""Raised when the embeddings of reduced encoders change and those of whole ones do not."""


class Precision(StrEnum):
    """``int8``: weights and activations of 8 bits on ONNX Runtime; ``bf16``: torch's autocast.

    fp16 is left out: on a GPU it is as fast as bf16 and overflows sooner, on a processor it is
    computed as float32.
    """

    FULL = "full"
    INT8 = "int8"
    BF16 = "bf16"


def reduced(spec: EncoderSpec, precision: Precision) -> EncoderSpec:
    """Return an encoder's spec in another precision: with another name, with another
    fingerprint.
    """
    digest = digest_json(
        {"encoder": spec.fingerprint, "precision": precision.value, "version": VERSION}
    )
    return replace(spec, name=f"{spec.name}+{precision}", fingerprint=digest)
