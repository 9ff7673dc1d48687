"""A canary: what an encoder made of a few packaged pictures when it was prepared, and makes now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from filelock import FileLock
from PIL import Image

from recognition.core.durable import replacing
from recognition.core.errors import WeightsDamaged
from recognition.core.types import Domain, EncoderSpec, Matrix
from recognition.encoders.drawings.cohort import cohort_images
from recognition.encoders.protocol import Encoder
from recognition.matching.everyday import packaged_photo
from recognition.services.encoders.gallery_encoders import models_dir, not_prepared

VERSION = 1
"""Of the pictures and the text."""

PHOTOS = ("astronaut.png", "chelsea.png")
TEXT = "a photo of a cat sitting beside a cup of coffee."

REQUIRED_COSINE = 0.995
"""Engines and processors agree to 0.9999 on a whole encoder, and to a little less in 8 bits or
bf16; sixty pages of zeros in a tower leave 0.52 to 0.86."""


def record_canary(encoder: Encoder, folder: Path) -> None:
    """Keep what an encoder makes of the canary, once a machine; ``folder`` is that of the models.

    Raises WeightsDamaged where it was kept before and is not the same any more.
    """
    path = canary_path(encoder.spec, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if path.exists():
            _compare(encoder, path)
        else:
            with replacing(path) as file:
                np.save(file, _embed(encoder))


def check_canary(encoder: Encoder) -> None:
    """Embed the canary and compare it with what preparation kept.

    Raises WeightsDamaged, or NotPrepared where nothing was kept.
    """
    path = canary_path(encoder.spec, models_dir())
    if not path.exists():
        raise not_prepared(encoder.spec.name)
    _compare(encoder, path)


def canary_path(spec: EncoderSpec, folder: Path) -> Path:
    """Return where an encoder's canary is kept under the models folder."""
    return folder / "canaries" / f"{spec.fingerprint}-{VERSION}.npy"


def _compare(encoder: Encoder, path: Path) -> None:
    try:
        kept = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise WeightsDamaged(f"{path} is damaged; remove it, and prepare the encoder.") from error
    now = _embed(encoder)
    cosine = float((now * kept).sum(axis=1).min()) if now.shape == kept.shape else float("nan")
    if not cosine >= REQUIRED_COSINE:
        raise WeightsDamaged(
            f"{encoder.spec.name} does not embed the canary as when it was prepared: cosine "
            f"{cosine:.4f}, at least {REQUIRED_COSINE} is required. Nothing is embedded with it "
            "in this process; look for damaged files or memory, and prepare the encoder again."
        )


def _embed(encoder: Encoder) -> Matrix:
    rows = encoder.encode_images(_images(encoder.spec.domain))
    if not encoder.spec.reads_texts:
        return rows
    return np.concatenate([rows, encoder.encode_texts([TEXT])])


def _images(domain: Domain) -> list[Image.Image]:
    match domain:
        case Domain.DRAWINGS:
            return list(cohort_images())[: len(PHOTOS)]
        case Domain.FACES:
            return [packaged_photo(PHOTOS[0])]
    return [packaged_photo(name) for name in PHOTOS]
