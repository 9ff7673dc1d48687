"""Changing the encoder: beside, then in one transaction, and back."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from recognition.core.errors import (
    Conflict,
    EncoderChangeBehind,
    EncoderChanged,
    EncoderChangeState,
    InvalidInput,
)
from recognition.core.timing import Timings
from recognition.models import (
    Embedding,
    EncoderChange,
    Feedback,
    Gallery,
    Job,
    Negative,
    NegativeEmbedding,
    QueryEmbedding,
)
from recognition.selectors.changes import DatabaseChangeSource
from recognition.selectors.encoder_changes import missing_embeddings
from recognition.selectors.support import strangers_of
from recognition.services.categories.create_category import create_category
from recognition.services.categories.describe import describe
from recognition.services.encoder_changes import catch_up, run
from recognition.services.encoder_changes.end import cancel_change, finish_change
from recognition.services.encoder_changes.start import start_encoder_change
from recognition.services.encoder_changes.switch import roll_back, switch_encoder
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.galleries.claims import claim_of
from recognition.services.indexes.replicas import replica_of
from recognition.services.jobs.cancel_job import cancel_job
from recognition.services.jobs.lease import LeaseLost, claim, release
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.matching.match import match
from recognition.services.negatives.add import add_negatives
from recognition.services.recognition.identify import identify
from recognition.services.recognition.search import search
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_category, remove_reference
from recognition.worker import tasks
from recognition.worker.requeue_jobs import requeue_jobs
from tests.photos import another_view, photo
from tests.services.encoder_changes.conftest import run as run_job

pytestmark = pytest.mark.django_db
State = EncoderChange.State


def count(encoder) -> int:
    return Embedding.objects.filter(encoder=encoder).count()


def nearest(gallery: Gallery, file: str) -> str:
    found = search(gallery=Gallery.objects.get(pk=gallery.pk), data=photo(file), limit=1)
    [result] = found["results"]
    assert found["encoder"]["fingerprint"] == current_encoder(gallery).fingerprint
    return result["category"]


def current_encoder(gallery: Gallery):
    return Gallery.objects.select_related("encoder").get(pk=gallery.pk).encoder


def test_its_job_is_not_cancelled_as_others_are(change):
    with pytest.raises(EncoderChangeState, match="cancel the change"):
        cancel_job(job=change.job)
    assert EncoderChange.objects.get().state == State.EMBEDDING


def test_all_is_embedded_beside_while_the_gallery_stays_as_it_is(pets, change):
    generation = pets.generation
    ready = run_job(change)
    assert (ready.state, ready.job.state, ready.job.enrolled) == (State.READY, "succeeded", 5)
    assert count(ready.target) == count(ready.source) == 5
    pets.refresh_from_db()
    assert (pets.encoder, pets.generation) == (ready.source, generation)
    assert nearest(pets, "coffee.png") == "cup"


def test_the_switch_is_seen_by_the_next_search(pets, ready):
    assert nearest(pets, "coffee.png") == "cup"
    switch_encoder(change=ready)
    assert current_encoder(pets) == ready.target
    for category, file in {"cup": "coffee.png", "moon": "moon.png"}.items():
        assert nearest(pets, file) == category
    answer = identify(gallery=Gallery.objects.get(pk=pets.pk), data=photo("coffee.png")).answer
    assert answer["encoder"]["fingerprint"] == ready.target.fingerprint
    [cup] = [each for each in answer["candidates"] if each["category"] == "cup"]
    assert cup["evidence"]["similarity"] == pytest.approx(1, abs=1e-3)


def test_vectors_of_the_old_encoder_meet_none_of_the_new(pets, ready):
    stale = Gallery.objects.select_related("encoder").get(pk=pets.pk)
    vectors = encoder_of(stale).encode_texts(["a cat"])
    replica = replica_of(stale)
    replica.search(vectors, 1)
    switch_encoder(change=ready)
    with pytest.raises(EncoderChanged):
        replica.search(vectors, 1)
    with pytest.raises(EncoderChanged):
        match(stale, vectors, top_k=1, far=None, timings=Timings())


def test_who_asked_before_the_switch_is_answered_by_the_new_encoder(pets, ready):
    stale = Gallery.objects.select_related("encoder").get(pk=pets.pk)
    switch_encoder(change=ready)
    answer = identify(gallery=stale, data=photo("coffee.png"))
    assert answer.query.encoder == ready.target
    stale = Gallery.objects.select_related("encoder").get(pk=pets.pk)
    stale.encoder = ready.source
    enrolled = enrol(gallery=stale, category="cat", data=photo("rocket.jpg"))
    assert enrolled.reference.embeddings.get().encoder == ready.target


def test_what_is_enrolled_and_removed_meanwhile_is_there_and_gone_after_it(pets, ready):
    enrol(gallery=pets, category="rocket", data=photo("rocket.jpg"))
    describe(gallery=pets, category=pets.categories.get(slug="cup"), texts=["a cup of coffee"])
    remove_category(gallery=pets, category=pets.categories.get(slug="moon"))
    assert count(ready.target) == 4
    switch_encoder(change=ready)
    assert count(ready.target) == count(ready.source) == 6
    assert nearest(pets, "rocket.jpg") == "rocket"
    assert nearest(pets, "moon.png") != "moon"


def test_the_worker_keeps_up_and_a_switch_waits_for_no_crowd(pets, ready, monkeypatch):
    monkeypatch.setattr(catch_up, "AT_ONCE", 0)
    enrol(gallery=pets, category="rocket", data=photo("rocket.jpg"))
    with pytest.raises(EncoderChangeBehind):
        switch_encoder(change=ready)
    assert tasks.keep_in_step() == 1
    assert switch_encoder(change=ready).state == State.SWITCHED


def test_a_change_can_be_rolled_back_with_what_came_since(pets, ready):
    switched = switch_encoder(change=ready)
    fresh = Gallery.objects.get(pk=pets.pk)
    enrol(gallery=fresh, category="rocket", data=photo("rocket.jpg"))
    assert nearest(pets, "rocket.jpg") == "rocket"
    back = roll_back(change=switched)
    assert (back.state, current_encoder(pets)) == (State.ROLLED_BACK, ready.source)
    assert nearest(pets, "rocket.jpg") == "rocket"
    assert (count(ready.source), count(ready.target)) == (6, 0)


def test_a_replica_from_before_the_change_is_made_anew_after_the_way_back(pets, ready):
    replica = replica_of(pets)
    replica.catch_up()
    switched = switch_encoder(change=ready)
    enrol(gallery=Gallery.objects.get(pk=pets.pk), category="cat", data=photo("rocket.jpg"))
    roll_back(change=switched)
    replica.catch_up()
    source = DatabaseChangeSource(gallery_id=pets.pk, encoder_id=ready.source_id)
    assert len(replica) == source.live().count() == 6


def test_finishing_drops_the_old_encoders_embeddings(pets, ready):
    asked = identify(gallery=pets, data=another_view("coffee.png")).query
    tasks.keep_in_step()
    switched = switch_encoder(change=ready)
    finish_change(change=switched)
    assert (count(ready.source), count(ready.target)) == (0, 5)
    asked.refresh_from_db()
    assert asked.encoder == ready.target
    assert not QueryEmbedding.objects.exists()
    with pytest.raises(EncoderChangeState):
        roll_back(change=switched)


def test_cancelling_leaves_nothing_beside(pets, change):
    cancel_change(change=change)
    assert (change.state, Job.objects.get().state) == (State.CANCELLED, "cancelled")
    run_job(change)
    assert (count(change.source), count(change.target)) == (5, 0)
    with pytest.raises(EncoderChangeState):
        switch_encoder(change=change)


def test_a_change_whose_worker_dies_goes_on_where_it_was(change, monkeypatch):
    monkeypatch.setattr(run, "BATCH", 2)
    lease = claim(change.job_id)
    assert run.run_encoder_change(lease, seconds=0) is True
    assert count(change.target) == 2
    first = set(Embedding.objects.filter(encoder=change.target).values_list("pk", flat=True))
    Job.objects.update(lease_until="2020-01-01T00:00Z")
    assert requeue_jobs() == 1
    ready = run_job(change)
    assert (ready.state, count(ready.target)) == (State.READY, 5)
    assert first < set(Embedding.objects.filter(encoder=ready.target).values_list("pk", flat=True))


def test_a_worker_that_lost_its_lease_keeps_nothing(pets, change):
    lease = claim(change.job_id)
    release(lease)
    claim(change.job_id)
    with pytest.raises(LeaseLost):
        run.run_encoder_change(lease)
    assert count(change.target) == 0


def test_a_lost_image_fails_the_change_and_says_which(pets, change):
    lost = pets.references.first()
    default_storage.delete(lost.image.name)
    failed = run_job(change)
    assert (failed.state, failed.job.code) == (State.FAILED, "image_lost")
    assert lost.public_id in failed.job.detail
    remove_reference(gallery=pets, reference=lost)
    again = start_encoder_change(gallery=pets, encoder=change.target.name)
    assert run_job(again).state == State.READY


def test_removing_removes_the_embeddings_of_both_encoders(pets, ready):
    for reference in pets.references.all():
        remove_reference(gallery=pets, reference=reference)
    assert count(ready.target) == count(ready.source) == 1


def test_what_people_said_teaches_the_new_encoder_too(pets, ready):
    query = identify(gallery=pets, data=photo("coins.png")).query
    give_feedback(gallery=pets, query=query, verdict=Feedback.Verdict.NOT_THIS, category="cup")
    assert len(fitted(current(pets)).rejected) == 1
    tasks.keep_in_step()
    switch_encoder(change=ready)
    known = fitted(current(Gallery.objects.get(pk=pets.pk)))
    assert known.rejected.vectors.shape == (1, ready.target.dimension)


def test_the_comparison_asks_past_queries_again(pets, change):
    right = identify(gallery=pets, data=another_view("coffee.png")).query
    give_feedback(gallery=pets, query=right, verdict=Feedback.Verdict.IT_IS, category="cup")
    identify(gallery=pets, data=photo("rocket.jpg"))
    found = run_job(change).comparison
    assert (found["compared"], found["judged"]) == (2, 1)
    assert found["alike"] + len(found["changed"]) == 2
    assert found["leave_one_out"]["references"] == 2
    assert 0 <= found["leave_one_out"]["after"] <= 2


def test_one_change_at_a_time_and_only_to_what_is_prepared(pets, ready, tiny):
    with pytest.raises(EncoderChangeState):
        start_encoder_change(gallery=pets, encoder=tiny)
    cancel_change(change=ready)
    with pytest.raises(Conflict):
        start_encoder_change(gallery=pets, encoder="bundled")
    with pytest.raises(InvalidInput, match="encoder prepare"):
        start_encoder_change(gallery=pets, encoder="open_clip:ViT-B-32@/etc/passwd")


def test_a_large_gallerys_model_goes_with_its_encoder(pets, ready, monkeypatch):
    from recognition.models import FittedModel
    from recognition.services.matching import gallery_model

    monkeypatch.setattr(gallery_model, "SMALL", 0)
    gallery_model._fitted.clear()
    identify(gallery=pets, data=photo("coffee.png"))
    switched = switch_encoder(change=ready)
    assert FittedModel.objects.get().encoder == ready.target
    assert identify(gallery=pets, data=photo("coffee.png")).query.encoder == ready.target
    assert tasks.refit() == 1
    roll_back(change=switched)
    assert FittedModel.objects.get().encoder == ready.source


def test_nothing_is_missing_of_a_gallery_that_is_empty(gallery, tiny):
    change = start_encoder_change(gallery=gallery, encoder=tiny)
    ready = run_job(change)
    assert not missing_embeddings(ready).exists()
    assert switch_encoder(change=ready).state == State.SWITCHED
    create_category(gallery=Gallery.objects.get(), name="Cat", prompts=["a cat"])
    assert Embedding.objects.get().encoder == ready.target


def given(pets: Gallery, *files: str) -> None:
    photos = [ContentFile(photo(file), name=file) for file in files]
    assert len(add_negatives(gallery=pets, files=photos, force=True).kept) == len(files)


def embedded_by(encoder) -> int:
    return NegativeEmbedding.objects.filter(encoder=encoder).count()


def test_negatives_are_embedded_beside_and_go_with_the_switch_and_back(pets, change):
    given(pets, "rocket.jpg", "coins.png")
    ready = run_job(change)
    assert embedded_by(ready.source) == embedded_by(ready.target) == 2
    switched = switch_encoder(change=ready)
    now = Gallery.objects.select_related("encoder").get(pk=pets.pk)
    assert strangers_of(now).shape == (2, switched.target.dimension)
    back = roll_back(change=switched)
    assert embedded_by(back.source) == 2
    assert embedded_by(back.target) == 0


def test_a_negative_that_is_given_meanwhile_is_embedded_before_the_switch(pets, ready):
    given(pets, "rocket.jpg")
    assert embedded_by(ready.target) == 0
    switched = switch_encoder(change=ready)
    given(Gallery.objects.select_related("encoder").get(pk=pets.pk), "coins.png")
    assert (embedded_by(switched.target), embedded_by(switched.source)) == (2, 1)
    roll_back(change=switched)
    assert embedded_by(switched.source) == 2


def test_a_negative_whose_file_is_lost_is_named(pets, change):
    given(pets, "rocket.jpg")
    negative = Negative.objects.get()
    default_storage.delete(negative.image.name)
    failed = run_job(change)
    assert failed.state == State.FAILED
    assert failed.job.code == "image_lost"
    assert negative.public_id in failed.job.detail


def test_what_was_measured_goes_with_its_encoder(ready):
    gallery = ready.gallery
    rate = {"value": 0.02, "low": 0.0, "high": 0.1, "trials": 50}
    kept = {
        "generation": gallery.generation,
        "feedback_generation": gallery.feedback_generation,
        "enrolled": 5,
        "target": gallery.target_far,
        "aim": gallery.target_far,
        "advised": None,
        "rates": [{"rate": gallery.target_far, "fpir": rate, "far": rate}],
    }
    Gallery.objects.update(measured=kept)
    assert claim_of(Gallery.objects.get()).measured
    switched = switch_encoder(change=ready)
    assert not claim_of(Gallery.objects.get()).measured
    Gallery.objects.update(measured=kept)
    roll_back(change=switched)
    assert not claim_of(Gallery.objects.get()).measured
