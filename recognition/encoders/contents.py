"""Compare an encoder's files with the digests that were recorded at its preparation."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from recognition.core.errors import WeightsDamaged
from recognition.encoders.digests import digest_file

RECORD = "digests.json"
"""Beside the files: the SHA-256 of each, by its name."""


def record_contents(folder: Path) -> None:
    """Write the digest of every file of a folder into it."""
    digests = {
        path.name: digest_file(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != RECORD
    }
    (folder / RECORD).write_text(json.dumps(digests, indent=2), encoding="utf-8")


def is_recorded(folder: Path) -> bool:
    """Say whether ``record_contents`` was called for a folder."""
    return (folder / RECORD).is_file()


def is_intact(folder: Path) -> bool:
    """Say whether every file of a folder is as it was recorded."""
    try:
        for name in _recorded(folder):
            check_contents(folder / name)
    except WeightsDamaged:
        return False
    return True


def check_contents(path: Path) -> None:
    """Compare a file with the record of its folder. Raises WeightsDamaged."""
    check_digest(path, _recorded(path.parent).get(path.name, ""))


def check_digest(path: Path, recorded: str) -> None:
    """Compare a file with a digest that was recorded of it. Raises WeightsDamaged.

    A file that was read once is not read again before it changes.
    """
    try:
        stat = path.stat()
        found = _digest(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    except OSError as error:
        raise WeightsDamaged(f"{path} cannot be read: {error}") from error
    if found != recorded:
        raise WeightsDamaged(
            f"{path} is damaged: its SHA-256 is not what was recorded when the encoder was "
            "prepared. Nothing is embedded with it; prepare the encoder again: manage.py encoder "
            "prepare."
        )


@lru_cache(maxsize=64)
def _digest(path: Path, _: tuple[int, ...]) -> str:
    return digest_file(path)


def _recorded(folder: Path) -> dict[str, str]:
    try:
        recorded = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsDamaged(f"{folder / RECORD} cannot be read: {error}") from error
    if not isinstance(recorded, dict):
        raise WeightsDamaged(f"{folder / RECORD} is damaged.")
    return recorded
