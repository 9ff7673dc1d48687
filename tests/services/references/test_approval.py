"""A reference that waits for approval is kept, and nothing that is searched knows of it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from recognition.core.configuration import recognition_settings
from recognition.core.errors import AlreadyApproved, InvalidInput
from recognition.models import Embedding, EncoderRecord, Gallery, HeldEmbedding, JobRow, Reference
from recognition.selectors.categories import get_category
from recognition.selectors.galleries import gallery_summaries
from recognition.services.audit.acting import Actor, acting
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.bundles.import_gallery import import_gallery
from recognition.services.categories.create_category import create_category
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.imports.start_import import start_import
from recognition.services.indexes.verify_index import verify_index
from recognition.services.recognition.identify import identify
from recognition.services.recognition.search import search
from recognition.services.references.approve_references import approve_references
from recognition.services.references.enrol import enrol
from recognition.services.references.move_references import move_references
from recognition.services.references.reject_references import reject_references
from recognition.services.removal import remove_category, remove_gallery
from recognition.worker.take_turn import take_turn
from tests.archives.builders import zip_of
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db

State = Reference.State


@pytest.fixture
def reviewed(gallery) -> Gallery:
    create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    return update_gallery(gallery=gallery, review_references=True)


@pytest.fixture
def waiting(reviewed, bob) -> Reference:
    return enrol(gallery=reviewed, category="cat", data=photo("chelsea.png"), user=bob).reference


def found(gallery: Gallery) -> list[str]:
    results = search(gallery=gallery, data=another_view("chelsea.png"))["results"]
    return [result["reference"] for result in results]


def test_nobody_waits_where_nothing_is_reviewed(gallery, bob):
    enrolment = enrol(
        gallery=gallery, category="cat", create=True, data=photo("chelsea.png"), user=bob
    )
    assert enrolment.reference.state == State.APPROVED
    assert found(gallery) == [enrolment.reference.public_id]


def test_a_reference_that_waits_is_known_to_nothing_that_searches(reviewed, waiting, alice):
    assert waiting.state == State.PENDING
    assert found(reviewed) == []
    assert not Embedding.objects.filter(reference=waiting).exists()
    candidates = identify(gallery=reviewed, data=photo("chelsea.png")).answer["candidates"]
    assert {each["evidence"]["kind"] for each in candidates} == {"prompt"}
    assert verify_index(reviewed).is_clean
    category = get_category(reviewed, "cat")
    assert (category.shots, category.waiting, category.cover) == (0, 1, None)
    assert gallery_summaries(alice).get().reference_count == 0


def test_approval_makes_it_searchable_as_of_the_next_generation(reviewed, waiting):
    before = Gallery.objects.get(pk=reviewed.pk).generation
    assert approve_references(gallery=reviewed, references=[waiting]) == 1
    reviewed.refresh_from_db()
    assert reviewed.generation == before + 1
    assert found(reviewed) == [waiting.public_id]
    assert identify(gallery=reviewed, data=photo("chelsea.png")).answer["category"] == "cat"
    assert not HeldEmbedding.objects.exists()
    assert approve_references(gallery=reviewed, references=[waiting]) == 0
    assert verify_index(reviewed).is_clean


@pytest.mark.parametrize(
    ("role", "key", "state"),
    [
        ("alice", "", State.APPROVED),
        ("alice", "door (abc)", State.PENDING),
        ("bob", "", State.PENDING),
    ],
)
def test_an_owner_in_person_needs_no_second_pair_of_eyes(role, key, state, reviewed, request):
    user = request.getfixturevalue(role)
    with acting(lambda: Actor(user=user, key=key)):
        made = enrol(gallery=reviewed, category="cat", data=photo("coffee.png"), user=user)
    assert made.reference.state == state
    assert (made.generation is None) == (state == State.PENDING)


def test_what_a_curator_imports_waits(reviewed, bob):
    archive = zip_of({"cat/1.png": photo("chelsea.png")})
    job = start_import(gallery=reviewed, archive=ContentFile(archive), user=bob)
    take_turn(job.pk)
    row = JobRow.objects.get()
    assert (row.status, row.code) == (JobRow.Status.ENROLLED, "pending")
    assert row.reference.state == State.PENDING
    assert found(reviewed) == []


def test_a_rejected_reference_is_gone_with_its_files(
    reviewed, waiting, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert reject_references(gallery=reviewed, references=[waiting]) == 1
    assert not Reference.objects.exists() and not HeldEmbedding.objects.exists()
    assert not default_storage.exists(waiting.image.name)
    assert not default_storage.exists(waiting.thumbnail.name)


def test_what_is_searchable_is_not_rejected(reviewed, waiting):
    approve_references(gallery=reviewed, references=[waiting])
    with pytest.raises(AlreadyApproved):
        reject_references(gallery=reviewed, references=[waiting])
    assert found(reviewed) == [waiting.public_id]


def test_no_approval_crosses_galleries(reviewed, waiting, alice):
    other = create_gallery(name="Other", owner=alice)
    for decide in (approve_references, reject_references):
        with pytest.raises(InvalidInput):
            decide(gallery=other, references=[waiting])
    assert Reference.objects.get().state == State.PENDING


def test_it_waits_wherever_it_is_moved_and_merged(reviewed, waiting):
    dog = create_category(gallery=reviewed, name="Dog", prompts=["a dog"])
    move_references(gallery=reviewed, references=[waiting], category=dog)
    assert found(reviewed) == []
    merge_categories(gallery=reviewed, categories=[dog], into=get_category(reviewed, "cat"))
    assert found(reviewed) == []
    waiting.refresh_from_db()
    assert waiting.category.slug == "cat"
    approve_references(gallery=reviewed, references=[waiting])
    assert found(reviewed) == [waiting.public_id]


@pytest.mark.parametrize("what", ["category", "gallery"])
def test_its_files_go_with_what_it_belongs_to(
    what, reviewed, waiting, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        if what == "category":
            remove_category(gallery=reviewed, category=waiting.category)
        else:
            remove_gallery(gallery=reviewed)
    assert not default_storage.exists(waiting.image.name)


def test_an_encoder_that_changed_meanwhile_embeds_it_anew(reviewed, waiting):
    former = EncoderRecord.objects.create(
        name="gone", fingerprint="0" * 64, dimension=3, input_size=8, logit_scale=1.0
    )
    HeldEmbedding.objects.update(encoder=former, data=b"\0" * 12)
    approve_references(gallery=reviewed, references=[waiting])
    assert found(reviewed) == [waiting.public_id]
    assert Embedding.objects.get(reference=waiting).encoder == reviewed.encoder


def test_a_bundle_leaves_out_what_waits(reviewed, waiting, alice):
    enrol(gallery=reviewed, category="cat", data=photo("coffee.png"), user=alice)
    path = recognition_settings().data_dir / "bundle.zip"
    path.write_bytes(b"".join(export_gallery(gallery=reviewed)))
    with path.open("rb") as bundle:
        copy = import_gallery(bundle=bundle, owner=alice, slug="copy")
    assert copy.references.count() == 1
    assert copy.review_references
