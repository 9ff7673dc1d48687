"""Snapshots: an index on disk, from which a process starts in seconds."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import faiss

from recognition.index.frozen import EXACT_FILES, GRAPH_FILES, Frozen, load, save, thaw
from recognition.index.kinds import IndexKind
from recognition.index.manifest import Manifest, SnapshotRejected, checksum, is_newer
from recognition.index.protocol import Position
from recognition.index.renewal import LiveIndex

logger = logging.getLogger(__name__)

KEPT = 2

_PARTIAL = "partial-"
_REJECTED = "rejected-"
_LOCK = "lock"


class SnapshotStore:
    """One gallery's snapshots, each a folder named by its generation; the newest two are kept.

    A snapshot is complete or not there at all: it is written under another name, synced and
    renamed. One that cannot be used is set aside as ``rejected-...``, its reason in the log.
    """

    def __init__(self, folder: Path, *, fingerprint: str, dimension: int) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._dimension = dimension

    def write(
        self, frozen: Frozen, position: Position, *, overtaken: Callable[[int], bool]
    ) -> Path | None:
        """Save a state as of a position; returns its folder, None if a removal has overtaken it.

        ``overtaken`` tells whether a removal after a generation is committed. It is asked under
        the lock under which ``discard`` deletes, and a removal commits before it discards, so
        whichever of the two comes second sees the other. Raises OSError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{position.generation:020d}"
        with self._alone():
            self._clear_partial()
            if overtaken(position.generation):
                return None
            if target.exists():
                if self._is_at(target, position):
                    return target
                shutil.rmtree(target)
            partial = self._folder / f"{_PARTIAL}{target.name}"
            partial.mkdir()
            save(frozen, partial)
            self._describe(frozen, position, partial).write(partial)
            _sync_folder(partial)
            partial.rename(target)
            _sync_folder(self._folder)
            for old in self._snapshots()[KEPT:]:
                shutil.rmtree(old)
        return target

    def newest(self, token: Callable[[int], int | None]) -> tuple[LiveIndex, Position] | None:
        """The index of the newest usable snapshot, and its position.

        ``token`` reads the number that the gallery drew at a generation: a snapshot with another
        is not of this database. Those that cannot be used are set aside.
        """
        for folder in self._snapshots():
            try:
                return self._open(folder, token)
            except (SnapshotRejected, OSError) as error:
                self._set_aside(folder, error)
        return None

    def discard(self) -> None:
        """Delete all that is here, once a removal has committed: a vector never outlives its
        image."""
        if not self._folder.exists():
            return
        with self._alone():
            for path in self._folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
            _sync_folder(self._folder)

    def oldest(self) -> int | None:
        """The earliest generation of all that is here, what was set aside included."""
        if not self._folder.exists():
            return None
        names = [path.name.rpartition("-")[2] for path in self._folder.iterdir() if path.is_dir()]
        return min((int(name) for name in names), default=None)

    def manifests(self) -> list[Manifest]:
        """What the snapshots say of themselves, newest first; unreadable ones are left out."""
        found = []
        for folder in self._snapshots():
            with suppress(SnapshotRejected, OSError):
                found.append(Manifest.read(folder))
        return found

    def _is_at(self, folder: Path, position: Position) -> bool:
        with suppress(SnapshotRejected, OSError):
            return Manifest.read(folder).token == position.token
        return False

    def _open(self, folder: Path, token: Callable[[int], int | None]) -> tuple[LiveIndex, Position]:
        manifest = Manifest.read(folder)
        self._check(manifest, folder, token)
        manifest.verify_files(folder)
        index = thaw(load(folder, manifest.dimension, manifest.kind, manifest.ef))
        if len(index) != manifest.count:
            raise SnapshotRejected(f"it holds {len(index)} vectors, not {manifest.count}")
        return index, Position(manifest.generation, manifest.token)

    def _check(self, manifest: Manifest, folder: Path, token: Callable[[int], int | None]) -> None:
        expected = EXACT_FILES if manifest.kind is IndexKind.EXACT else GRAPH_FILES
        if manifest.fingerprint != self._fingerprint:
            raise SnapshotRejected(f"its encoder is {manifest.fingerprint}")
        if manifest.dimension != self._dimension:
            raise SnapshotRejected(f"its dimension is {manifest.dimension}")
        if token(manifest.generation) != manifest.token:
            raise SnapshotRejected(f"the database has another generation {manifest.generation}")
        if folder.name != f"{manifest.generation:020d}" or set(manifest.files) != expected:
            raise SnapshotRejected("its manifest belongs to another snapshot")
        if is_newer(manifest.faiss_version, than=faiss.__version__):
            raise SnapshotRejected(f"FAISS {manifest.faiss_version} is newer than this one")

    def _describe(self, frozen: Frozen, position: Position, folder: Path) -> Manifest:
        return Manifest(
            fingerprint=self._fingerprint,
            dimension=frozen.dimension,
            kind=frozen.kind,
            generation=position.generation,
            token=position.token,
            count=len(frozen),
            ef=frozen.graph.ef if frozen.graph is not None else None,
            files={path.name: checksum(path) for path in sorted(folder.iterdir())},
        )

    def _snapshots(self) -> list[Path]:
        """Newest first."""
        if not self._folder.exists():
            return []
        named = [path for path in self._folder.iterdir() if path.name.isdigit()]
        return sorted(named, key=lambda path: int(path.name), reverse=True)

    def _set_aside(self, folder: Path, reason: Exception) -> None:
        logger.warning("Snapshot %s is set aside: %s.", folder.name, reason)
        with suppress(FileNotFoundError), self._alone():
            for old in self._folder.glob(f"{_REJECTED}*"):
                shutil.rmtree(old)
            folder.rename(self._folder / f"{_REJECTED}{folder.name}")
            _sync_folder(self._folder)

    def _clear_partial(self) -> None:
        for path in self._folder.glob(f"{_PARTIAL}*"):
            shutil.rmtree(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from writing here; the lock goes with a process that dies."""
        with (self._folder / _LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
