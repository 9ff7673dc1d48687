"""What a list may be narrowed to and ordered by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django_filters.rest_framework import FilterSet
from drf_spectacular.drainage import set_override

from recognition.api.inputs import WITHOUT_NUL
from recognition.core.types import Outcome
from recognition.models import (
    AuditEntry,
    Category,
    Delivery,
    EncoderChange,
    Evaluation,
    Feedback,
    Gallery,
    Job,
    JobRow,
    Negative,
    Query,
    Webhook,
)
from recognition.models import Reference as ReferenceModel
from recognition.selectors.categories import meant_by

MAX_LENGTH = 200
Rows = QuerySet[Any]


class TextFilter(django_filters.CharFilter):
    """Text without NUL; empty means any."""

    def __init__(self, *, help_text: str, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, help_text=help_text, **kwargs)
        text = {
            "type": "string",
            "maxLength": MAX_LENGTH,
            "pattern": WITHOUT_NUL,
        }
        set_override(self, "field", {**text, "description": help_text})


class FlagFilter(django_filters.ChoiceFilter):
    """True or false, and nothing that is taken for either."""

    def __init__(self, *, help_text: str, **kwargs: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(choices=choices, help_text=help_text, **kwargs)
        set_override(self, "field", {"type": "boolean", "description": help_text})


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A time in any zone. PostgreSQL refuses zones far from UTC, so it is asked in UTC."""

    def filter(self, qs: Rows, value: datetime | None) -> Rows:
        rows: Rows = super().filter(qs, in_utc(value) if value else value)
        return rows


def in_utc(moment: datetime) -> datetime:
    """The same moment; the first or the last that there is where the calendar ends before it."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        edge = datetime.min if moment.year == datetime.min.year else datetime.max
        return edge.replace(tzinfo=UTC)


class OrderFilter(django_filters.ChoiceFilter):
    """One of the orders, ``-`` before it for the reverse; rows alike in it go by their making.

    ``orders`` maps what callers say to a column that is never null, or a cursor has no place.
    """

    def __init__(self, orders: dict[str, str], **kwargs: Any) -> None:
        self.orders = orders
        names = [name for each in orders for name in (each, f"-{each}")]
        super().__init__(
            choices=[(name, name) for name in names],
            help_text="What to order by; `-` before it reverses.",
            **kwargs,
        )

    def filter(self, qs: Rows, value: str) -> Rows:
        if not value:
            return qs
        sign = "-" if value.startswith("-") else ""
        column = self.orders[value.removeprefix("-")]
        ties = [] if column == "id" else [f"{sign}id"]
        return qs.order_by(f"{sign}{column}", *ties)


MADE = {"created_at": "id"}
"""Rows are numbered as they are made."""


def _of_category(key: str) -> Q:
    return meant_by(key, "category__")


class Filters(FilterSet):
    def is_valid(self) -> bool:
        """Nothing at all is a text, but no date and no choice."""
        valid = bool(super().is_valid())
        empty = [
            name
            for name, each in self.filters.items()
            if self.data.get(name) == "" and not isinstance(each, TextFilter)
        ]
        for name in empty:
            self.form.add_error(name, "Give a value, or leave it out.")
        return valid and not empty


class CreatedFilters(Filters):
    created_after = MomentFilter(
        "created_at", "gte", help_text="Made then or later: a date and time by ISO 8601."
    )
    created_before = MomentFilter(
        "created_at", "lt", help_text="Made before then: a date and time by ISO 8601."
    )


class GalleryFilters(CreatedFilters):
    name = TextFilter(lookup_expr="icontains", help_text="Part of the name, in either case.")
    ordering = OrderFilter({**MADE, "name": "name", "slug": "slug"})

    class Meta:
        model = Gallery
        fields = ["name"]


class CategoryFilters(CreatedFilters):
    name = TextFilter(lookup_expr="icontains", help_text="Part of the name, in either case.")
    external_id = TextFilter(help_text="The caller's own identifier, exactly.")
    twins = FlagFilter(
        method="that_may_be_one",
        help_text="Whether another once had its name, and nobody has said whether they are one.",
    )
    ordering = OrderFilter({**MADE, "name": "name", "slug": "slug", "references": "shots"})

    class Meta:
        model = Category
        fields = ["name", "external_id"]

    def that_may_be_one(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(twin_of__isnull=value != "true")


class ReferenceFilters(CreatedFilters):
    category = TextFilter(
        method="of_category", help_text="Of the category with this slug or external id."
    )
    state = django_filters.ChoiceFilter(
        choices=ReferenceModel.State.choices, help_text="Whether it is searchable, or waits."
    )
    external_id = TextFilter(help_text="The caller's own identifier, exactly.")
    sha256 = TextFilter(help_text="SHA-256 of the uploaded bytes, in hexadecimal.")
    ordering = OrderFilter(MADE)

    class Meta:
        model = ReferenceModel
        fields = ["state", "external_id", "sha256"]

    def of_category(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(_of_category(value))


class NegativeFilters(CreatedFilters):
    sha256 = TextFilter(help_text="SHA-256 of the uploaded bytes, in hexadecimal.")
    ordering = OrderFilter(MADE)

    class Meta:
        model = Negative
        fields = ["sha256"]


class QueryFilters(CreatedFilters):
    decision = django_filters.ChoiceFilter(
        "outcome",
        choices=[(outcome.value, outcome.value) for outcome in Outcome],
        help_text="What was answered.",
    )
    category = TextFilter(
        method="of_category", help_text="Matched with the category with this slug or external id."
    )
    reviewed = FlagFilter(method="with_feedback", help_text="Whether anything was said of it.")
    verdict = django_filters.ChoiceFilter(
        "feedback__verdict", choices=Feedback.Verdict.choices, help_text="What was said of it."
    )
    ordering = OrderFilter(MADE)

    class Meta:
        model = Query
        fields = ["decision"]

    def of_category(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(_of_category(value))

    def with_feedback(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(feedback__isnull=value != "true")


class JobFilters(CreatedFilters):
    kind = django_filters.ChoiceFilter(choices=Job.Kind.choices, help_text="What is being done.")
    state = django_filters.ChoiceFilter(choices=Job.State.choices, help_text="How far it is.")
    ordering = OrderFilter(MADE)

    class Meta:
        model = Job
        fields = ["kind", "state"]


class JobRowFilters(Filters):
    status = django_filters.ChoiceFilter(
        choices=JobRow.Status.choices, help_text="What became of the file."
    )
    code = TextFilter(help_text="Why it was not enrolled, exactly.")
    category = TextFilter(help_text="The category that it is for, as the archive names it.")
    ordering = OrderFilter({"number": "number"})

    class Meta:
        model = JobRow
        fields = ["status", "code", "category"]


class EvaluationFilters(CreatedFilters):
    source = django_filters.ChoiceFilter(
        choices=Evaluation._meta.get_field("source").choices, help_text="What was measured."
    )
    state = django_filters.ChoiceFilter(
        "job__state", choices=Job.State.choices, help_text="How far it is."
    )
    ordering = OrderFilter(MADE)

    class Meta:
        model = Evaluation
        fields = ["source"]


class EncoderChangeFilters(CreatedFilters):
    state = django_filters.ChoiceFilter(
        choices=EncoderChange.State.choices, help_text="How far it is."
    )
    ordering = OrderFilter(MADE)

    class Meta:
        model = EncoderChange
        fields = ["state"]


class AuditFilters(Filters):
    deed = django_filters.ChoiceFilter(
        choices=AuditEntry._meta.get_field("deed").choices, help_text="What was done."
    )
    kind = TextFilter(help_text="What kind of thing it was done to, exactly.")
    actor = TextFilter(help_text="Who did it: a user's name, exactly.")
    ordering = OrderFilter({"at": "id"})

    class Meta:
        model = AuditEntry
        fields = ["deed", "kind", "actor"]


class WebhookFilters(CreatedFilters):
    active = FlagFilter(method="switched", help_text="Whether it is switched on.")
    ordering = OrderFilter(MADE)

    class Meta:
        model = Webhook
        fields = ["active"]

    def switched(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(active=value == "true")


class DeliveryFilters(CreatedFilters):
    event = django_filters.ChoiceFilter(
        choices=Delivery._meta.get_field("event").choices, help_text="What it tells of."
    )
    state = django_filters.ChoiceFilter(
        choices=Delivery.State.choices, help_text="Whether it was delivered."
    )
    ordering = OrderFilter(MADE)

    class Meta:
        model = Delivery
        fields = ["event", "state"]
