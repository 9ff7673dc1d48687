"""The one RECOGNITION settings dict, with its defaults; an unknown key raises."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """The operator's choices; each is set by the environment variable it names."""

    data_dir: Path = Path("var")
    """ONESHOT_DATA_DIR: the one folder under which everything that lasts is written. By
    default the user's data folder where the package was installed."""

    models_dir: Path | None = None
    """ONESHOT_MODELS_DIR: where encoders lie; by default ``models`` in the data folder."""

    encoder: str = "auto"
    """ONESHOT_ENCODER: ``auto``, ``bundled``, ``open_clip:...`` or ``oip+http://host/model``."""

    faces_encoder: str = "faces"
    """ONESHOT_FACES_ENCODER: the encoder of new galleries of faces: ``faces``, or ``face:`` with an
    ONNX model's path or its id on the hub."""

    device: str = "auto"
    """ONESHOT_DEVICE: ``auto``, ``cpu`` or ``cuda``."""

    engine: str = "auto"
    """ONESHOT_ENGINE: what runs the encoder: ``onnx`` (ONNX Runtime), ``torch``, or ``auto``, which
    takes ONNX Runtime on a processor."""

    threads: int = 0
    """ONESHOT_THREADS: compute threads of the encoder; 0 takes one a core."""

    queue_images: int = 128
    """ONESHOT_QUEUE_IMAGES: images that may wait for the encoder; more are refused with 503."""

    encode_seconds: float = 30.0
    """ONESHOT_ENCODE_SECONDS: how long an image may wait for its embedding."""

    remembered_queries: int = 4096
    """ONESHOT_REMEMBERED_QUERIES: embeddings of images that each process keeps in memory; 0 keeps
    none."""

    index: str = "faiss"
    """ONESHOT_INDEX: where indexes are kept: ``faiss`` (in each process), ``milvus://host:port``
    with an optional ``/database``, ``milvus+tls://...``, or the path of a Milvus Lite ``.db`` file,
    which one process at a time can open."""

    milvus_token: str = ""
    """ONESHOT_MILVUS_TOKEN: ``user:password`` or an API key of the Milvus server."""

    max_image_bytes: int = 15_000_000
    """ONESHOT_MAX_IMAGE_BYTES: larger uploads are refused before they are decoded."""

    max_image_pixels: int = 50_000_000
    """ONESHOT_MAX_IMAGE_PIXELS: images with more pixels are refused before they are decoded."""

    max_request_pixels: int = 200_000_000
    """ONESHOT_MAX_REQUEST_PIXELS: requests whose images have more together are refused."""

    max_decoding_pixels: int = 64_000_000
    """ONESHOT_MAX_DECODING_PIXELS: pixels that a process decodes at a time."""

    max_archive_bytes: int = 2_000_000_000
    """ONESHOT_MAX_ARCHIVE_BYTES: larger archives and bundles are refused while they arrive."""

    max_user_galleries: int = 200
    """ONESHOT_MAX_USER_GALLERIES: galleries that a user may own; 0 sets no limit."""

    max_gallery_categories: int = 100_000
    """ONESHOT_MAX_GALLERY_CATEGORIES: categories of a gallery; 0 sets no limit."""

    max_gallery_references: int = 1_000_000
    """ONESHOT_MAX_GALLERY_REFERENCES: references of a gallery; 0 sets no limit."""

    max_gallery_queries: int = 0
    """ONESHOT_MAX_GALLERY_QUERIES: queries that a gallery keeps; 0 sets no limit."""

    max_gallery_bytes: int = 0
    """ONESHOT_MAX_GALLERY_BYTES: bytes of a gallery's files; 0 sets no limit."""

    max_user_bytes: int = 0
    """ONESHOT_MAX_USER_BYTES: bytes of files of the galleries that a user was the first to own; 0
    sets no limit."""

    metrics_token: str = ""
    """ONESHOT_METRICS_TOKEN: what ``/metrics`` asks for, except on the health port."""

    job_lease_seconds: int = 60
    """ONESHOT_JOB_LEASE_SECONDS: after which a worker that is not heard of is taken for dead."""

    webhook_allow_private: bool = False
    """ONESHOT_WEBHOOK_ALLOW_PRIVATE: let webhooks call addresses inside this network."""

    compreface: bool = False
    """ONESHOT_COMPREFACE: answer CompreFace's calls of its recognition service."""

    rate_per_caller: str = "1200/min"
    """ONESHOT_RATE_PER_CALLER: requests of a key or a user, as ``number/period``."""

    rate_per_address: str = "60/min"
    """ONESHOT_RATE_PER_ADDRESS: requests of an address without a valid key or session."""


@cache
def recognition_settings() -> RecognitionSettings:
    """Return the settings in force. Raises ImproperlyConfigured for a key that does not exist."""
    given: dict[str, Any] = getattr(django_settings, "RECOGNITION", {})
    known = {field.name for field in fields(RecognitionSettings)}
    if unknown := sorted(set(given) - known):
        raise ImproperlyConfigured(
            f"RECOGNITION has unknown keys {', '.join(unknown)}; "
            f"it knows {', '.join(sorted(known))}."
        )
    return RecognitionSettings(**given)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "RECOGNITION":
        recognition_settings.cache_clear()


setting_changed.connect(_forget)
