"""`manage.py index`: what an operator sees and does of indexes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recognition.checks import index_backend_is_usable
from recognition.models import Category, Embedding, Gallery
from recognition.services.indexes import replicas
from recognition.services.indexes.replicas import open_gallery_replica, replica_of
from recognition.services.indexes.snapshots import write_snapshot_of
from recognition.services.removal import remove_gallery, remove_reference
from recognition.services.storage.index_places import backend_of, snapshot_store
from tests.vectors import embedding_of, enrol_vectors, unit_vectors, vector_gallery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled() -> Gallery:
    gallery = vector_gallery("pets")
    enrol_vectors(gallery, unit_vectors(40))
    gallery.refresh_from_db()
    return gallery


def said(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    call_command("index", *command)
    return capsys.readouterr().out


def test_status_tells_backend_kind_and_snapshots(filled, capsys) -> None:
    assert said(capsys, "status") == "pets: faiss, exact, 40 vectors, generation 40\n"
    write_snapshot_of(filled)
    enrol_vectors(filled, unit_vectors(3, seed=2))
    first, second = said(capsys, "status", "pets").splitlines()
    assert first == "pets: faiss, exact, 43 vectors, generation 43, 3 changes to replay"
    assert second.startswith("  snapshot at generation 40: exact, 40 vectors")


def test_verify_says_that_all_is_well(filled, capsys) -> None:
    write_snapshot_of(filled)
    enrol_vectors(filled, unit_vectors(3, seed=2))
    assert said(capsys, "verify") == "pets: 43 vectors equal the database's at generation 43\n"


def changed_vector(embedding: Embedding) -> str:
    embedding.data = Embedding.pack(unit_vectors(1, seed=77)[0])
    embedding.save()
    return "0 vectors missing, 0 that should not be there, 1 different, of 40"


def changed_category(embedding: Embedding) -> str:
    embedding.category = Category.objects.create(gallery=embedding.gallery, slug="x", name="X")
    embedding.save()
    return "0 vectors missing, 0 that should not be there, 1 different, of 40"


def deleted(embedding: Embedding) -> str:
    embedding.delete()
    return "0 vectors missing, 1 that should not be there, 0 different, of 40"


def inserted(embedding: Embedding) -> str:
    embedding.pk, embedding.reference = None, None
    category = embedding.category
    embedding.prompt = category.prompts.create(text="a thing")
    embedding.save()
    return "1 vectors missing, 0 that should not be there, 0 different, of 40"


@pytest.mark.parametrize("tamper", [changed_vector, changed_category, deleted, inserted])
def test_verify_finds_every_difference_and_rebuild_mends_it(filled, capsys, tamper) -> None:
    write_snapshot_of(filled)
    expected = tamper(Embedding.objects.order_by("pk")[20])
    with pytest.raises(CommandError, match="differ from the database: pets"):
        call_command("index", "verify")
    assert expected in capsys.readouterr().out
    assert said(capsys, "rebuild", "pets") == "pets: rebuilt\n"
    assert "equal the database's" in said(capsys, "verify", "pets")
    assert len(snapshot_store(filled).manifests()) == 1


def test_a_rebuilt_graph_says_its_measured_recall(filled, capsys) -> None:
    filled.index_kind = "hnsw_fp16"
    filled.save()
    assert "hnsw_fp16, width" in said(capsys, "rebuild")
    assert "40 vectors equal the database's" in said(capsys, "verify")
    assert "faiss, hnsw_fp16, 40 vectors" in said(capsys, "status")


def test_a_gallery_that_does_not_exist_is_an_error(filled) -> None:
    with pytest.raises(CommandError, match="gallery_not_found"):
        call_command("index", "verify", "dogs")


@pytest.fixture
def milvus_lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("pymilvus", reason="the extra 'milvus' is not installed")
    pytest.importorskip("milvus_lite", reason="the extra 'milvus' is not installed")
    monkeypatch.setattr(replicas, "_replicas", {})
    return "index.db"


def ids(gallery: Gallery) -> set[int]:
    [hits] = replica_of(gallery).search(unit_vectors(1, seed=9), 1000)
    return {hit.id for hit in hits}


def in_database(gallery: Gallery) -> set[int]:
    return set(Embedding.objects.filter(gallery=gallery).values_list("pk", flat=True))


def test_a_gallery_moves_to_milvus_and_back(filled, capsys, milvus_lite, data_dir) -> None:
    write_snapshot_of(filled)
    assert ids(filled) == in_database(filled)
    moved = said(capsys, "migrate", "pets", milvus_lite, "--grace", "0")
    assert moved.startswith("pets: moved to index.db; 40 vectors equal the database's")
    assert (data_dir / "index.db").exists()
    assert not (data_dir / "index" / str(filled.pk)).exists()
    gallery = Gallery.objects.get()
    before = gallery.references.first()
    gone = embedding_of(before)
    remove_reference(gallery=gallery, reference=before)
    enrol_vectors(gallery, unit_vectors(2, seed=3))
    assert ids(gallery) == in_database(gallery)
    assert gone not in ids(gallery)
    assert "index.db, hnsw, 41 vectors, generation 43, 0 changes" in said(capsys, "status")
    assert "41 vectors equal the database's" in said(capsys, "verify")
    assert said(capsys, "rebuild") == "pets: rebuilt\n"
    said(capsys, "migrate", "pets", "faiss", "--grace", "0")
    gallery = Gallery.objects.get()
    assert backend_of(gallery).is_local
    assert ids(gallery) == in_database(gallery)
    assert snapshot_store(gallery).manifests()


def test_searches_and_writes_go_on_while_a_gallery_moves(filled, milvus_lite, capsys) -> None:
    """What is enrolled after the index was filled, and before the switch, is not lost."""
    ahead = open_gallery_replica(filled, backend_of(filled))
    enrol_vectors(filled, unit_vectors(5, seed=4))
    assert ahead.catch_up() == 45
    stale = Gallery.objects.get()
    said(capsys, "migrate", "pets", milvus_lite, "--grace", "0")
    enrol_vectors(filled, unit_vectors(5, seed=5))
    assert ids(Gallery.objects.get()) == in_database(filled)
    assert ids(stale) == in_database(filled)


def test_a_removed_gallery_leaves_no_collection(filled, milvus_lite, capsys) -> None:
    said(capsys, "migrate", "pets", milvus_lite, "--grace", "0")
    gallery = Gallery.objects.get()
    client = replica_of(gallery)._index._client
    assert any(name.startswith("oneshot_") for name in client.list_collections())
    remove_gallery(gallery=gallery)
    assert client.list_collections() == ["oneshot_positions"]


def test_a_move_to_nowhere_is_refused(filled) -> None:
    for backend in ("faiss", "nowhere"):
        with pytest.raises(CommandError, match="invalid_input"):
            call_command("index", "migrate", "pets", backend)
    assert backend_of(Gallery.objects.get()).is_local


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("faiss", []),
        ("milvus://milvus:19530", []),
        ("milvus", ["recognition.E002"]),
        ("http://milvus:19530", ["recognition.E002"]),
    ],
)
def test_a_wrong_setting_is_found_before_it_is_used(settings, text, codes) -> None:
    settings.RECOGNITION = {**settings.RECOGNITION, "index": text}
    assert [message.id for message in index_backend_is_usable(None)] == codes


def test_a_milvus_without_its_client_is_found_too(settings, monkeypatch) -> None:
    settings.RECOGNITION = {**settings.RECOGNITION, "index": "index.db"}
    monkeypatch.setattr("recognition.checks.find_spec", lambda _: None)
    [message] = index_backend_is_usable(None)
    assert message.id == "recognition.E003"
    assert "pymilvus, milvus_lite" in message.msg


def test_the_benchmark_prints_a_table_for_each_size(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("benchmark", "index", "--sizes", "300", "400", "--dimension=16", "--queries=20")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" vectors: load")[0] for line in lines if "vectors: load" in line] == [
        "300",
        "400",
    ]
    rows = [line for line in lines if line.startswith("| 300") or line.startswith("| 400")]
    assert {row.split(" | ")[1].strip() for row in rows} >= {"oneshot exact", "plain FAISS HNSW"}
