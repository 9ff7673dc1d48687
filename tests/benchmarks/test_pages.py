"""Every page is measured, none is left out in silence, and what is too much of one is said."""

from __future__ import annotations

import json
import shutil
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.urls import include, path

from recognition.benchmarks.pages.addresses import find
from recognition.benchmarks.pages.painted import NoBrowser, chromium
from recognition.benchmarks.pages.report import WEIGHT_BYTES, Row, cells, verdict
from recognition.dashboard import urls as dashboard
from recognition.dashboard.galleries import new

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SMALL = ("--references", "60", "--categories", "6", "--queries", "60", "--rounds", "1")
ONLY = ("dashboard:*", "admin:index", "admin:recognition_reference_changelist*")

strange = ([path("strange/<str:stranger>/", new, name="strange")], "dashboard")
urlpatterns = [path("", include(strange))]


@pytest.fixture(scope="module")
def said(models_dir) -> dict:
    """What the command says of a small gallery."""
    out = StringIO()
    with override_settings(RECOGNITION={**settings.RECOGNITION, "models_dir": models_dir}):
        call_command("benchmark", "pages", *SMALL, "--json", "--only", *ONLY, stdout=out)
    return json.loads(out.getvalue())


def bare(name: str) -> str:
    return name.partition(" ?")[0]


def test_every_address_of_the_dashboard_is_measured_or_named(said):
    rows = {bare(row["name"]) for row in said["rows"]}
    pictures = {picture["name"] for picture in said["pictures"]}
    left_out = {name for names in said["left_out"].values() for name in names}
    known = {f"dashboard:{each.name}" for each in dashboard.urlpatterns}
    assert known <= rows | pictures | left_out
    assert {"dashboard:gallery", "dashboard:insights", "dashboard:review"} <= rows
    assert {"admin:index", "admin:recognition_reference_changelist"} <= rows
    assert "dashboard:remove_category" in left_out


def test_the_server_and_the_database_are_asked(said):
    for row in said["rows"]:
        assert 0 < row["median_ms"] <= row["max_ms"], row
        assert row["queries"] > 0, row


def test_a_browser_weighs_pages_and_sees_them_painted(said):
    if CHROMIUM is None:
        assert "Chromium did not start" in said["no_browser"]
    for row in said["rows"]:
        if CHROMIUM is None or not row["is_page"]:
            assert row["weight_bytes"] is row["paint_ms"] is None
        else:
            assert 0 < row["weight_bytes"] < WEIGHT_BYTES, row
            assert row["paint_ms"] > 0, row


def test_thumbnails_are_sent_small_and_may_be_kept(said):
    sent = {picture["name"]: picture for picture in said["pictures"]}
    for small, whole in (("thumbnail", "reference_image"), ("query_thumbnail", "query_image")):
        thumbnail, image = sent[f"dashboard:{small}"], sent[f"dashboard:{whole}"]
        assert max(thumbnail["width"], thumbnail["height"]) <= 256
        assert thumbnail["sent_bytes"] < image["sent_bytes"]
        assert "max-age=31536000" in thumbnail["cache_control"]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_address_that_cannot_be_filled_in_is_refused(gallery):
    with pytest.raises(LookupError, match="dashboard:strange takes 'stranger'"):
        find(gallery)


def test_what_is_too_much_of_a_page_is_said():
    good = Row("good", True, 150.0, 400.0, 5, 300_000, 1000.0)
    bad = Row("bad", True, 151.0, 151.0, 5, 300_600, 1001.0)
    assert verdict([good]) == "Beyond 150 ms, 300 KB or 1000 ms to paint: no page."
    assert verdict([good, bad]).endswith("to paint: bad (151 ms, 301 KB, 1001 ms to paint).")


def test_what_no_browser_measured_is_no_number():
    page, part = Row("page", True, 1.0, 2.0, 3), Row("part", False, 1.0, 2.0, 3)
    assert cells(page) == ("page", "1", "2", "3", "not measured", "not measured")
    assert cells(part) == ("part", "1", "2", "3", "–", "–")
    assert page.beyond == []


def test_why_there_is_no_browser_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(NoBrowser, match="Chromium did not start"), chromium():
        pass
