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
from recognition.index.renewal import LiveIndex

logger = logging.getLogger(__name__)

KEPT = 2

_PARTIAL = "partial-"
_REJECTED = "rejected"
_LOCK = "lock"
_FLOOR = "floor"


class SnapshotStore:
    """One gallery's snapshots, each a folder named by its generation; the newest two are kept.

    A snapshot is complete or not there at all: it is written under another name, synced and
    renamed. One that cannot be used is set aside as ``rejected``, with its reason in the log.
    """

    def __init__(self, folder: Path, *, fingerprint: str, dimension: int) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._dimension = dimension

    def write(self, frozen: Frozen, generation: int) -> Path | None:
        """Save a state as of a generation; returns its folder, None if it was discarded already.

        Raises OSError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{generation:020d}"
        with self._alone():
            self._clear_partial()
            if generation < self._floor():
                return None
            if target.exists():
                return target
            partial = self._folder / f"{_PARTIAL}{generation:020d}"
            partial.mkdir()
            save(frozen, partial)
            self._describe(frozen, generation, partial).write(partial)
            _sync_folder(partial)
            partial.rename(target)
            _sync_folder(self._folder)
            for old in self._snapshots()[KEPT:]:
                shutil.rmtree(old)
        return target

    def newest(self, committed: Callable[[], int]) -> tuple[LiveIndex, int] | None:
        """The index of the newest usable snapshot, and its generation.

        ``committed`` reads the gallery's generation: a snapshot of a later one is not of this
        database. Those that cannot be used are set aside.
        """
        for folder in self._snapshots():
            try:
                return self._open(folder, committed)
            except (SnapshotRejected, OSError) as error:
                self._set_aside(folder, error)
        return None

    def discard(self, below: int) -> None:
        """Delete the snapshots of earlier generations, and refuse any that is written later.

        A vector never outlives its image: after a removal took generation ``below``, no file
        here holds the vector.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            floor = self._folder / _FLOOR
            with floor.open("w") as file:
                file.write(str(max(below, self._floor())))
                file.flush()
                os.fsync(file.fileno())
            for path in self._folder.iterdir():
                if path.is_dir() and not (path.name.isdigit() and int(path.name) >= below):
                    shutil.rmtree(path)
            _sync_folder(self._folder)

    def _floor(self) -> int:
        """The earliest generation that may be written."""
        with suppress(FileNotFoundError, ValueError):
            return int((self._folder / _FLOOR).read_text())
        return 0

    def _open(self, folder: Path, committed: Callable[[], int]) -> tuple[LiveIndex, int]:
        manifest = Manifest.read(folder)
        self._check(manifest, folder, committed())
        manifest.verify_files(folder)
        index = thaw(load(folder, manifest.dimension, manifest.kind, manifest.ef))
        if len(index) != manifest.count:
            raise SnapshotRejected(f"it holds {len(index)} vectors, not {manifest.count}")
        return index, manifest.generation

    def _check(self, manifest: Manifest, folder: Path, at_most: int) -> None:
        expected = EXACT_FILES if manifest.kind is IndexKind.EXACT else GRAPH_FILES
        if manifest.fingerprint != self._fingerprint:
            raise SnapshotRejected(f"its encoder is {manifest.fingerprint}")
        if manifest.dimension != self._dimension:
            raise SnapshotRejected(f"its dimension is {manifest.dimension}")
        if manifest.generation > at_most:
            raise SnapshotRejected(f"generation {manifest.generation} is newer than {at_most}")
        if folder.name != f"{manifest.generation:020d}" or set(manifest.files) != expected:
            raise SnapshotRejected("its manifest belongs to another snapshot")
        if is_newer(manifest.faiss_version, than=faiss.__version__):
            raise SnapshotRejected(f"FAISS {manifest.faiss_version} is newer than this one")

    def _describe(self, frozen: Frozen, generation: int, folder: Path) -> Manifest:
        return Manifest(
            fingerprint=self._fingerprint,
            dimension=frozen.dimension,
            kind=frozen.kind,
            generation=generation,
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
        rejected = self._folder / _REJECTED
        with suppress(FileNotFoundError), self._alone():
            shutil.rmtree(rejected, ignore_errors=True)
            folder.rename(rejected)
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
