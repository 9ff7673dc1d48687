"""An archive becomes references, and a report of what became of each file."""

from __future__ import annotations

import pytest

from recognition.images import open_image
from recognition.models import Category, Change, Embedding, Job, JobRow, Prompt, Reference
from recognition.services.categories.create_category import create_category
from recognition.services.encoders.gallery_encoders import bulk_encoder_of, encoder_of
from recognition.services.imports.batching import in_batches
from recognition.services.imports.enrol_batch import enrol_batch
from recognition.services.imports.plan_import import plan_import
from recognition.services.imports.read_items import read_items
from recognition.services.jobs.lease import claim, release
from recognition.services.limits import image_limits
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_category
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, tar_of, zip_of
from tests.photos import photo
from tests.services.imports.running import leftovers, report, start

pytestmark = pytest.mark.django_db
KINDS = pytest.mark.parametrize("build", [zip_of, tar_of])


def run(gallery, data: bytes, **options) -> Job:
    job = start(gallery, data, **options)
    while not job.finished_at:
        take_turn(job.pk)
        job.refresh_from_db()
    return job


@KINDS
def test_good_files_are_enrolled_although_others_fail(build, gallery, bob):
    job = run(
        gallery,
        build(
            {
                "cat/1.png": photo("chelsea.png"),
                "cat/2.png": image_bytes(2),
                "cat/readme.txt": b"these are cats",
                "cat/cut.png": photo("chelsea.png")[:2000],
                "../evil.png": image_bytes(3),
                "cat/more.zip": b"PK",
                "cup/1.png": photo("coffee.png"),
            }
        ),
        user=bob,
    )
    assert report(job) == {
        "cat/1.png": ("enrolled", ""),
        "cat/2.png": ("enrolled", ""),
        "cat/readme.txt": ("failed", "image_unsupported"),
        "cat/cut.png": ("failed", "image_damaged"),
        "../evil.png": ("failed", "path_unsafe"),
        "cat/more.zip": ("skipped", "nested_archive"),
        "cup/1.png": ("enrolled", ""),
    }
    assert (job.state, job.total, job.done) == ("succeeded", 7, 7)
    assert (job.enrolled, job.skipped, job.failed) == (3, 1, 3)
    assert set(Category.objects.values_list("slug", flat=True)) == {"cat", "cup"}
    assert Embedding.objects.count() == Change.objects.count() == 3
    assert all(each.created_by == bob for each in Reference.objects.all())


def test_an_imported_reference_is_as_an_enrolled_one(gallery):
    run(gallery, zip_of({"cat/1.png": photo("chelsea.png"), "cat/2.png": photo("coffee.png")}))
    enrol(gallery=gallery, category="other", data=photo("chelsea.png"), create=True)
    imported, _, enrolled = Reference.objects.order_by("id")
    for name in ("width", "height", "sha256"):
        assert getattr(imported, name) == getattr(enrolled, name)
    with imported.image.open() as one, enrolled.image.open() as other:
        assert one.read() == other.read()
    vectors = [each.embeddings.get().vector for each in (imported, enrolled)]
    assert float(vectors[0] @ vectors[1]) == pytest.approx(1, abs=1e-5)


def test_a_manifest_gives_names_ids_and_prompts(gallery):
    manifest = (
        "file,category,external_id,name,prompts\n"
        "1.png,Badge 47/11,shot-1,Bob,a blue badge|a badge\n"
        "2.png,Badge 47/11,shot-1,,\n"
        ",key,,Brass key,a brass key\n"
    )
    job = run(
        gallery,
        zip_of(
            {"manifest.csv": manifest.encode(), "1.png": image_bytes(1), "2.png": image_bytes(2)}
        ),
    )
    assert [(row.path, row.status, row.code) for row in job.rows.order_by("number")] == [
        ("1.png", "enrolled", ""),
        ("2.png", "failed", "already_exists"),
        ("", "enrolled", ""),
    ]
    badge = Category.objects.get(external_id="Badge 47/11")
    assert (badge.name, badge.references.get().external_id) == ("Bob", "shot-1")
    assert Category.objects.get(slug="key").name == "Brass key"
    assert Prompt.objects.count() == 3
    assert Embedding.objects.count() == Change.objects.count() == 4
    assert leftovers(gallery) == set()


def test_what_the_database_refuses_is_not_called_a_taken_id(gallery):
    taken = enrol(gallery=gallery, category="cat", data=image_bytes(9), create=True).reference
    manifest = "file,category,external_id\n1.png,cat,shot-1\n2.png,cat,\n3.png,cat,shot-3\n"
    files = {f"{number}.png": image_bytes(number) for number in (1, 2, 3)}
    job = start(gallery, zip_of({"manifest.csv": manifest.encode(), **files}))
    plan_import(lease := claim(job.pk))
    release(lease)
    # A public id that another reference has stands for whatever else is refused.
    JobRow.objects.filter(path__in=["1.png", "2.png"]).update(planned_reference=taken.public_id)
    take_turn(job.pk)
    assert report(job) == {
        "1.png": ("failed", "conflict"),
        "2.png": ("failed", "conflict"),
        "3.png": ("enrolled", ""),
    }
    assert "external_id" not in job.rows.get(path="1.png").detail


def test_unless_asked_no_category_is_made(gallery):
    create_category(gallery=gallery, name="Cat")
    job = run(
        gallery, zip_of({"cat/1.png": image_bytes(1), "dog/1.png": image_bytes(2)}), create=False
    )
    assert report(job) == {
        "cat/1.png": ("enrolled", ""),
        "dog/1.png": ("failed", "category_not_found"),
    }


def test_the_same_file_is_enrolled_once_a_category(gallery):
    files = {
        "cat/1.png": image_bytes(1),
        "cat/copy.png": image_bytes(1),
        "dog/1.png": image_bytes(1),
    }
    first = run(gallery, zip_of(files))
    assert report(first)["cat/copy.png"] == ("skipped", "duplicate")
    again = run(gallery, zip_of(files))
    assert set(report(again).values()) == {("skipped", "duplicate")}
    assert again.rows.get(path="dog/1.png").reference.category.slug == "dog"
    assert Reference.objects.count() == 2


def test_a_file_that_could_not_be_enrolled_is_no_duplicate_of_itself(gallery):
    create_category(gallery=gallery, name="Cat")
    manifest = (
        "file,category,prompts\n"
        "1.png,cat,a cat\n"
        "2.png,ghost,a ghost\n"
        "2.png,ghost,a white ghost\n"
        "3.png,cat,\n"
    )
    files = {f"{number}.png": image_bytes(number) for number in (1, 2, 3)}
    job = run(gallery, zip_of({"manifest.csv": manifest.encode(), **files}), create=False)
    assert (job.state, job.enrolled, job.skipped, job.failed) == ("succeeded", 2, 0, 2)
    assert [(row.path, row.status, row.code) for row in job.rows.order_by("number")] == [
        ("1.png", "enrolled", ""),
        ("2.png", "failed", "category_not_found"),
        ("2.png", "failed", "category_not_found"),
        ("3.png", "enrolled", ""),
    ]
    assert leftovers(gallery) == set()


def test_a_file_is_enrolled_by_the_first_of_its_rows_that_can_be(gallery):
    enrol(gallery=gallery, category="cat", data=image_bytes(9), create=True, external_id="shot-1")
    manifest = (
        "file,category,external_id,prompts\n"
        "a.png,cat,shot-1,\n"
        "b.png,cat,shot-2,\n"
        "c.png,cat,shot-3,a cat\n"
    )
    files = {f"{name}.png": image_bytes(1) for name in "abc"}
    job = run(gallery, zip_of({"manifest.csv": manifest.encode(), **files}))
    assert report(job) == {
        "a.png": ("failed", "already_exists"),
        "b.png": ("enrolled", ""),
        "c.png": ("skipped", "duplicate"),
    }
    made = Reference.objects.get(external_id="shot-2")
    assert [row.reference for row in job.rows.order_by("number")] == [None, made, made]
    vector = encoder_of(gallery).encode_images([open_image(image_bytes(1), limits=image_limits())])
    assert float(made.embeddings.get().vector @ vector[0]) == pytest.approx(1, abs=1e-5)
    assert Prompt.objects.get().text == "a cat"
    assert leftovers(gallery) == set()


def test_a_category_that_is_deleted_meanwhile_fails_only_its_own_rows(gallery):
    enrol(gallery=gallery, category="dog", data=image_bytes(1), create=True)
    manifest = "file,category,prompts\n1.png,dog,a dog\n2.png,cat,\n"
    files = {"1.png": image_bytes(1), "2.png": image_bytes(2)}
    job = start(gallery, zip_of({"manifest.csv": manifest.encode(), **files}))
    plan_import(lease := claim(job.pk))
    with lease.job.archive.open("rb") as file:
        [batch] = in_batches(read_items(lease, file, bulk_encoder_of(lease.job.gallery)))
    remove_category(gallery=gallery, category=Category.objects.get(slug="dog"))
    enrol_batch(lease, encoder_of(gallery), batch)
    assert report(job) == {
        "1.png": ("failed", "category_not_found"),
        "2.png": ("enrolled", ""),
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zip_of({"cat/1.png": image_bytes()})[:-30], "archive_damaged"),
        (zip_of({f"cat/{n}.png": bytes(1_000_000) for n in range(60)}), "archive_bomb"),
        (zip_of({"manifest.csv": b"colour\nred\n"}), "invalid_manifest"),
    ],
    ids=["damaged", "bomb", "manifest"],
)
def test_an_archive_that_cannot_be_used_fails_its_job(gallery, data, code):
    job = run(gallery, data)
    assert (job.state, job.code, job.total) == ("failed", code, None)
    assert job.detail and job.finished_at
    assert not Reference.objects.exists()
