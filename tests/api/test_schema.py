"""The committed schema is the one that the code gives."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction

from recognition.api.access import GalleryView
from recognition.api.archives import ArchiveView
from recognition.api.base import ApiView
from recognition.api.schema.problems import kinds_below
from recognition.core.errors import RecognitionError
from recognition.services.recognition.identify import MAX_LOOKS
from tests.api.test_isolation import things  # noqa: F401

JSON = "application/json"
NUMBER = re.compile("integer|number")
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


def read_schema() -> dict:
    return yaml.safe_load(SCHEMA.read_text())


def operations() -> dict[tuple[str, str], dict]:
    paths = read_schema()["paths"]
    return {
        (method, path): operation
        for path, each in paths.items()
        for method, operation in each.items()
    }


def codes_of(response: dict) -> set[str]:
    return set(re.findall(r"`(\w+)`", response["description"].partition("Code: ")[2]))


def test_every_call_field_and_parameter_is_described():
    silent = [
        f"{name}.{field}"
        for name, schema in read_schema()["components"]["schemas"].items()
        for field, value in schema.get("properties", {}).items()
        if not value.get("description")
    ]
    for (method, path), operation in operations().items():
        described = [operation, *operation.get("parameters", [])]
        silent += [f"{method} {path}" for each in described if not each.get("description")]
    assert silent == []


def test_a_call_is_described_by_its_own_words():
    inherited = {cleandoc(view.__doc__) for view in (ApiView, GalleryView, ArchiveView)}
    described = {each: operation["description"] for each, operation in operations().items()}
    assert [each for each, said in described.items() if said in inherited] == []
    assert len(set(described.values())) == len(described)


def test_every_number_given_has_a_range():
    unbounded = [
        f"{name}.{field}"
        for name, schema in read_schema()["components"]["schemas"].items()
        if name.endswith("Request")
        for field, value in schema["properties"].items()
        if NUMBER.search(str(value.get("type"))) and not {"minimum", "maximum"} <= value.keys()
    ]
    assert unbounded == []


def test_every_error_that_a_call_may_answer_with_is_listed():
    codes = set(read_schema()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])
    listed = {
        code
        for operation in operations().values()
        for response in operation["responses"].values()
        for code in codes_of(response)
    }
    elsewhere = {"method_not_allowed"}
    assert listed <= codes
    assert {kind.code for kind in kinds_below(RecognitionError)} <= codes
    assert listed | elsewhere >= {"not_found", "throttled", "image_damaged", "archive_bomb"}


def test_a_call_lists_the_conflicts_that_it_may_run_into():
    below = "/api/v1/galleries/{gallery}/"
    changing = {"encoder_changed", "encoder_mismatch"}
    expected = {
        f"{below}identify/": changing | {"idempotency_in_progress", "quota_exceeded"},
        f"{below}search/": changing,
        f"{below}verify/": changing
        | {"category_empty", "idempotency_in_progress", "quota_exceeded"},
        f"{below}queries/{{query}}/feedback/": changing
        | {"already_exists", "idempotency_in_progress", "image_not_kept", "quota_exceeded"},
        f"{below}references/{{reference}}/approve/": changing,
        f"{below}references/{{reference}}/reject/": {"already_approved"},
    }
    for path, codes in expected.items():
        assert codes_of(operations()["post", path]["responses"]["409"]) == codes, path


def test_a_wait_is_told_where_asking_again_may_help():
    waits = {kind.code for kind in kinds_below(RecognitionError) if kind.retryable} | {"throttled"}
    for (method, path), operation in operations().items():
        for response in operation["responses"].values():
            told = "Retry-After" in response.get("headers", {})
            assert told == bool(codes_of(response) & waits), (method, path, response)


def test_only_what_is_made_whole_has_a_version():
    for (method, path), operation in operations().items():
        if method == "get" and path.startswith("/api/"):
            answer = operation["responses"]["200"]
            has_version = JSON in answer["content"]
            assert ("ETag" in answer["headers"]) == has_version, path
            assert ("304" in operation["responses"]) == has_version, path


def test_a_burst_has_an_end():
    asked = read_schema()["components"]["schemas"]["IdentifyInputTextRequest"]
    _, several = asked["properties"]["image"]["oneOf"]
    assert (several["minItems"], several["maxItems"]) == (1, MAX_LOOKS)


@pytest.mark.django_db
def test_an_answer_has_every_field_that_the_schema_calls_required(things, as_alice):  # noqa: F811
    schemas, seen = read_schema()["components"]["schemas"], set()

    def check(schema: dict, value: object, where: str) -> None:
        """Follows references and lists to wherever an object is described."""
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if isinstance(value, list):
            for each in value:
                check(schema.get("items", {}), each, where)
        elif isinstance(value, dict) and "properties" in schema:
            assert set(schema.get("required", ())) <= value.keys() <= schema["properties"].keys()
            seen.add(where)
            for name, inner in value.items():
                check(schema["properties"][name], inner, f"{where}.{name}")

    for (method, path), operation in operations().items():
        content = operation["responses"].get("200", {}).get("content", {})
        if method == "get" and JSON in content:
            answer = as_alice.get(path.format(**things))
            check(content[JSON]["schema"], answer.json(), path)
    assert len(seen) > 25


WITH_EXAMPLES = {
    (method, path): body["examples"]["example"]["value"]
    for (method, path), operation in operations().items()
    if "examples" in (body := operation.get("requestBody", {}).get("content", {}).get(JSON, {}))
}


def test_every_call_that_takes_json_has_an_example():
    taking = {
        each
        for each, operation in operations().items()
        if JSON in operation.get("requestBody", {}).get("content", {})
    }
    assert taking == set(WITH_EXAMPLES)


@pytest.mark.django_db
def test_the_examples_run(things, as_alice):  # noqa: F811
    for (method, path), body in WITH_EXAMPLES.items():
        with transaction.atomic():
            answer = getattr(as_alice, method)(path.format(**things), body)
            transaction.set_rollback(True)
        # The gallery of the tests has the only encoder that there is, and no plan that waits.
        refused = {"conflict", "job_not_planned"}
        fine = answer.status_code < 300 or answer.json()["code"] in refused
        assert fine, (method, path, answer.content)
