"""What an import tells before it enrols anything, and how all of it is taken back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw

from recognition.errors import EncoderBusy, InvalidInput, JobNotPlanned, JobNotUndoable
from recognition.images import open_image
from recognition.matching.views import views
from recognition.models import AuditEntry, Category, Embedding, Job, JobRow, Prompt, Reference
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.create_category import create_category
from recognition.services.create_gallery import create_gallery
from recognition.services.enrol import enrol
from recognition.services.erase_names import erase_names
from recognition.services.identify import identify
from recognition.services.imports.confirm_import import confirm_import
from recognition.services.imports.drop_old_plans import drop_old_plans
from recognition.services.imports.undo_import import undo_import
from recognition.services.jobs import line_up
from recognition.services.jobs.cancel_job import cancel_job
from recognition.services.jobs.take_turn import TURNS, take_turn
from recognition.services.limits import image_limits
from recognition.services.move_references import move_references
from tests.archives.builders import image_bytes, zip_of
from tests.archives.test_name_encodings import packed
from tests.photos import photo
from tests.services.imports.running import leftovers, start, stored_files

pytestmark = pytest.mark.django_db


def run(gallery, data: bytes, **options) -> Job:
    job = start(gallery, data, **options)
    return go_on(job)


def go_on(job: Job) -> Job:
    """Its turns, of which a busy machine needs more than one."""
    take_turn(job.pk)
    job.refresh_from_db()
    while job.state == Job.State.RUNNING and not job.errors:
        take_turn(job.pk)
        job.refresh_from_db()
    return job


def pets(**more: bytes) -> bytes:
    return zip_of(
        {
            "pets/Cat/1.png": image_bytes(1),
            "pets/cat/front/2.png": image_bytes(2),
            "pets/Dog/1.png": image_bytes(3),
            "pets/.ipynb_checkpoints/1.png": image_bytes(4),
            **more,
        }
    )


def test_a_plan_tells_what_is_to_come_and_nothing_is_enrolled(gallery):
    create_category(gallery=gallery, name="CAT")
    job = run(gallery, pets(), dry_run=True)
    assert (job.state, job.finished_at, job.enrolled) == ("planned", None, 0)
    plan = job.plan
    assert (plan["photos"], plan["categories"], plan["new_names"]) == (3, 2, ["Dog"])
    assert (plan["layout"], plan["root"], plan["is_guess"]) == ("folders", "pets", False)
    assert plan["deeper_folders"] == ["cat/front"]
    assert plan["left_out"]["count"] == 1
    assert plan["names"]["encoding"] == "utf-8"
    assert not Reference.objects.exists()
    assert Category.objects.count() == 1


def test_a_confirmed_plan_is_carried_out(gallery, bob):
    job = run(gallery, pets(), dry_run=True)
    confirm_import(job=job, user=bob)
    job = go_on(job)
    assert (job.state, job.enrolled) == ("succeeded", 3)
    assert {each.name: each.references.count() for each in Category.objects.all()} == {
        "Cat": 2,
        "Dog": 1,
    }
    assert AuditEntry.objects.filter(deed="confirm", user=bob).count() == 1
    with pytest.raises(JobNotPlanned):
        confirm_import(job=job)


def test_a_plan_that_waits_takes_no_turn_and_may_be_cancelled(gallery):
    job = run(gallery, pets(), dry_run=True)
    assert go_on(job).state == "planned"
    cancel_job(job=job)
    assert go_on(job).state == "cancelled"
    assert leftovers(gallery) == set()


def test_a_plan_that_waits_keeps_no_other_job_of_its_user_waiting(gallery, monkeypatch):
    queued: list[int] = []
    monkeypatch.setattr(line_up, "queue_on_commit", lambda task, key: queued.append(key))
    first, second = start(gallery, pets(), dry_run=True), start(gallery, pets())
    assert go_on(second).state == "queued"
    assert go_on(first).state == "planned"
    assert queued == [second.pk]
    assert go_on(second).state == "succeeded"


def test_a_plan_that_nobody_confirms_goes_with_its_archive(gallery):
    old, new = (run(gallery, pets(), dry_run=True) for _ in range(2))
    Job.objects.filter(pk=old.pk).update(queued_at=timezone.now() - timedelta(days=8))
    assert drop_old_plans() == 1
    assert [Job.objects.get(pk=each.pk).state for each in (old, new)] == ["cancelled", "planned"]


def japanese() -> bytes:
    """What Windows packs in Japan: code page 932, and no word about it."""
    names = ["日本の湯呑み/カップ.png", "青いマグ/マグ.png"]
    return packed(*(name.encode("cp932") for name in names))


def test_guessed_names_are_told_and_wait_although_nobody_asked_for_a_plan(gallery):
    job = run(gallery, japanese())
    names = job.plan["names"]
    assert (job.state, names["encoding"], names["guessed"]) == ("planned", "cp932", True)
    assert names["example"] == "日本の湯呑み/カップ.png"
    assert "cp437" in {each["encoding"] for each in names["others"]}
    assert not Category.objects.exists()


def test_names_are_read_anew_in_another_encoding(gallery):
    job = run(gallery, japanese())
    confirm_import(job=job, encoding="cp437", plan_again=True)
    job = go_on(job)
    assert (job.state, job.plan["names"]["encoding"]) == ("planned", "cp437")
    confirm_import(job=job, encoding="cp932")
    job = go_on(job)
    assert {row.category for row in job.rows.all()} == {"日本の湯呑み", "青いマグ"}
    assert job.total == 2
    with pytest.raises(InvalidInput):
        start(gallery, japanese(), encoding="klingon")


def test_photos_beside_folders_of_photos_wait_to_be_confirmed(gallery):
    job = run(gallery, zip_of({"mug/1.png": image_bytes(1), "mug/front/2.png": image_bytes(2)}))
    assert (job.state, job.plan["layout"], job.plan["is_guess"]) == ("planned", "mixed", True)
    confirm_import(job=job)
    assert go_on(job).enrolled == 2
    assert [each.name for each in Category.objects.all()] == ["mug"]


def test_a_flat_archive_is_a_category_a_photo(gallery):
    job = run(gallery, zip_of({"Blue mug.png": image_bytes(1), "cup.png": image_bytes(2)}))
    assert (job.state, job.plan["layout"]) == ("succeeded", "flat")
    assert sorted(Category.objects.values_list("name", flat=True)) == ["Blue mug", "cup"]


@pytest.mark.parametrize(
    "files",
    [{}, {".DS_Store": b"x"}, {"cat/more.zip": b"x"}, {"../1.png": b"x"}],
    ids=["empty", "leftovers", "archives", "unsafe"],
)
def test_an_archive_without_a_usable_file_fails(gallery, files):
    job = run(gallery, zip_of(files))
    assert (job.state, job.code) == ("failed", "nothing_to_enrol")


@pytest.mark.parametrize(
    "files",
    [
        {"cat/1.png": b"no image"},
        {"cat/1.png": b"no image", "cat/more.zip": b"x"},
        {"manifest.csv": b"file,category\n1.png,cat\n", "1.png": b"", "2.png": b"x"},
    ],
)
def test_an_import_of_which_all_rows_failed_has_not_succeeded(gallery, files):
    job = run(gallery, zip_of(files))
    assert (job.state, job.code, job.enrolled) == ("failed", "nothing_enrolled", 0)


def test_an_import_of_what_is_there_already_has_succeeded(gallery):
    run(gallery, pets())
    again = run(gallery, pets(**{"pets/Dog/2.png": b"no image"}))
    assert (again.state, again.skipped, again.failed) == ("succeeded", 3, 1)


def test_rows_warn_as_single_enrolments_do(gallery):
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    alone = enrol(gallery=gallery, category="dog", data=image_bytes(7, size=20), create=True)
    job = run(
        gallery,
        zip_of({"lion/1.png": photo("chelsea.png"), "ant/1.png": image_bytes(8, size=20)}),
    )
    told = {row.path: [each["code"] for each in row.warnings] for row in job.rows.all()}
    assert "duplicate" in told["lion/1.png"]
    assert "tiny" in told["ant/1.png"] and "tiny" in [each.code for each in alone.warnings]


def test_a_bundle_sent_as_an_import_is_taken_as_one(gallery, alice):
    other = create_gallery(name="Other", owner=alice)
    create_category(gallery=other, name="Cat", prompts=["a cat"])
    enrol(gallery=other, category="cat", data=photo("chelsea.png"), external_id="shot-1")
    enrol(gallery=other, category="Blue Mug", data=photo("coffee.png"), create=True)
    job = run(gallery, b"".join(export_gallery(gallery=other, images=True)))
    assert (job.state, job.plan["layout"]) == ("succeeded", "bundle")
    assert {each.name for each in Category.objects.filter(gallery=gallery)} == {"Cat", "Blue Mug"}
    assert Reference.objects.get(gallery=gallery, category__slug="cat").external_id == "shot-1"
    assert Prompt.objects.get(category__gallery=gallery).text == "a cat"
    answer = identify(gallery=gallery, data=photo("coffee.png")).answer
    assert answer["decision"] == "match"


def test_a_bundle_without_images_fails_and_says_why(gallery, alice):
    other = create_gallery(name="Other", owner=alice)
    enrol(gallery=other, category="cat", data=photo("chelsea.png"), create=True)
    job = run(gallery, b"".join(export_gallery(gallery=other, images=False)))
    assert (job.state, job.code) == ("failed", "nothing_to_enrol")
    assert {row.code for row in job.rows.all()} == {"file_missing"}


def test_one_undo_takes_back_all_that_an_import_enrolled(gallery, bob):
    kept = enrol(gallery=gallery, category="cat", data=image_bytes(50), create=True).reference
    before = stored_files(gallery)
    manifest = b"file,category,prompts\n1.png,cat,a cat\n2.png,dog,a dog|a hound\n,ant,an ant\n"
    files = {"1.png": image_bytes(1), "2.png": image_bytes(2), "manifest.csv": manifest}
    job = run(gallery, zip_of(files))
    assert (Reference.objects.count(), Prompt.objects.count()) == (3, 4)
    undo_import(job=job, user=bob)
    assert list(Reference.objects.all()) == [kept]
    assert not Prompt.objects.exists()
    assert [each.slug for each in Category.objects.all()] == ["cat"]
    assert [each.reference for each in Embedding.objects.all()] == [kept]
    assert leftovers(gallery) == set() and stored_files(gallery) == before
    [entry] = AuditEntry.objects.filter(deed="undo")
    assert entry.detail == {"references": 2, "prompts": 4, "categories": 2}
    assert JobRow.objects.filter(job=job).count() == 3
    with pytest.raises(JobNotUndoable, match="already"):
        undo_import(job=job)
    assert run(gallery, zip_of(files)).enrolled == 3


def test_an_undo_leaves_what_others_did_meanwhile(gallery):
    job = run(gallery, pets())
    dog = Category.objects.get(name="Dog")
    own = enrol(gallery=gallery, category="dog", data=image_bytes(60)).reference
    cup = create_category(gallery=gallery, name="Cup")
    moved = Reference.objects.filter(category__name="Cat").first()
    move_references(gallery=gallery, references=[moved], category=cup)
    undo_import(job=job)
    assert list(Reference.objects.all()) == [own]
    assert set(Category.objects.all()) == {dog, cup}


def test_names_of_categories_that_are_taken_back_leave_kept_answers(gallery):
    job = run(gallery, pets())
    query = identify(gallery=gallery, data=image_bytes(3)).query
    assert "Dog" in str(query.answer)
    undo_import(job=job)
    erase_names()
    query.refresh_from_db()
    assert "Dog" not in str(query.answer)


@pytest.mark.parametrize("state", ["queued", "running", "planned"])
def test_what_still_goes_on_is_not_taken_back(gallery, state):
    job = start(gallery, pets())
    Job.objects.filter(pk=job.pk).update(state=state)
    with pytest.raises(JobNotUndoable, match="cancel it first"):
        undo_import(job=job)


def drawing(number: int) -> bytes:
    """A line drawing, which is shown to the encoder in many views."""
    image = Image.new("RGB", (96, 96), "white")
    ImageDraw.Draw(image).ellipse((10 + number, 20, 80, 60 + 2 * number), outline="black", width=2)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_line_drawings_of_many_views_are_enrolled_through_a_small_queue(gallery, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "queue_images": 4}
    [shown] = [views(open_image(drawing(1), limits=image_limits()))]
    assert len(shown) > 4
    job = run(gallery, zip_of({f"sketch {n}/1.png": drawing(n) for n in range(6)}))
    assert (job.state, job.enrolled, job.errors) == ("succeeded", 6, 0)
    answer = identify(gallery=gallery, data=drawing(3), burst=[drawing(3)]).answer
    assert answer["candidates"][0]["name"] == "sketch 3"


def test_a_job_that_is_tried_again_keeps_the_reason_until_it_gets_on(gallery, monkeypatch):
    job = start(gallery, pets())

    def full(lease):
        raise EncoderBusy("No room.")

    with monkeypatch.context() as patched:
        patched.setitem(TURNS, Job.Kind.IMPORT, full)
        job = go_on(job)
    assert (job.state, job.errors, job.last_error) == ("running", 1, "“No room.”")
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    job = go_on(job)
    assert (job.state, job.errors, job.last_error) == ("succeeded", 0, "")
