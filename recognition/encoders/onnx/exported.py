"""What an export leaves behind, found again under the encoder's fingerprint."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from recognition.encoders.contents import is_intact, is_recorded
from recognition.encoders.preprocessing import Preprocessing
from recognition.encoders.tokenizing import Tokenizing

FORMAT = 1
"""Raised when exports of before must be made anew."""

IMAGE_TOWER = "image.onnx"
TEXT_TOWER = "text.onnx"
TOKENIZER = "tokenizer.json"
_RECORD = "export.json"
_FOLDER = "onnx"


@dataclass(frozen=True, slots=True)
class Exported:
    """The towers on disk; of images alone there is one, and no ``tokenizing``.

    ``cosine`` is the lowest of the parity check; ``batch`` is the number of images that cost the
    least each when run together on a processor.
    """

    folder: Path
    preprocessing: Preprocessing
    tokenizing: Tokenizing | None
    cosine: float
    batch: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an encoder is not run by ONNX Runtime."""

    reason: str


def export_folder(models_dir: Path, fingerprint: str) -> Path:
    return models_dir / _FOLDER / fingerprint


def write_exported(exported: Exported) -> None:
    record = asdict(exported) | {"format": FORMAT}
    del record["folder"]
    (exported.folder / _RECORD).write_text(json.dumps(record, indent=2))


def write_refused(folder: Path, refused: Refused) -> None:
    """Keep the reason, so that the export is not tried again at every start."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _RECORD).write_text(json.dumps(asdict(refused) | {"format": FORMAT}, indent=2))


def read_export(models_dir: Path, fingerprint: str) -> Exported | Refused | None:
    """What came of the export; None where there was none of this format, or it is incomplete."""
    folder = export_folder(models_dir, fingerprint)
    try:
        record = json.loads((folder / _RECORD).read_text())
        if record.pop("format") != FORMAT:
            return None
        if "reason" in record:
            return Refused(record["reason"])
        preprocessing = Preprocessing(**record.pop("preprocessing"))
        texts = record.pop("tokenizing")
        tokenizing = None if texts is None else Tokenizing(**texts)
        exported = Exported(folder, preprocessing, tokenizing, **record)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    names = (IMAGE_TOWER, TEXT_TOWER, TOKENIZER) if tokenizing else (IMAGE_TOWER,)
    there = is_recorded(folder) and all((folder / name).is_file() for name in names)
    return exported if there else None


def read_undamaged(models_dir: Path, fingerprint: str) -> Exported | Refused | None:
    """As ``read_export``; None also where a file is not as it was recorded."""
    found = read_export(models_dir, fingerprint)
    if isinstance(found, Exported) and not is_intact(found.folder):
        return None
    return found
