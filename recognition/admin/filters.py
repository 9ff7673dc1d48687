"""What a curator looks for among references and categories."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class Conditions(admin.SimpleListFilter):
    """A choice of conditions: value, words, what they mean."""

    conditions: ClassVar[dict[str, tuple[str, Q]]]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(value, words) for value, (words, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _, condition = self.conditions.get(self.value() or "", ("", Q()))
        return queryset.filter(condition)


class Shots(Conditions):
    title = "photos"
    parameter_name = "shots"
    conditions: ClassVar = {
        "0": ("None (from a description)", Q(shots=0)),
        "1": ("One", Q(shots=1)),
        "more": ("Several", Q(shots__gt=1)),
    }


class Health(Conditions):
    title = "health"
    parameter_name = "health"
    conditions: ClassVar = {
        "waiting": ("Needs approval", Q(waiting__gt=0)),
        "collisions": ("Easily confused", Q(collisions__gt=0)),
        "duplicates": ("Duplicate photos", Q(duplicates__gt=0)),
        "flaws": ("Poor photos", Q(flaws__gt=0)),
    }


class Quality(Conditions):
    title = "quality"
    parameter_name = "quality"
    conditions: ClassVar = {
        "poor": ("Poor (any reason)", Q(measure__isnull=False) & ~Q(measure__flaw="")),
        "good": ("Good", Q(measure__flaw="")),
        "blurred": ("Blurred", Q(measure__flaw="blurred")),
        "over_exposed": ("Overexposed", Q(measure__flaw="over_exposed")),
        "under_exposed": ("Underexposed", Q(measure__flaw="under_exposed")),
        "blank": ("Blank", Q(measure__flaw="blank")),
        "tiny": ("Tiny", Q(measure__flaw="tiny")),
        "unreadable": ("Cannot be read", Q(measure__flaw="unreadable")),
    }


class Collisions(Conditions):
    title = "collisions"
    parameter_name = "collides"
    conditions: ClassVar = {
        "yes": ("Easily confused with another category", Q(measure__collides=True)),
        "no": ("None", Q(measure__collides=False)),
    }


class Duplicates(Conditions):
    title = "duplicates"
    parameter_name = "duplicate"
    conditions: ClassVar = {
        "yes": ("Has a duplicate", Q(measure__twin__isnull=False)),
        "no": ("None", Q(measure__isnull=False, measure__twin__isnull=True)),
    }
