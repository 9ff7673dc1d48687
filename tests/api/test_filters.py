from __future__ import annotations

import pytest


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
