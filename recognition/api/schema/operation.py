"""How one call is described: what its view says of itself, its errors and its headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema

from recognition.api.access import GalleryView, Shown
from recognition.api.archives import ArchiveView
from recognition.api.fields import RawImageParser
from recognition.api.schema.headers import (
    ALWAYS,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    references,
)
from recognition.api.schema.problems import Kind, kinds_below, problem_responses
from recognition.core import errors

Schema = dict[str, Any]

NAMED: dict[str, Kind] = {
    "category": errors.CategoryNotFound,
    "reference": errors.ReferenceNotFound,
    "negative": errors.NegativeNotFound,
    "query": errors.QueryNotFound,
    "job": errors.JobNotFound,
    "evaluation": errors.EvaluationNotFound,
    "change": errors.EncoderChangeNotFound,
    "webhook": errors.WebhookNotFound,
}


SUCCESSES = {
    "200": "What was asked for.",
    "201": "It is made.",
    "202": "It is under way; `Location` says where to look.",
    "204": "It is gone.",
    "304": "It is as you know it.",
}


class Operation(AutoSchema):
    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        operation: Schema | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            self._add_headers(operation)
            problems = problem_responses(
                self._kinds(), has_body="requestBody" in operation, names="{" in self.path
            )
            operation["responses"] |= problems
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    @property
    def _creates(self) -> bool:
        return getattr(getattr(self.view, self.method.lower()), "idempotent", False)

    @property
    def _conditional(self) -> bool:
        return self.method in {"PATCH", "DELETE"} and isinstance(self.view, Shown)

    def _add_headers(self, operation: Schema) -> None:
        given, told = [], [*ALWAYS]
        if self._creates:
            given, told = [IDEMPOTENCY_KEY], [*told, "Idempotent-Replayed"]
        if self._conditional:
            given = [IF_MATCH]
        if self.method == "GET" and _is_json(operation["responses"]["200"]):
            given, told = [IF_NONE_MATCH], [*told, "ETag"]
            operation["responses"]["304"] = {}
        if "202" in operation["responses"]:
            told.append("Location")
        operation.setdefault("parameters", []).extend(given)
        for status, response in operation["responses"].items():
            response["description"] = SUCCESSES[status]
            response.setdefault("headers", {}).update(references(*told))

    def _kinds(self) -> Iterator[Kind]:
        """The errors that the call may answer with, besides what any call may."""
        view = self.view
        if isinstance(view, GalleryView):
            yield errors.GalleryNotFound
        yield from (kind for name, kind in NAMED.items() if f"{{{name}}}" in self.path)
        if self._is_list_view():
            yield errors.InvalidCursor
        if self._creates:
            yield from (errors.IdempotencyInProgress, errors.IdempotencyKeyReused)
        if self._conditional:
            yield errors.PreconditionFailed
        if self.method not in {"GET", "DELETE"}:
            yield from self._kinds_of_input()

    def _kinds_of_input(self) -> Iterator[Kind]:
        view = self.view
        if RawImageParser in view.parser_classes:
            yield from kinds_below(errors.ImageError)
        if isinstance(view, ArchiveView):
            archives = set(kinds_below(errors.ArchiveError))
            yield from archives - set(kinds_below(errors.ArchiveEntryError))
        for kind in getattr(view, "raises", ()):
            # Each conflict is one of its own; other kinds stand for their family. Where there is no
            # gallery, none gets another encoder meanwhile.
            alone = kind is errors.Conflict or not isinstance(view, GalleryView)
            yield from [kind] if alone and issubclass(kind, errors.Conflict) else kinds_below(kind)


def _is_json(response: Schema) -> bool:
    """Whether it is made whole before it is sent, as an ``ETag`` needs it: a file is not."""
    return "application/json" in response["content"]
