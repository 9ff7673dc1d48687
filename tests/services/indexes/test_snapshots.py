"""Snapshots follow the gallery, and go when what they hold is removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.db import transaction

from recognition.index.kinds import IndexKind
from recognition.models import Embedding, Gallery
from recognition.services.indexes import snapshots
from recognition.services.indexes.drop_index import drop_orphans
from recognition.services.indexes.replicas import backend_of, open_gallery_replica, replica_of
from recognition.services.indexes.snapshots import is_due, write_due_snapshots, write_snapshot_of
from recognition.services.removal import remove_category, remove_gallery, remove_reference
from recognition.services.storage.discard_snapshots import discard_overtaken
from recognition.services.storage.index_places import snapshot_store
from recognition.worker.tasks import sweep, write_snapshots
from tests.vectors import embedding_of, enrol_vectors, holding, unit_vectors, vector_gallery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled() -> Gallery:
    gallery = vector_gallery()
    enrol_vectors(gallery, unit_vectors(60))
    gallery.refresh_from_db()
    return gallery


def ids(gallery: Gallery) -> set[int]:
    """What a starting process finds."""
    replica = open_gallery_replica(gallery, backend_of(gallery))
    [hits] = replica.search(unit_vectors(1, seed=9), 1000)
    return {hit.id for hit in hits}


def in_database(gallery: Gallery) -> set[int]:
    return set(Embedding.objects.filter(gallery=gallery).values_list("pk", flat=True))


def test_a_process_starts_from_a_snapshot_and_replays_the_log(filled: Gallery) -> None:
    assert write_snapshot_of(filled)
    enrol_vectors(filled, unit_vectors(5, seed=2))
    replica = open_gallery_replica(filled, backend_of(filled))
    with replica.paused() as (index, _):
        assert len(index) == 65
    assert ids(filled) == in_database(filled)


def test_a_snapshot_is_due_when_enough_has_changed(
    filled: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_due(filled)
    monkeypatch.setattr(snapshots, "FEWEST_CHANGES", 50)
    assert write_snapshots() == 1
    filled.refresh_from_db()
    assert not is_due(filled)
    enrol_vectors(filled, unit_vectors(49, seed=2))
    filled.refresh_from_db()
    assert not is_due(filled)
    enrol_vectors(filled, unit_vectors(1, seed=3))
    assert write_due_snapshots() == 1
    assert [m.generation for m in snapshot_store(filled).manifests()] == [110, 60]


def test_one_gallery_whose_snapshot_fails_leaves_the_others_theirs(
    filled: Gallery, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FEWEST_CHANGES", 50)
    other = vector_gallery("other")
    enrol_vectors(other, unit_vectors(60))
    (data_dir / "index").mkdir()
    (data_dir / "index" / str(filled.pk)).write_text("no folder")
    assert write_due_snapshots() == 1
    assert snapshot_store(other).manifests()


@pytest.mark.parametrize("kind", IndexKind)
def test_a_removed_reference_is_in_no_file_byte_for_byte(
    filled: Gallery, data_dir: Path, kind: IndexKind
) -> None:
    filled.index_kind = kind
    filled.save()
    with replica_of(filled).paused() as (index, _):
        index.settle()
    vectors = unit_vectors(60)
    write_snapshot_of(filled)
    gone = filled.references.all()[7]
    assert holding(data_dir, vectors[7])
    remove_reference(gallery=filled, reference=gone)
    assert not holding(data_dir, vectors[7])
    write_snapshot_of(filled)
    assert holding(data_dir, vectors[8])
    assert not holding(data_dir, vectors[7])
    assert ids(filled) == in_database(filled)


def test_a_removed_category_is_in_no_file(filled: Gallery, data_dir: Path) -> None:
    write_snapshot_of(filled)
    remove_category(gallery=filled, category=filled.categories.get())
    assert not any(holding(data_dir, vector) for vector in unit_vectors(60))
    assert ids(filled) == set()


def test_a_removed_gallery_leaves_no_index_behind(filled: Gallery, data_dir: Path) -> None:
    write_snapshot_of(filled)
    folder = data_dir / "index" / str(filled.pk)
    assert folder.exists()
    remove_gallery(gallery=filled)
    assert not folder.exists()


def test_a_removal_that_is_rolled_back_keeps_the_snapshots(filled: Gallery) -> None:
    write_snapshot_of(filled)
    with pytest.raises(RuntimeError), transaction.atomic():
        remove_reference(gallery=filled, reference=filled.references.first())
        raise RuntimeError("the power fails")
    assert snapshot_store(filled).manifests()
    assert ids(filled) == in_database(filled)


def test_snapshots_go_also_if_the_process_died_before_it_discarded_them(
    filled: Gallery, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write_snapshot_of(filled)
    aside = tmp_path_factory.mktemp("aside") / "index"
    shutil.copytree(data_dir / "index", aside)
    gone = filled.references.first()
    assert not discard_overtaken(filled.pk)
    remove_reference(gallery=filled, reference=gone)
    shutil.copytree(aside, data_dir / "index", dirs_exist_ok=True)
    assert holding(data_dir, unit_vectors(60)[0])
    assert ids(filled) == in_database(filled)
    assert not holding(data_dir, unit_vectors(60)[0])


def test_the_sweep_deletes_indexes_of_galleries_that_are_no_more(
    filled: Gallery, data_dir: Path
) -> None:
    write_snapshot_of(filled)
    shutil.copytree(data_dir / "index" / str(filled.pk), data_dir / "index" / "987654")
    assert sweep()["indexes"] == 1
    assert not (data_dir / "index" / "987654").exists()
    assert snapshot_store(filled).manifests()
    assert drop_orphans() == 0


def test_a_damaged_snapshot_is_set_aside_and_the_answers_stay_right(
    filled: Gallery, caplog: pytest.LogCaptureFixture
) -> None:
    rng = np.random.default_rng(0)
    for turn in range(20):
        snapshot = write_snapshot_of(filled)
        files = sorted(snapshot.iterdir())
        damaged = files[turn % len(files)]
        content = bytearray(damaged.read_bytes())
        content[int(rng.integers(len(content)))] ^= 1
        damaged.write_bytes(content)
        call_command("index", "verify", filled.slug)
        assert ids(filled) == in_database(filled)
        assert "is set aside" in caplog.text
        caplog.clear()


def test_a_restored_database_is_not_answered_from_a_snapshot_of_the_other_history(
    filled: Gallery,
) -> None:
    write_snapshot_of(filled)
    filled.changes.filter(generation=60).update(token=1)
    Gallery.objects.filter(pk=filled.pk).update(token=1)
    last = filled.references.last()
    Embedding.objects.filter(pk=embedding_of(last)).delete()
    assert ids(filled) == in_database(filled)
    assert len(in_database(filled)) == 59
