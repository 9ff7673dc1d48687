from __future__ import annotations

import pytest

from recognition.models import Category, Query
from tests.api.test_isolation import things  # noqa: F401
from tests.api.test_schema import operations


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("2020-01-01T00:00:00Z", 1),
        ("0345-05-07T07:36:03.9+23:13", 1),
        ("0001-01-01T00:00:00+23:59", 1),
        ("9999-12-31T23:59:59-23:59", 0),
    ],
)
def test_a_time_may_be_in_any_zone(as_alice, gallery, moment, found):
    page = as_alice.get("/api/v1/galleries/", {"created_after": moment})
    assert page.status_code == 200
    assert len(page.json()["results"]) == found


def test_what_is_no_time_is_refused(as_alice, gallery):
    page = as_alice.get("/api/v1/galleries/", {"created_after": "yesterday"})
    assert page.status_code == 400
    assert page.json()["code"] == "invalid_input"
    assert "created_after" in page.content.decode()


def lists() -> dict[str, list[dict]]:
    """Every list that the schema has, with what it may be narrowed to and ordered by."""
    paged = {"cursor", "page_size", "If-None-Match"}
    return {
        path: [each for each in operation["parameters"] if each["name"] not in paged]
        for (_, path), operation in operations().items()
        if any(each["name"] == "cursor" for each in operation.get("parameters", []))
    }


def test_every_list_can_be_ordered_and_but_for_rows_and_logs_by_time():
    named = {path: {each["name"] for each in given} for path, given in lists().items()}
    assert all("ordering" in each for each in named.values())
    by_time = {path for path, each in named.items() if "created_after" in each}
    assert {path.split("/")[-2] for path in named.keys() - by_time} == {"rows", "audit"}


@pytest.mark.django_db
def test_every_filter_and_order_that_the_schema_names_is_taken(things, as_alice):  # noqa: F811
    asked = 0
    for path, given in lists().items():
        url = path.format(**things)
        for each in (each for each in given if each["in"] == "query"):
            free = "2020-01-01T00:00:00Z" if "date-time" in str(each["schema"]) else "true"
            for value in each["schema"].get("enum", [free]):
                answer = as_alice.get(url, {each["name"]: value})
                assert answer.status_code == 200, (url, each["name"], value, answer.json())
                asked += 1
            if "enum" in each["schema"]:
                wrong = as_alice.get(url, {each["name"]: "nonsense"})
                assert wrong.json()["code"] == "invalid_input"
    assert asked > 80


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["cat", "C 7"])
def test_a_category_is_named_by_its_slug_or_its_external_id(key, things, as_alice):  # noqa: F811
    cat = Category.objects.get()
    Category.objects.update(external_id="C 7")
    Query.objects.update(category=cat)
    for listed in ("references", "queries"):
        url = f"/api/v1/galleries/pets/{listed}/"
        assert len(as_alice.get(url, {"category": key}).json()["results"]) == 1
        assert as_alice.get(url, {"category": "dog"}).json()["results"] == []
