"""How well a gallery recognises, measured by the worker and read over the API."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from recognition.evaluation.answers import answer
from recognition.evaluation.results import Results
from recognition.matching.decisions import decide, verify
from recognition.models import EncoderRecord, EvaluatedImage, Evaluation, Feedback, Job
from recognition.services.categories.create_category import create_category
from recognition.services.evaluations.embed_archive import HOPELESS
from recognition.services.evaluations.measure_gallery import whole_of
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.storage.files import run_file_deletions
from recognition.worker.requeue_jobs import requeue_jobs
from recognition.worker.take_turn import take_turn
from tests.archives.builders import zip_of
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/evaluations/"

THINGS = {"cat": "chelsea.png", "coffee": "coffee.png", "coins": "coins.png"}


@pytest.fixture
def enrolled(gallery):
    """Three categories, of which the cat has two photos."""
    for category, name in THINGS.items():
        enrol(gallery=gallery, category=category, data=photo(name), create=True, advise=False)
    enrol(gallery=gallery, category="cat", data=another_view("chelsea.png"), advise=False)
    return gallery


def measured(client, **given):
    """The evaluation after the worker's turn."""
    started = client.post(URL, given, format="multipart" if given else "json")
    assert started.status_code == 202, started.json()
    assert started.json()["state"] == "queued"
    take_turn(Job.objects.get(public_id=started.json()["job"]).pk)
    return client.get(started["Location"]).json()


def test_a_gallery_is_measured_by_its_own_references(enrolled, as_alice, as_victor):
    ended = measured(as_alice)
    assert (ended["state"], ended["source"], ended["code"]) == ("succeeded", "gallery", "")
    assert ended["done"] == ended["total"] > 0
    results = ended["results"]
    assert (results["categories"], results["references"]) == (3, 4)
    # Both photos of the cat have another to be found by; each reference is a stranger to the rest.
    assert (results["known"], results["unknown"]) == (2, 4)
    assert results["identification"]["top1"]["value"] == 1.0
    assert results["comparisons"] == 4 * 2
    assert results["promise"]["target"] == enrolled.target_far
    assert results["encoder"]["fingerprint"] == enrolled.encoder.fingerprint
    assert results.keys() >= Results.__dataclass_fields__.keys()
    [listed] = as_victor.get(URL).json()["results"]
    assert (listed["id"], "results" in listed) == (ended["id"], False)


def test_with_one_photo_each_strangers_alone_can_be_measured(gallery, as_alice):
    for category, name in THINGS.items():
        enrol(gallery=gallery, category=category, data=photo(name), create=True, advise=False)
    results = measured(as_alice)["results"]
    assert (results["known"], results["unknown"]) == (0, 3)
    assert results["identification"] is results["verification"] is results["open_set"] is None
    assert results["promise"]["far"]["trials"] == 3 and results["promise"]["frr"] is None
    assert sum(results["scores"]["impostor"]) == pytest.approx(1.0)
    assert [note["code"] for note in results["notes"]] == ["no_known_queries"]


def test_judged_queries_are_asked_again(enrolled, alice, as_alice):
    known = identify(gallery=enrolled, data=another_view("coffee.png")).query
    unknown = identify(gallery=enrolled, data=photo("rocket.jpg")).query
    for query, verdict, category in [
        (known, Feedback.Verdict.IT_IS, "coffee"),
        (unknown, Feedback.Verdict.UNKNOWN, None),
    ]:
        give_feedback(gallery=enrolled, query=query, verdict=verdict, category=category, user=alice)
    results = measured(as_alice)["results"]
    assert (results["known"], results["unknown"]) == (3, 5)
    assert {row["category"] for row in results["identification"]["categories"]} == {
        "cat",
        "coffee",
    }


def test_an_archive_is_asked_of_the_gallery(enrolled, as_alice):
    archive = zip_of(
        {
            "coffee/1.jpg": another_view("coffee.png"),
            "coins/1.jpg": another_view("coins.png"),
            "rocket/1.jpg": photo("rocket.jpg"),
            "rocket/notes.txt": b"these are rockets",
        }
    )
    ended = measured(as_alice, archive=upload(archive, "labelled.zip"))
    assert (ended["state"], ended["source"]) == ("succeeded", "queries")
    results = ended["results"]
    assert (results["known"], results["unknown"]) == (2, 1)
    assert results["identification"]["top1"]["value"] == 1.0
    assert results["left_out"]["count"] == 1
    assert results["left_out"]["files"][0]["path"] == "rocket/notes.txt"
    assert not EvaluatedImage.objects.exists()
    run_file_deletions()
    assert default_storage.listdir(f"galleries/{enrolled.pk}/imports")[1] == []


def test_an_archive_alone_needs_nothing_enrolled(gallery, as_alice):
    archive = zip_of(
        {
            f"{category}/{number}.jpg": data
            for category, name in THINGS.items()
            for number, data in enumerate([photo(name), another_view(name)])
        }
    )
    ended = measured(
        as_alice, archive=upload(archive, "labelled.zip"), alone="true", episodes=3, far=0.05
    )
    results = ended["results"]
    assert (ended["source"], results["promise"]["target"]) == ("alone", 0.05)
    assert (results["categories"], results["references"]) == (2, 2)
    assert (results["known"], results["unknown"]) == (3 * 2, 3 * 2)
    assert results["identification"]["top1"]["value"] == 1.0


def test_what_cannot_be_evaluated_says_so(gallery, as_alice):
    ended = measured(as_alice)
    assert (ended["state"], ended["code"]) == ("failed", "nothing_to_evaluate")
    assert ended["results"] is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"alone": "true"}, "invalid_input"),
        ({"far": "0.9"}, "invalid_input"),
        ({"archive": upload(b"not an archive", "a.zip")}, "archive_unsupported"),
    ],
)
def test_what_makes_no_sense_is_refused(given, code, gallery, as_alice):
    answer = as_alice.post(URL, given, format="multipart")
    assert answer.json()["code"] == code
    assert not Job.objects.exists()


def test_a_cancelled_evaluation_leaves_nothing_behind(enrolled, as_alice):
    archive = ContentFile(zip_of({"coffee/1.jpg": another_view("coffee.png")}), "a.zip")
    started = as_alice.post(URL, {"archive": archive}, format="multipart").json()
    job = f"/api/v1/galleries/pets/jobs/{started['job']}/"
    assert as_alice.post(f"{job}cancel/").json()["state"] == "cancelled"
    take_turn(Job.objects.get().pk)
    ended = as_alice.get(f"{URL}{started['id']}/").json()
    assert (ended["state"], ended["results"]) == ("cancelled", None)


def test_an_evaluation_whose_worker_died_is_done_by_another(enrolled, as_alice):
    started = as_alice.post(URL, {}, format="json").json()
    long_ago = timezone.now() - timedelta(minutes=1)
    Job.objects.update(state=Job.State.RUNNING, holder="dead", lease_until=long_ago, attempts=1)
    assert requeue_jobs() == 1
    take_turn(Job.objects.get().pk)
    assert as_alice.get(f"{URL}{started['id']}/").json()["state"] == "succeeded"


def test_a_file_that_kills_its_workers_is_left_out(enrolled, as_alice):
    archive = zip_of({"coffee/1.jpg": another_view("coffee.png"), "x/1.jpg": photo("rocket.jpg")})
    upload_ = {"archive": upload(archive, "labelled.zip")}
    started = as_alice.post(URL, upload_, format="multipart").json()
    Job.objects.update(attempts=HOPELESS)
    for _ in range(2):
        take_turn(Job.objects.get().pk)
    ended = as_alice.get(f"{URL}{started['id']}/").json()
    assert ended["state"] == "succeeded"
    [lost] = ended["results"]["left_out"]["files"]
    assert (lost["path"], lost["code"]) == ("coffee/1.jpg", "worker_lost")
    assert (ended["results"]["known"], ended["results"]["unknown"]) == (0, 1)


def test_measuring_that_kills_its_workers_is_given_up(enrolled, as_alice):
    started = as_alice.post(URL, {}, format="json").json()
    Job.objects.update(attempts=HOPELESS)
    take_turn(Job.objects.get().pk)
    ended = as_alice.get(f"{URL}{started['id']}/").json()
    assert (ended["state"], ended["code"]) == ("failed", "worker_lost")


def test_no_two_encoders_meet_in_an_evaluation(enrolled, as_alice):
    started = as_alice.post(URL, {}, format="json").json()
    other = EncoderRecord.objects.create(
        name="other", fingerprint="f" * 64, dimension=4, input_size=4, logit_scale=1.0
    )
    Evaluation.objects.update(encoder=other)
    take_turn(Job.objects.get().pk)
    ended = as_alice.get(f"{URL}{started['id']}/").json()
    assert (ended["state"], ended["code"]) == ("failed", "encoder_mismatch")


@pytest.mark.parametrize("somebody_said_not_this", [False, True])
def test_measured_answers_are_those_that_would_be_given(
    enrolled, alice, somebody_said_not_this: bool
):
    create_category(gallery=enrolled, name="A rocket", prompts=["a rocket"])
    query = identify(gallery=enrolled, data=photo("rocket.jpg")).query
    if somebody_said_not_this:
        give_feedback(
            gallery=enrolled,
            query=query,
            verdict=Feedback.Verdict.NOT_THIS,
            category="a-rocket",
            user=alice,
        )
    whole = whole_of(enrolled)
    model, far = whole.fitted(), 0.05
    queries = np.concatenate([whole.support.references.vectors, whole.rejected.vectors])
    truths = np.full(len(queries), -1, np.int64)
    truths[0] = int(whole.support.references.categories[0])
    found = answer(model, whole.support, queries, truths, far=far, rejected=whole.rejected)
    for row, vector in enumerate(queries[1:]):
        asked = vector[None]
        given = decide(model, asked, whole.support, far=far, rejected=whole.rejected)
        assert found.unknown.best[row] == pytest.approx(given.candidates[0].score, rel=1e-5)
        assert found.unknown.confidence[row] == pytest.approx(given.confidence)
        assert found.unknown.match_at[row] == pytest.approx(given.threshold.score)
        claims = [
            verify(
                model, asked, whole.support, category=category, far=far, rejected=whole.rejected
            ).accepted
            for category in np.unique(whole.support.categories).tolist()
        ]
        assert found.unknown.accepted[row] == pytest.approx(np.mean(claims))
