"""What a gallery's people learn of it."""

from __future__ import annotations

import pytest

from recognition.models import Evaluation, Feedback, Gallery
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.worker.take_turn import take_turn
from tests.dashboard.page_text import text
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db

URL = "/g/pets/insights/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def asked(gallery, alice):
    for name, data in (("cat", another_view("chelsea.png")), ("cup", photo("coffee.png"))):
        enrol(gallery=gallery, category=name, data=data, create=True, user=alice)
    identify(gallery=gallery, data=photo("coins.png"), user=alice)
    return identify(gallery=gallery, data=photo("chelsea.png"), user=alice).query


def test_nothing_asked_is_said_and_not_drawn(gallery, alices):
    page = text(alices.get(URL))
    assert "No photos identified yet" in page
    assert "Not measured yet" in page


def test_a_stricter_rate_changes_past_answers_and_future_ones(gallery, asked, alices):
    strict = text(alices.get(f"{URL}decisions/?far=0.0000015", headers=HTMX))
    assert "1 answer would change" in strict
    assert asked.public_id in strict
    saved = text(alices.post(f"{URL}decide/", {"far": "0.0000015"}, follow=True))
    assert "Saved: " in saved
    assert Gallery.objects.get().target_far == 0.0000015
    assert "would change" not in saved


@pytest.mark.parametrize("far", ["0", "1", "nonsense", "nan"])
def test_a_rate_that_makes_no_sense_is_refused(gallery, alices, far):
    assert alices.post(f"{URL}decide/", {"far": far}).status_code == 400
    assert Gallery.objects.get().target_far == 0.1


def test_measuring_shows_progress_and_then_its_results(gallery, asked, alices):
    give_feedback(gallery=gallery, query=asked, verdict=Feedback.Verdict.RIGHT)
    begun = text(alices.post(f"{URL}measure/", headers=HTMX))
    evaluation = Evaluation.objects.get()
    poll = f"{URL}measure/{evaluation.public_id}/"
    assert poll in begun
    assert "starting" in text(alices.get(poll, headers=HTMX))
    while not evaluation.job.finished_at:
        take_turn(evaluation.job_id)
        evaluation.job.refresh_from_db()
    assert alices.get(poll, headers=HTMX).headers["HX-Refresh"] == "true"
    page = text(alices.get(URL))
    assert "Right first time" in page
    assert 'id="det-data"' in page
    assert "with their own" in page
    assert "If 1 in 5 unknown photos" in text(alices.get(f"{URL}decisions/?far=0.2", headers=HTMX))
    assert "If 1 in 5 unknown photos" in text(alices.get(f"{URL}?far=0.2"))


def test_the_map_has_a_point_for_each_reference(gallery, asked, alices):
    drawn = alices.get(f"{URL}map/").json()
    assert (len(drawn["points"]), drawn["total"]) == (2, 2)
    assert [name for name, _ in drawn["categories"]] == ["cat", "cup"]
    assert "cup" in text(alices.get(f"{URL}map/alike/", headers=HTMX))


def test_a_viewer_looks_and_changes_nothing(gallery, asked, victors):
    page = text(victors.get(URL))
    assert "Measure now" not in page
    strict = text(victors.get(f"{URL}decisions/?far=0.0000015", headers=HTMX))
    assert '<button class="primary">Use ' not in strict
    assert victors.post(f"{URL}decide/", {"far": "0.5"}).status_code == 403
    assert victors.post(f"{URL}measure/").status_code == 403
    for address in ("review/", "review/suggest/"):
        assert victors.get(f"/g/pets/{address}").status_code == 403
    for address in ("review/judge/", "review/take-back/"):
        given = {"query": asked.public_id, "say": "unknown"}
        assert victors.post(f"/g/pets/{address}", given).status_code == 403


def test_charlie_finds_none_of_it(gallery, asked, charlies):
    for address in ("insights/", "insights/map/", "insights/decisions/", "review/"):
        assert charlies.get(f"/g/pets/{address}").status_code == 404


def test_a_group_is_judged_without_a_script_too(gallery, asked, alices):
    give_feedback(gallery=gallery, query=asked, verdict=Feedback.Verdict.RIGHT)
    waiting = alices.get("/g/pets/review/")
    assert "Something new?" in text(waiting)
    query = gallery.queries.get(outcome="unknown").public_id
    given = {"query": query, "say": "it_is", "name": "Coins", "promote": "on"}
    assert "Nothing to review" in text(alices.post("/g/pets/review/judge/", given, follow=True))
    back = {"query": query, "made": "coins"}
    assert "Something new?" in text(alices.post("/g/pets/review/take-back/", back, follow=True))
    assert alices.post("/g/pets/review/judge/", {"query": query, "say": "what"}).status_code == 400


def test_only_an_owner_sets_the_rate(gallery, bob, client):
    client.force_login(bob)
    assert client.post(f"{URL}decide/", {"far": "0.5"}).status_code == 403
    assert "decide/" not in text(client.get(f"{URL}decisions/?far=0.1"))
