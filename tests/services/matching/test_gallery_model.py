"""A gallery's model follows it: at once where it is small, through the worker where it is large."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recognition.models import Feedback, FittedModel
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.matching import gallery_model
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.worker import tasks
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db
PHOTOS = {"cat": "chelsea.png", "coffee": "coffee.png", "moon": "moon.png"}


@pytest.fixture
def three(gallery):
    for category, file in PHOTOS.items():
        enrol(gallery=gallery, category=category, data=photo(file), create=True)
    return gallery


@pytest.fixture
def large(monkeypatch):
    """Every gallery counts as one that is too large to be fitted at once and kept whole."""
    monkeypatch.setattr(gallery_model, "SMALL", 0)
    gallery_model._fitted.clear()


def test_a_small_gallery_is_fitted_at_once_and_kept_in_memory(three):
    known = fitted(current(three))
    assert known.model.generation == current(three).generation == 3
    assert fitted(current(three)) is known
    assert not FittedModel.objects.exists()


def test_a_rejected_query_says_what_chance_scores_with_that_category(three):
    query = identify(gallery=three, data=photo("retina.jpg")).query
    before = fitted(current(three)).model.impostors
    give_feedback(gallery=three, query=query, verdict=Feedback.Verdict.NOT_THIS, category="moon")
    after = fitted(current(three)).model.impostors
    assert (after.size, after.effective) == (before.size + 1, before.effective + 1.0)
    assert after.freedom > before.freedom


def test_a_large_gallery_keeps_its_model_until_the_worker_fits_the_next(three, large):
    identify(gallery=three, data=photo("chelsea.png"))
    assert FittedModel.objects.get().generation == 3
    enrol(gallery=three, category="retina", data=photo("retina.jpg"), create=True)
    answer = identify(gallery=three, data=another_view("retina.jpg")).answer
    assert answer["candidates"][0]["category"] == "retina"
    assert FittedModel.objects.get().generation == 3
    assert tasks.refit() == 1
    assert FittedModel.objects.get().generation == 4
    assert fitted(current(three)).model.generation == 4
    assert tasks.refit() == 0


@pytest.mark.parametrize("category", PHOTOS)
def test_a_large_gallery_decides_as_a_small_one(category, three, monkeypatch):
    look = another_view(PHOTOS[category])
    small = identify(gallery=three, data=look).answer
    monkeypatch.setattr(gallery_model, "SMALL", 0)
    gallery_model._fitted.clear()
    large = identify(gallery=three, data=look).answer
    assert small["category"] == large["category"] == category
    assert small["candidates"][0]["score"] == pytest.approx(
        large["candidates"][0]["score"], abs=0.02
    )


def test_a_model_that_an_older_version_kept_is_fitted_anew(three, large):
    before = identify(gallery=three, data=another_view("chelsea.png")).answer
    kept = FittedModel.objects.get()
    with np.load(BytesIO(kept.data), allow_pickle=False) as stored:
        older = {name: stored[name] for name in stored if name not in {"owners", "ratios"}}
    written = BytesIO()
    np.savez(written, **{**older, "version": 1})
    FittedModel.objects.update(data=written.getvalue())
    gallery_model._fitted.clear()
    after = identify(gallery=three, data=another_view("chelsea.png")).answer
    assert after["candidates"] == before["candidates"]
    with np.load(BytesIO(FittedModel.objects.get().data), allow_pickle=False) as stored:
        assert stored["version"] > 1


def test_a_filled_gallery_that_nobody_has_fitted_is_left_to_the_worker(
    three, large, as_alice, monkeypatch
):
    monkeypatch.setattr(gallery_model, "MOST_AT_ONCE", 2)
    told = []
    monkeypatch.setattr(gallery_model, "queue", lambda *task: told.append(task))

    def ask():
        image = SimpleUploadedFile("a.jpg", another_view("chelsea.png"))
        url = f"/api/v1/galleries/{three.slug}/identify/"
        return as_alice.post(url, {"image": image}, format="multipart")

    for _ in range(2):
        answer = ask()
        assert (answer.status_code, answer.json()["code"]) == (503, "gallery_not_fitted")
        assert int(answer["Retry-After"]) > 0
    assert told == [("fit_gallery", three.pk)]
    assert not FittedModel.objects.exists()
    assert tasks.fit_gallery(three.pk)
    assert ask().json()["category"] == "cat"


def test_feedback_makes_the_model_out_of_date(three):
    query = identify(gallery=three, data=photo("rocket.jpg")).query
    known = fitted(current(three))
    give_feedback(gallery=three, query=query, verdict=Feedback.Verdict.UNKNOWN)
    assert fitted(current(three)) is not known


def test_what_was_learnt_of_a_gallery_that_is_small_again_goes(three, large, monkeypatch):
    fitted(current(three))
    assert FittedModel.objects.exists()
    monkeypatch.undo()
    assert tasks.refit() == 0
    assert not FittedModel.objects.exists()


def test_a_gallery_that_cannot_be_fitted_keeps_no_other_from_it(three, large, alice, monkeypatch):
    other = create_gallery(name="Other", owner=alice)
    enrol(gallery=other, category="cup", data=photo("coffee.png"), create=True)
    real = gallery_model.support_of

    def support_of(gallery, *categories):
        if gallery.pk == three.pk:
            raise RuntimeError("its encoder does not answer")
        return real(gallery, *categories)

    monkeypatch.setattr(gallery_model, "support_of", support_of)
    assert tasks.refit() == 1
    assert FittedModel.objects.get().gallery == other


def test_a_process_keeps_only_so_many_models(three, alice, monkeypatch):
    monkeypatch.setattr(gallery_model, "MOST_KEPT", 1)
    known = fitted(current(three))
    other = create_gallery(name="Other", owner=alice)
    fitted(current(other))
    assert list(gallery_model._fitted) == [other.pk]
    assert fitted(current(three)) is not known
