"""What is known of prepared encoders, found again at start-up without loading them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from recognition.core.errors import WeightsDamaged
from recognition.core.types import EncoderSpec
from recognition.encoders.bundled.recipe import RECIPE
from recognition.encoders.clip.fingerprint import VERSION
from recognition.encoders.digests import digest_json
from recognition.encoders.files import ModelFiles
from recognition.encoders.precision import Precision

_FOLDER = "prepared"
_VERSION = [VERSION, RECIPE]
_PATHS = ("checkpoint", "folder")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An encoder whose weights were found, loaded once and hashed."""

    spec: EncoderSpec
    files: ModelFiles
    precision: Precision = Precision.FULL
    whole: EncoderSpec | None = None
    """Of an encoder in reduced precision, the one that it was made of."""
    digest: str = ""
    """Of its files, as they were when it was prepared; nothing while it is being prepared."""

    def check(self) -> None:
        """Compare its files with what they were. Raises WeightsDamaged."""
        if self.digest and self.files.digest() != self.digest:
            raise WeightsDamaged(
                f"{self.files.checkpoint} is damaged: its SHA-256 is not what was recorded when "
                f"{self.spec.name} was prepared. Remove the file, and prepare the encoder again."
            )


def write_record(models_dir: Path, prepared: Prepared) -> None:
    """Keep a record, which holds until one of the encoder's files changes."""
    files = asdict(prepared.files)
    for key in _PATHS:
        files[key] = _relative(files[key], models_dir)
    record = {
        "version": _VERSION,
        "spec": asdict(prepared.spec),
        "files": files,
        "stamp": prepared.files.stamp(),
        "digest": prepared.files.digest(),
        "precision": prepared.precision,
        "whole": asdict(prepared.whole) if prepared.whole else None,
    }
    path = _path(models_dir, prepared.spec.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(record, indent=2))
    temporary.replace(path)


def read_record(models_dir: Path, name: str) -> Prepared | None:
    """Read the record of that name; None where there is none that still holds."""
    return _read(_path(models_dir, name), models_dir)


def read_records(models_dir: Path) -> Iterator[Prepared]:
    """Read all records that still hold."""
    for path in sorted((models_dir / _FOLDER).glob("*.json")):
        if prepared := _read(path, models_dir):
            yield prepared


def _read(path: Path, models_dir: Path) -> Prepared | None:
    try:
        record = json.loads(path.read_text())
        files = record["files"]
        for key in _PATHS:
            files[key] = models_dir / files[key] if files[key] else None
        whole = EncoderSpec(**record["whole"]) if record.get("whole") else None
        precision = Precision(record.get("precision", Precision.FULL))
        spec, digest = EncoderSpec(**record["spec"]), record["digest"]
        prepared = Prepared(spec, ModelFiles(**files), precision, whole, digest)
        holds = record["version"] == _VERSION and record["stamp"] == prepared.files.stamp()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return prepared if holds else None


def _path(models_dir: Path, name: str) -> Path:
    return models_dir / _FOLDER / f"{digest_json(name)[:16]}.json"


def _relative(path: Path | None, models_dir: Path) -> str | None:
    """Files under the models folder move with it."""
    if path is None:
        return None
    return str(path.relative_to(models_dir) if path.is_relative_to(models_dir) else path)
