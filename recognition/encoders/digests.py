"""Digests of files and of settings."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def digest_file(path: Path) -> str:
    """Return SHA-256 of the file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_json(value: Any) -> str:
    """Return SHA-256 of the value in canonical JSON, in hex."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
