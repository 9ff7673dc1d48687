"""The folder that snapshots lie in, each under the name of its generation."""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from recognition.core.durable import sync

logger = logging.getLogger(__name__)

_PARTIAL = "partial-"
_REJECTED = "rejected-"
_LOCK = "lock"


class SnapshotFolder:
    """Complete snapshots, one that is being written, one that was set aside, and their lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def snapshot(self, generation: int) -> Path:
        return self.path / f"{generation:020d}"

    def snapshots(self) -> list[Path]:
        """List the complete snapshots, newest first."""
        named = [path for path in self._folders() if path.name.isdigit()]
        return sorted(named, key=_generation, reverse=True)

    def oldest(self) -> int | None:
        """Return the earliest generation of all that is here, what was set aside included."""
        return min(map(_generation, self._folders()), default=None)

    def discard(self) -> None:
        """Delete everything, once a removal has committed."""
        if self.path.exists():
            with self.alone():
                for folder in self._folders():
                    shutil.rmtree(folder)
                sync(self.path)

    def new_partial(self, generation: int) -> Path:
        """Make an empty folder to write a snapshot in; what a killed writer left is deleted."""
        for left in self.path.glob(f"{_PARTIAL}*"):
            shutil.rmtree(left)
        partial = self.path / f"{_PARTIAL}{generation:020d}"
        partial.mkdir()
        return partial

    def set_aside(self, snapshot: Path, reason: Exception) -> None:
        logger.warning("Snapshot %s is set aside: %s.", snapshot.name, reason)
        with suppress(FileNotFoundError), self.alone():
            for before in self.path.glob(f"{_REJECTED}*"):
                shutil.rmtree(before)
            snapshot.rename(self.path / f"{_REJECTED}{snapshot.name}")
            sync(self.path)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from writing here; the lock goes with a process that dies."""
        with (self.path / _LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _folders(self) -> list[Path]:
        if not self.path.exists():
            return []
        return [path for path in self.path.iterdir() if path.is_dir()]


def _generation(folder: Path) -> int:
    return int(folder.name.rpartition("-")[2])
