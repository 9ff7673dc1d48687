"""The cohort of an encoder: everyday things in word and picture, embedded once a machine."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock

import numpy as np
from filelock import FileLock

from recognition.core.durable import replacing
from recognition.core.types import Domain, EncoderSpec, Matrix
from recognition.encoders.protocol import Encoder, InspectingEncoder
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.everyday import background_images, background_texts
from recognition.matching.prior import UNMEASURED, Prior, from_json, shipped_prior
from recognition.models import Gallery
from recognition.services.encoders.gallery_encoders import encoder_of, models_dir, not_prepared

BATCH = 32
VERSION = 2
"""Of the pictures and words of the cohort."""

_lock = Lock()
_backgrounds: dict[str, Background] = {}


def background_of(gallery: Gallery) -> Background:
    """Return what chance looks like to a gallery's encoder; raises as ``background_for``."""
    return background_for(encoder_of(gallery))


def background_for(encoder: Encoder) -> Background:
    """Return what chance looks like to an encoder, read once a process from what ``embed_cohort``
    left.

    Raises NotPrepared where nobody has embedded its cohort on this machine.
    """
    fingerprint = encoder.spec.fingerprint
    if found := _backgrounds.get(fingerprint):
        return found
    with _lock:
        if fingerprint not in _backgrounds:
            cohort = _read(cohort_path(encoder.spec, models_dir()), encoder.spec)
            _backgrounds[fingerprint] = Background.of(cohort, prior_of(encoder.spec))
        return _backgrounds[fingerprint]


def cohort_path(spec: EncoderSpec, folder: Path) -> Path:
    """Return where an encoder's cohort is kept under the models folder."""
    return folder / "cohorts" / f"{spec.fingerprint}-{VERSION}.npz"


def prior_of(spec: EncoderSpec) -> Prior:
    """Return what impostor scores of an encoder are like: as measured on this machine, as shipped
    for it, or else those of another encoder, which support nothing by themselves.
    """
    path = measured_path(spec)
    if path.exists():
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    return shipped_prior(spec.name) or UNMEASURED


def measured_path(spec: EncoderSpec) -> Path:
    """Return where what was measured on this machine is kept."""
    return models_dir() / "chance" / f"{spec.fingerprint}.json"


def embed_cohort(encoder: InspectingEncoder, folder: Path) -> None:
    """Embed everyday things, or those of the encoder's domain, once a machine; takes seconds.

    ``folder`` is that of the models. Of processes that do so at the same time one does the work.
    """
    path = cohort_path(encoder.spec, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            general = encoder.spec.domain is Domain.GENERAL
            images = _embed_images(encoder) if general else encoder.cohort()
            texts = _embed_texts(encoder) if encoder.spec.reads_texts else images[:0]
            _write(path, images, texts)


def _read(path: Path, spec: EncoderSpec) -> Cohort:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return Cohort(spec.fingerprint, stored["images"], stored["texts"])
    except FileNotFoundError:
        raise not_prepared(spec.name) from None


def _embed_images(encoder: Encoder) -> Matrix:
    images = list(background_images())
    return np.concatenate(
        [encoder.encode_images(images[at : at + BATCH]) for at in range(0, len(images), BATCH)]
    )


def _embed_texts(encoder: Encoder) -> Matrix:
    """Embed the texts in the form of CLIP's first template; by length, so that little is padded."""
    texts = sorted((f"a photo of a {name}." for name in background_texts()), key=len)
    return np.concatenate(
        [encoder.encode_texts(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    )


def _write(path: Path, images: Matrix, texts: Matrix) -> None:
    with replacing(path) as file:
        np.savez(file, images=images, texts=texts)
