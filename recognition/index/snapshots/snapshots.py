"""Snapshots: an index on disk, from which a process starts in seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import faiss

from recognition.core.durable import sync
from recognition.index.adaptive.frozen import EXACT_FILES, GRAPH_FILES, Frozen, load, save, thaw
from recognition.index.adaptive.renewal import LiveIndex
from recognition.index.kinds import IndexKind
from recognition.index.protocol import Position
from recognition.index.snapshots.manifest import Manifest, SnapshotRejected, checksum, is_newer
from recognition.index.snapshots.snapshot_folder import SnapshotFolder

KEPT = 2

TokenOf: TypeAlias = Callable[[int], int | None]
"""The number that a gallery drew at a generation; None if there is no such generation."""


class SnapshotStore:
    """One gallery's snapshots of one encoder's vectors; the newest two are kept.

    A snapshot is complete or not there at all: it is written under another name, synced and
    renamed. One that cannot be used is set aside, its reason in the log.
    """

    def __init__(self, folder: Path, *, fingerprint: str, dimension: int) -> None:
        self.folder = SnapshotFolder(folder)
        self._fingerprint = fingerprint
        self._dimension = dimension

    def write(
        self, frozen: Frozen, position: Position, *, overtaken: Callable[[int], bool]
    ) -> Path | None:
        """Save a state as of a position; returns its folder, None if a removal has overtaken it.

        ``overtaken`` tells whether a removal after a generation is committed. It is asked under
        the lock under which snapshots are discarded, and a removal commits before it discards,
        so whichever of the two comes second sees the other. Raises OSError.
        """
        self.folder.path.mkdir(parents=True, exist_ok=True)
        target = self.folder.snapshot(position.generation)
        with self.folder.alone():
            if overtaken(position.generation):
                return None
            if target.exists():
                if _is_at(target, position):
                    return target
                shutil.rmtree(target)
            partial = self.folder.new_partial(position.generation)
            save(frozen, partial)
            self._describe(frozen, position, partial).write(partial)
            sync(partial)
            partial.rename(target)
            sync(self.folder.path)
            for old in self.folder.snapshots()[KEPT:]:
                shutil.rmtree(old)
        return target

    def newest(self, token: TokenOf) -> tuple[LiveIndex, Position] | None:
        """Load the index of the newest usable snapshot, and its position.

        A snapshot whose token is not the one that ``token`` reads for its generation is not of this
        database. Those that cannot be used are set aside.
        """
        for snapshot in self.folder.snapshots():
            try:
                return self._open(snapshot, token)
            except (SnapshotRejected, OSError) as error:
                self.folder.set_aside(snapshot, error)
        return None

    def manifests(self) -> list[Manifest]:
        """Read the snapshots' manifests, newest first; unreadable ones are left out."""
        found = []
        for snapshot in self.folder.snapshots():
            with suppress(SnapshotRejected, OSError):
                found.append(Manifest.read(snapshot))
        return found

    def _open(self, folder: Path, token: TokenOf) -> tuple[LiveIndex, Position]:
        manifest = Manifest.read(folder)
        self._check(manifest, folder, token)
        manifest.verify_files(folder)
        index = thaw(load(folder, manifest.dimension, manifest.kind, manifest.widths))
        if len(index) != manifest.count:
            raise SnapshotRejected(f"it holds {len(index)} vectors, not {manifest.count}")
        return index, Position(manifest.generation, manifest.token)

    def _check(self, manifest: Manifest, folder: Path, token: TokenOf) -> None:
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
            widths=frozen.graph.widths if frozen.graph is not None else None,
            files={path.name: checksum(path) for path in sorted(folder.iterdir())},
        )


def _is_at(snapshot: Path, position: Position) -> bool:
    with suppress(SnapshotRejected, OSError):
        return Manifest.read(snapshot).token == position.token
    return False
