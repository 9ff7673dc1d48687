"""One word for several queries."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from recognition.core.errors import CategoryNotFound, InvalidInput, QueryNotFound
from recognition.models import Category, Feedback, Query, Reference
from recognition.selectors.review import get_queries
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.feedback.take_back_feedback import take_back_feedback
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.review.judge_group import judge_group
from recognition.services.review.review_queue import review_queue
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db(transaction=True)

Verdict = Feedback.Verdict


@pytest.fixture
def coins(gallery, alice):
    """Two photos of coins and one of a rocket, which a gallery that knows a cat does not know."""
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    for data in (another_view("coins.png"), photo("rocket.jpg"), photo("coins.png")):
        identify(gallery=gallery, data=data, user=alice)
    group = review_queue(gallery).groups[0]
    assert len(group.queries) == 2
    return group.queries


def files() -> set[str]:
    found, left = set(), [""]
    while left:
        folder = left.pop()
        folders, names = default_storage.listdir(folder)
        left += [f"{folder}/{each}".strip("/") for each in folders]
        found |= {f"{folder}/{each}" for each in names}
    return found


def test_photos_of_one_new_thing_become_one_category_at_once(gallery, alice, coins):
    judged = judge_group(
        gallery=gallery, queries=coins, verdict=Verdict.IT_IS, name="Roman coins", user=alice
    )
    assert (judged.enrolled, judged.is_new, judged.category.slug) == (2, True, "roman-coins")
    assert judged.category.references.count() == judged.category.feedback.count() == 2
    again = identify(gallery=gallery, data=another_view("coins.png"))
    assert again.answer["category"] == "roman-coins"
    assert {len(group.queries) for group in review_queue(gallery).groups} == {1}


def test_what_was_said_can_be_taken_back_whole(gallery, alice, coins):
    before = files()
    judged = judge_group(
        gallery=gallery, queries=coins, verdict=Verdict.IT_IS, name="Roman coins", user=alice
    )
    assert len(files()) == len(before) + 4
    take_back_feedback(
        gallery=gallery, queries=coins, user=alice, new_category=judged.category.slug
    )
    assert files() == before
    assert [category.slug for category in Category.objects.all()] == ["cat"]
    assert [len(group.queries) for group in review_queue(gallery).groups] == [2, 1]
    assert identify(gallery=gallery, data=photo("coins.png")).answer["decision"] == "unknown"


def test_nobody_takes_back_what_another_said(gallery, alice, bob, coins):
    judge_group(gallery=gallery, queries=coins, verdict=Verdict.UNKNOWN, user=alice)
    assert take_back_feedback(gallery=gallery, queries=coins, user=bob) == 0
    assert Feedback.objects.count() == 2


def test_what_was_judged_meanwhile_is_left_alone(gallery, alice, bob, coins):
    give_feedback(gallery=gallery, query=coins[0], verdict=Verdict.UNKNOWN, user=bob)
    before = files()
    judged = judge_group(
        gallery=gallery, queries=coins, verdict=Verdict.IT_IS, name="Coins", user=alice
    )
    assert judged.queries == [coins[1]]
    assert coins[0].feedback.verdict == Verdict.UNKNOWN
    assert Reference.objects.filter(category__name="Coins").count() == 1
    assert len(files()) == len(before) + 2


def test_a_known_category_is_not_taught_unless_it_is_asked_for(gallery, alice, coins):
    judged = judge_group(
        gallery=gallery, queries=coins, verdict=Verdict.IT_IS, category="cat", user=alice
    )
    assert (judged.enrolled, judged.is_new) == (0, False)
    assert Reference.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"verdict": Verdict.IT_IS, "category": "dog", "promote": True}, CategoryNotFound),
        ({"verdict": Verdict.IT_IS, "name": " "}, InvalidInput),
        ({"verdict": Verdict.NOT_THIS}, InvalidInput),
        ({"verdict": Verdict.RIGHT}, InvalidInput),
        ({"verdict": Verdict.UNKNOWN, "queries": []}, InvalidInput),
    ],
)
def test_what_makes_no_sense_leaves_nothing_behind(gallery, coins, said, error):
    before = files()
    with pytest.raises(error):
        judge_group(**({"gallery": gallery, "queries": coins} | said))
    assert (files(), Feedback.objects.count()) == (before, 0)


def test_queries_of_another_gallery_are_not_found(alice, gallery, coins):
    other = create_gallery(name="Other", owner=alice)
    with pytest.raises(QueryNotFound):
        get_queries(other, [coins[0].public_id])


def test_what_is_said_of_one_photo_of_a_burst_is_said_of_all(gallery, alice):
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    looks = [another_view("rocket.jpg"), photo("rocket.jpg")]
    asked = identify(gallery=gallery, data=looks[0], burst=looks[1:]).query
    other = Query.objects.exclude(pk=asked.pk).get()
    give_feedback(
        gallery=gallery,
        query=asked,
        verdict=Verdict.IT_IS,
        category="rocket",
        promote=True,
        create=True,
    )
    said = Feedback.objects.order_by("query_id")
    assert [each.category.slug for each in said] == ["rocket", "rocket"]
    assert [each.reference is None for each in said] == [False, True]
    give_feedback(gallery=gallery, query=other, verdict=Verdict.UNKNOWN)
    assert set(Feedback.objects.values_list("verdict", flat=True)) == {"unknown"}
    assert asked.feedback.reference is not None
