"""The files that an encoder is loaded from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recognition.encoders.digests import digest_file, digest_json

CONFIG = "open_clip_config.json"
_LOCAL_DIR = "local-dir:"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The place where open_clip finds a model.

    ``architecture`` is one of open_clip's, or timm's; a model with its own configuration has a
    ``folder`` instead. ``pretrained`` is what open_clip knows of a tag's weights (mean, std,
    quick_gelu, ...).
    ``identity`` stands for the weights in the fingerprint where their own digest must not.
    """

    checkpoint: Path
    architecture: str = ""
    folder: Path | None = None
    pretrained: dict[str, Any] = field(default_factory=dict)
    identity: str | None = None

    @property
    def model(self) -> str:
        """Return the name that open_clip knows the model by."""
        return f"{_LOCAL_DIR}{self.folder}" if self.folder else self.architecture

    def digest(self) -> str:
        """Return one digest of what is in the files that matter. Raises OSError."""
        return digest_json([digest_file(path) for path in self._paths])

    @property
    def _paths(self) -> list[Path]:
        return [self.checkpoint, *([self.folder / CONFIG] if self.folder else [])]

    def stamp(self) -> list[list[int]]:
        """Return size and time of change of each file that matters. Raises OSError if one
        is gone.
        """
        stats = [path.stat() for path in self._paths]
        return [[stat.st_size, stat.st_mtime_ns] for stat in stats]
