"""What galleries of faces and of drawings are given: archives, bundles, claims, another encoder."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from recognition.core.errors import InvalidInput, NoFace
from recognition.core.types import Domain
from recognition.models import EncoderChange, Gallery, Job, ReferenceMeasure
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.bundles.import_gallery import import_gallery
from recognition.services.curation.domain_advice import decline_domain
from recognition.services.curation.measure_references import measure_gallery
from recognition.services.demo.characters import CHARACTERS, character_query, reference_image
from recognition.services.encoder_changes.start import start_encoder_change
from recognition.services.encoder_changes.switch import switch_encoder
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.recognition.verify import verify
from recognition.services.references.enrol import enrol
from recognition.worker.take_turn import take_turn
from tests.archives.builders import zip_of
from tests.photos import photo, portrait
from tests.services.imports.running import report, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("domains")]


@pytest.fixture
def people(alice) -> Gallery:
    return create_gallery(name="People", owner=alice, domain=Domain.FACES)


@pytest.fixture
def marks(alice) -> Gallery:
    gallery = create_gallery(name="Marks", owner=alice, domain=Domain.DRAWINGS)
    for character in CHARACTERS:
        data = reference_image(character)
        enrol(gallery=gallery, category=character, data=data, create=True, advise=False)
    return gallery


def done(job: Job) -> Job:
    while not job.finished_at:
        take_turn(job.pk)
        job.refresh_from_db()
    return job


def test_an_import_enrols_the_faces_and_reports_the_other_files(people):
    archive = zip_of({"Eileen/1.png": portrait(), "Cup/1.png": photo("coffee.png")})
    job = done(start(people, archive))
    assert job.state == Job.State.SUCCEEDED
    assert report(job) == {"Eileen/1.png": ("enrolled", ""), "Cup/1.png": ("failed", "no_face")}
    assert [each.name for each in people.categories.all()] == ["Eileen"]


def test_an_import_with_descriptions_says_that_they_are_not_read(people):
    manifest = b"file,category,prompts\n1.png,Eileen,a woman\n"
    job = done(start(people, zip_of({"1.png": portrait(), "manifest.csv": manifest})))
    assert list(report(job).values()) == [("failed", "texts_unsupported")]


def test_a_bundle_keeps_its_domain(marks, alice):
    bundle = BytesIO(b"".join(export_gallery(gallery=marks)))
    copy = import_gallery(bundle=bundle, owner=alice, slug="copy")
    assert copy.domain is Domain.DRAWINGS
    answer = identify(gallery=copy, data=character_query("K")).answer
    assert answer["candidates"][0]["name"] == "K"


def test_a_claim_about_a_drawing_says_what_its_shape_cannot_tell(marks):
    answer = verify(gallery=marks, category="K", data=character_query("K"))
    assert answer["accepted"]
    assert [each["code"] for each in answer["warnings"]] == ["shape_alone"]
    assert "forger" in answer["warnings"][0]["detail"]
    refused = verify(gallery=marks, category="K", data=character_query("A"))
    assert not refused["accepted"]
    assert not refused["warnings"]


def test_a_gallery_of_drawings_is_told_once_and_changed(alice):
    gallery = create_gallery(name="Ink", owner=alice)
    for character in CHARACTERS[:6]:
        data = reference_image(character)
        enrol(gallery=gallery, category=character, data=data, create=True, advise=False)
    measure_gallery(gallery)
    gallery.refresh_from_db()
    assert set(ReferenceMeasure.objects.values_list("shows", flat=True)) == {"drawings"}
    assert (gallery.better_domain, gallery.advises_domain) == ("drawings", True)
    decline_domain(gallery=gallery, user=alice)
    gallery.refresh_from_db()
    assert not gallery.advises_domain
    change = start_encoder_change(gallery=gallery, encoder="drawings", user=alice)
    take_turn(change.job_id)
    switch_encoder(change=EncoderChange.objects.get(pk=change.pk))
    gallery = Gallery.objects.select_related("encoder").get(pk=gallery.pk)
    assert gallery.domain is Domain.DRAWINGS
    answer = identify(gallery=gallery, data=character_query(CHARACTERS[0])).answer
    assert answer["candidates"][0]["name"] == CHARACTERS[0]


def test_photos_of_things_are_not_advised(gallery):
    for name in ("chelsea.png", "coffee.png", "rocket.jpg", "coins.png", "moon.png"):
        enrol(gallery=gallery, category=name, data=photo(name), create=True, advise=False)
    measure_gallery(gallery)
    gallery.refresh_from_db()
    assert gallery.better_domain == ""


def test_a_change_to_faces_names_the_reference_without_one(gallery, alice):
    reference = enrol(
        gallery=gallery, category="cup", data=photo("coffee.png"), create=True
    ).reference
    change = start_encoder_change(gallery=gallery, encoder="faces", user=alice)
    take_turn(change.job_id)
    job = Job.objects.get(pk=change.job_id)
    assert job.state == Job.State.FAILED
    assert reference.public_id in job.detail
    assert "No face" in job.detail


def test_a_second_look_finds_a_face_that_lies_on_its_side(people):
    enrol(gallery=people, category="Eileen", data=portrait(), create=True)
    buffer = BytesIO()
    with Image.open(BytesIO(portrait(0.8))) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(buffer, "PNG")
    answer = identify(gallery=people, data=buffer.getvalue()).answer
    assert (answer["decision"], answer["category"]) == ("match", "Eileen")
    assert "face_sideways" in [each["code"] for each in answer["warnings"]]


def test_nothing_of_a_refused_photo_is_left(people):
    with pytest.raises(NoFace, match="No face was found"):
        enrol(gallery=people, category="Cup", data=photo("coffee.png"), create=True)
    assert isinstance(NoFace("x"), InvalidInput)
    assert not people.categories.exists()
    assert not people.queries.exists()
