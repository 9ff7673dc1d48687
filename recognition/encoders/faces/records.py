"""Face encoders that were prepared, found again without loading them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recognition.core.durable import replacing
from recognition.core.types import EncoderSpec
from recognition.encoders.contents import is_recorded, record_contents
from recognition.encoders.digests import digest_json

FACES = "faces"
FACE_MODEL = "face:"
"""Names: dlib's network, and before the path or hub id of an ONNX face model."""

VERSION = 1
"""Raised when embeddings change although no weights do."""

EMBEDDING_FILE, DETECTOR_FILE = "embedding.onnx", "detector.onnx"

_FOLDER = "faces"
_RECORD = "record.json"
_NAMES = "names"


@dataclass(frozen=True, slots=True)
class PreparedFaces:
    """A prepared face encoder.

    ``finder`` identifies what finds and aligns faces for it. ``cosine`` is the lowest between
    dlib's own embeddings of packaged photos and ours; None for another model, whose weights are run
    as they are. ``plain_pixels`` says that the model scales pixels by itself, ``single`` that it
    takes one face at a time. ``licence`` is what is known of it.
    """

    spec: EncoderSpec
    folder: Path
    finder: str
    source: str
    licence: str
    cosine: float | None = None
    plain_pixels: bool = False
    single: bool = False


def prepared_folder(models_dir: Path, fingerprint: str) -> Path:
    """Return where an encoder with that fingerprint lies once it is prepared."""
    return models_dir / _FOLDER / fingerprint


def write_prepared(prepared: PreparedFaces) -> None:
    """Write the record into the encoder's folder, with what is in its files."""
    record = asdict(prepared) | {"version": VERSION}
    del record["folder"]
    (prepared.folder / _RECORD).write_text(json.dumps(record, indent=2), encoding="utf-8")
    record_contents(prepared.folder)


def read_prepared(folder: Path) -> PreparedFaces | None:
    """Read the record of a folder; None where there is none that holds or a file is missing."""
    try:
        record: dict[str, Any] = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        if record.pop("version") != VERSION:
            return None
        spec = EncoderSpec(**record.pop("spec"))
        prepared = PreparedFaces(spec, folder, **record)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    there = is_recorded(folder) and all(
        (folder / name).is_file() for name in (EMBEDDING_FILE, DETECTOR_FILE)
    )
    return prepared if there else None


def remember_name(models_dir: Path, name: str, fingerprint: str) -> None:
    """Keep which fingerprint a name stands for."""
    with replacing(_name_path(models_dir, name)) as file:
        file.write(fingerprint.encode("ascii"))


def find_prepared(models_dir: Path, name: str) -> PreparedFaces | None:
    """Find the prepared encoder of a name; None where nothing is prepared."""
    try:
        fingerprint = _name_path(models_dir, name).read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    return read_prepared(prepared_folder(models_dir, fingerprint))


def all_prepared(models_dir: Path) -> Iterator[PreparedFaces]:
    """Yield every face encoder that is prepared."""
    for path in sorted((models_dir / _FOLDER).glob(f"*/{_RECORD}")):
        if prepared := read_prepared(path.parent):
            yield prepared


def _name_path(models_dir: Path, name: str) -> Path:
    return models_dir / _FOLDER / _NAMES / digest_json(name)[:16]
