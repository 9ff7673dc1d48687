"""The committed schema is the one that the code gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


def test_the_committed_schema_is_up_to_date(tmp_path):
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True)
    assert made.read_text() == SCHEMA.read_text(), "run `make schema` and commit docs/openapi.yaml"


@pytest.mark.django_db
def test_the_schema_and_its_page_are_served_from_here(as_alice):
    assert as_alice.get("/api/v1/schema/").status_code == 200
    page = as_alice.get("/api/v1/docs/").content.decode()
    assert "swagger-ui" in page
    assert "http://" not in page
    assert "https://" not in page
