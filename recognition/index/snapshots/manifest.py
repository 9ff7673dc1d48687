"""What a snapshot is, in a file beside it that guards itself and the others."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss

from recognition.index.hnsw.widths import Widths
from recognition.index.kinds import IndexKind

FORMAT = 3
NAME = "manifest.json"


class SnapshotRejected(Exception):
    """A snapshot that must not be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot's contents: ``files`` maps each name to its SHA-256 in hexadecimal."""

    fingerprint: str
    dimension: int
    kind: IndexKind
    generation: int
    token: int
    count: int
    widths: Widths | None
    files: Mapping[str, str]
    faiss_version: str = faiss.__version__
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        with (folder / NAME).open("wb") as file:
            file.write(self._serialised())
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a snapshot's manifest. Raises SnapshotRejected unless every byte is as it was
        written.
        """
        content = (folder / NAME).read_bytes()
        try:
            fields = json.loads(content)
            found_format = fields["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise SnapshotRejected(f"the manifest cannot be read: {error}") from error
        if found_format != FORMAT:
            raise SnapshotRejected(f"its format is {found_format}, not {FORMAT}")
        try:
            fields.pop("checksum")
            widths = fields["widths"] and Widths(**fields["widths"])
            manifest = cls(**{**fields, "kind": IndexKind(fields["kind"]), "widths": widths})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SnapshotRejected(f"the manifest cannot be read: {error}") from error
        if manifest._serialised() != content:
            raise SnapshotRejected("the manifest is damaged")
        return manifest

    def verify_files(self, folder: Path) -> None:
        """Raise SnapshotRejected unless every file is there and as it was written."""
        for name, expected in self.files.items():
            try:
                actual = checksum(folder / name)
            except OSError as error:
                raise SnapshotRejected(f"{name} cannot be read: {error.strerror}") from error
            if actual != expected:
                raise SnapshotRejected(f"{name} is damaged")

    def _serialised(self) -> bytes:
        fields = {**asdict(self), "files": dict(self.files)}
        digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
        return json.dumps({**fields, "checksum": digest}, sort_keys=True, indent=1).encode()


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_newer(version: str, than: str) -> bool:
    """Say whether one FAISS version, such as 1.14.2, is later than another."""
    return _parts(version) > _parts(than)


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]
