"""A process starts from the newest sound snapshot, and an unsound one is never searched."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.hnsw.faiss_graph import GraphIndex
from recognition.index.kinds import IndexKind
from recognition.index.protocol import Entry
from recognition.index.replica.opening import open_replica, write_snapshot
from recognition.index.replica.replica import Replica
from recognition.index.snapshots import manifest as manifests
from recognition.index.snapshots.manifest import Manifest
from recognition.index.snapshots.snapshots import SnapshotStore
from tests.index.builders import DIMENSION, MemoryLog, entries_of, unit_vectors

KINDS = list(IndexKind)
CORRUPTIONS_A_KIND = 100


class Unread(MemoryLog):
    """A log whose entries were asked for a counted number of times."""

    rebuilds = 0

    def entries(self):  # type: ignore[no-untyped-def]
        self.rebuilds += 1
        return super().entries()


def store_in(folder: Path, fingerprint: str = "abc", dimension: int = DIMENSION) -> SnapshotStore:
    return SnapshotStore(folder, fingerprint=fingerprint, dimension=dimension)


def enrolled(count: int = 40) -> tuple[Unread, list[Entry]]:
    log, entries = Unread(), entries_of(unit_vectors(count))
    for entry in entries:
        log.add(entry)
    return log, entries


def settled(log: MemoryLog, kind: IndexKind) -> Replica:
    replica = open_replica(DIMENSION, log, kind=kind)
    with replica.paused() as (index, _):
        assert isinstance(index, AdaptiveIndex)
        index.settle()
    return replica


def ids(replica: Replica) -> set[int]:
    [hits] = replica.search(unit_vectors(1, seed=9), 1000)
    return {hit.id for hit in hits}


@pytest.mark.parametrize("kind", KINDS)
def test_a_process_starts_from_the_snapshot_and_replays_the_log(
    kind: IndexKind, tmp_path: Path
) -> None:
    log, entries = enrolled()
    first = settled(log, kind)
    log.remove(3)
    log.add(entries_of(unit_vectors(1, seed=5), first_id=900)[0])
    write_snapshot(first, log, store_in(tmp_path))
    log.remove(4)
    log.add(entries_of(unit_vectors(1, seed=6), first_id=901)[0])
    log.rebuilds = 0
    second = open_replica(DIMENSION, log, kind=kind, snapshots=store_in(tmp_path))
    assert ids(second) == {entry.id for entry in entries} - {3, 4} | {900, 901}
    assert log.rebuilds == 0
    queries = unit_vectors(5, seed=7)
    assert [[h.id for h in hits] for hits in second.search(queries, 5)] == [
        [h.id for h in hits] for hits in first.search(queries, 5)
    ]


@pytest.mark.parametrize("kind", [IndexKind.HNSW, IndexKind.HNSW_FP16])
def test_a_mapped_graph_can_be_extended_and_outlives_its_file(
    kind: IndexKind, tmp_path: Path
) -> None:
    log, entries = enrolled()
    write_snapshot(settled(log, kind), log, store_in(tmp_path))
    found = store_in(tmp_path).newest(log.token)
    assert found is not None and isinstance(found[0], GraphIndex)
    shutil.rmtree(tmp_path)
    index = AdaptiveIndex(DIMENSION, kind=kind, live=found[0])
    index.add(entries_of(unit_vectors(9000, seed=3), first_id=1000))
    index.settle()
    assert isinstance(index.live, GraphIndex)
    assert len(index.live.tail) == 0
    [[hit]] = index.search(entries[7].vector[None], 1)
    assert hit.id == entries[7].id


def test_the_two_newest_snapshots_are_kept(tmp_path: Path) -> None:
    log, entries = enrolled(5)
    replica = settled(log, IndexKind.EXACT)
    for number in range(4):
        write_snapshot(replica, log, store_in(tmp_path))
        log.remove(entries[number].id)
    assert sorted(int(path.name) for path in tmp_path.iterdir() if path.is_dir()) == [7, 8]


def test_a_snapshot_that_exists_is_not_written_again(tmp_path: Path) -> None:
    log, _ = enrolled(5)
    replica = settled(log, IndexKind.EXACT)
    folder = write_snapshot(replica, log, store_in(tmp_path))
    before = (folder / manifests.NAME).stat().st_ino
    assert write_snapshot(replica, log, store_in(tmp_path)) == folder
    assert (folder / manifests.NAME).stat().st_ino == before


def test_what_a_killed_writer_left_is_ignored_and_cleared(tmp_path: Path) -> None:
    log, entries = enrolled(5)
    partial = tmp_path / "partial-00000000000000000009"
    partial.mkdir()
    (partial / "vectors.npy").write_bytes(b"half")
    replica = open_replica(DIMENSION, log, snapshots=store_in(tmp_path))
    assert ids(replica) == {entry.id for entry in entries}
    write_snapshot(replica, log, store_in(tmp_path))
    assert not partial.exists()


def corrupt(path: Path, rng: np.random.Generator) -> str:
    content = bytearray(path.read_bytes())
    place = int(rng.integers(len(content)))
    if rng.random() < 0.3:
        path.write_bytes(content[:place])
        return f"{path.name} cut to {place} bytes"
    content[place] ^= 1 << int(rng.integers(8))
    path.write_bytes(content)
    return f"{path.name} changed at {place}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_changed_byte_and_truncation_is_detected_and_answers_stay_right(
    kind: IndexKind, tmp_path: Path
) -> None:
    log, entries = enrolled(20)
    folder = write_snapshot(settled(log, kind), log, store_in(tmp_path / "sound"))
    queries = unit_vectors(2, seed=8)
    expected = [[h.id for h in hits] for hits in settled(log, kind).search(queries, 5)]
    files = sorted(folder.iterdir())
    rng = np.random.default_rng(KINDS.index(kind))
    for turn in range(CORRUPTIONS_A_KIND):
        damaged = tmp_path / "damaged"
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(tmp_path / "sound", damaged)
        what = corrupt(damaged / folder.name / files[turn % len(files)].name, rng)
        log.rebuilds = 0
        replica = open_replica(DIMENSION, log, kind=kind, snapshots=store_in(damaged))
        assert [[h.id for h in hits] for hits in replica.search(queries, 5)] == expected, what
        assert log.rebuilds == 1, what
        assert list(damaged.glob("rejected-*")), what


def test_a_damaged_newest_snapshot_leaves_the_one_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log, _ = enrolled(6)
    replica = settled(log, IndexKind.EXACT)
    write_snapshot(replica, log, store_in(tmp_path))
    log.remove(1)
    newest = write_snapshot(replica, log, store_in(tmp_path))
    (newest / "ids.npy").unlink()
    log.rebuilds = 0
    assert ids(open_replica(DIMENSION, log, snapshots=store_in(tmp_path))) == {2, 3, 4, 5, 6}
    assert log.rebuilds == 0
    assert "ids.npy cannot be read" in caplog.text


def rewritten(folder: Path, **changes: object) -> None:
    """Give a snapshot another manifest, sound in itself."""
    fields = json.loads((folder / manifests.NAME).read_text())
    fields.pop("checksum")
    Manifest(**{**fields, **changes}).write(folder)


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "another encoder": (lambda folder: rewritten(folder, fingerprint="xyz"), "its encoder"),
    "another dimension": (lambda folder: rewritten(folder, dimension=64), "its dimension"),
    "a later generation": (lambda folder: rewritten(folder, generation=99), "generation 99"),
    "another history": (lambda folder: rewritten(folder, token=99), "another generation 6"),
    "a later FAISS": (lambda folder: rewritten(folder, faiss_version="99.0"), "FAISS 99.0"),
    "a later format": (lambda folder: rewritten(folder, format=99), "format is 99"),
    "another count": (lambda folder: rewritten(folder, count=5), "holds 6 vectors"),
    "other files": (lambda folder: rewritten(folder, files={}), "another snapshot"),
    "no manifest": (lambda folder: (folder / manifests.NAME).unlink(), "No such file"),
    "no JSON": (lambda folder: (folder / manifests.NAME).write_text("[1]"), "cannot be read"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_or_too_new_snapshot_is_set_aside_with_its_reason(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    change, reason = FOREIGN[name]
    log, entries = enrolled(6)
    change(write_snapshot(settled(log, IndexKind.EXACT), log, store_in(tmp_path)))
    log.rebuilds = 0
    with caplog.at_level(logging.WARNING):
        replica = open_replica(DIMENSION, log, snapshots=store_in(tmp_path))
        assert ids(replica) == {entry.id for entry in entries}
    assert log.rebuilds == 1
    assert reason in caplog.text


def holding(folder: Path, needle: bytes) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if needle in path.read_bytes()]


@pytest.mark.parametrize("kind", [IndexKind.EXACT, IndexKind.HNSW])
def test_a_removed_vector_is_in_no_file_once_snapshots_are_discarded(
    kind: IndexKind, tmp_path: Path
) -> None:
    log, entries = enrolled(60)
    replica, needle = settled(log, kind), entries[2].vector.tobytes()
    before = log.position()
    with replica.paused() as (index, _):
        assert isinstance(index, AdaptiveIndex)
        overtaken = index.freeze()
    folder = write_snapshot(replica, log, store_in(tmp_path))
    assert holding(tmp_path, needle)
    (folder / "ids.npy").unlink()
    assert store_in(tmp_path).newest(log.token) is None
    log.remove(entries[2].id)
    store_in(tmp_path).folder.discard()
    assert not holding(tmp_path, needle)
    assert store_in(tmp_path).write(overtaken, before, overtaken=log.removed_since) is None
    write_snapshot(replica, log, store_in(tmp_path))
    assert not holding(tmp_path, needle)
    found = store_in(tmp_path).newest(log.token)
    assert found is not None
    [hits] = found[0].search(unit_vectors(1, seed=9), 100)
    assert {hit.id for hit in hits} == {entry.id for entry in entries} - {3}


def test_a_snapshot_of_an_empty_gallery_starts_an_empty_index(tmp_path: Path) -> None:
    log = Unread()
    write_snapshot(settled(log, IndexKind.EXACT), log, store_in(tmp_path))
    log.rebuilds = 0
    assert ids(open_replica(DIMENSION, log, snapshots=store_in(tmp_path))) == set()
    assert log.rebuilds == 0
    assert np.array_equal(log.generation(), 0)
