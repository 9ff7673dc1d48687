"""Every address of the dashboard and the console that a reader may open, from the URL map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from recognition.models import Gallery, Prompt

SHOWN = ("dashboard", "admin")
QUESTIONS = {
    "dashboard:gallery": ("", "kind=wants-photo", "sort=newest", "q=thing+01", "page=3"),
    "dashboard:search": ("", "text=a+cup+of+coffee"),
    "dashboard:queries": ("", "show=review"),
    "dashboard:names": ("name=Thing",),
    "dashboard:suggest": ("query={query}",),
    "dashboard:preview_prompt": ("text=a+cup+of+coffee",),
    "admin:search": ("s=thing",),
    "admin:autocomplete": (
        "app_label=recognition&model_name=reference&field_name=category&term=thing",
    ),
    "admin:recognition_category_changelist": ("", "q=thing+01", "health=collisions"),
    "admin:recognition_reference_changelist": ("", "q=thing+01", "collides=yes"),
}
"""What is asked of addresses that say little without it; "" is the bare address."""


@dataclass(frozen=True, slots=True)
class Address:
    """``name`` is the view's, with what is asked of it; ``path`` leads to one of its pages."""

    name: str
    path: str


@dataclass(slots=True)
class Found:
    addresses: list[Address] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)
    """The names of addresses of something that there is none of."""


def find(gallery: Gallery) -> Found:
    """Each named address with values of ``gallery``. Raises LookupError for a parameter that
    nothing is known of, so that no page is left out in silence."""
    found, known = Found(), _values(gallery)
    for name, parameters in _named(get_resolver()):
        values = {each: _value(each, name, known, gallery) for each in parameters}
        if None in values.values():
            found.without_row.append(name)
            continue
        path = reverse(name, kwargs=values)
        for asked in QUESTIONS.get(name, ("",)):
            address = f"?{asked.format_map(known)}" if asked else ""
            words = f" ?{asked}" if asked else ""
            found.addresses.append(Address(name + words, path + address))
    return found


def _named(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inside = each.namespace or namespace
            if not inside or inside in SHOWN:
                yield from _named(each, inside)
        elif isinstance(each, URLPattern) and each.name and namespace:
            yield f"{namespace}:{each.name}", tuple(each.pattern.regex.groupindex)


def _values(gallery: Gallery) -> Mapping[str, Any]:
    reference = gallery.references.filter(state="approved").order_by("pk").first()
    rows = {
        "reference": reference,
        "query": gallery.queries.order_by("pk").first(),
        "job": gallery.jobs.filter(kind="import").first(),
        "evaluation": gallery.evaluations.first(),
        "change": gallery.encoder_changes.first(),
        "webhook": gallery.webhooks.first(),
        "negative": gallery.negatives.first(),
    }
    return {
        "gallery": gallery.slug,
        "category": reference.category.slug if reference else None,
        "prompt": Prompt.objects.filter(category__gallery=gallery)
        .values_list("pk", flat=True)
        .first(),
        "invitation": gallery.invitations.values_list("pk", flat=True).first(),
        "app_label": "recognition",
        "content_type_id": ContentType.objects.get_for_model(Gallery).pk,
        **{name: row and row.public_id for name, row in rows.items()},
    }


def _value(parameter: str, name: str, known: Mapping[str, Any], gallery: Gallery) -> Any:
    if parameter in ("object_id", "id"):
        row = _row(name, gallery)
        return None if row is None else quote(row.pk)
    if parameter not in known:
        raise LookupError(f"{name} takes {parameter!r}, for which the benchmark has no value.")
    return known[parameter]


def _row(name: str, gallery: Gallery) -> Model | None:
    """An object of the model that an address of the console is about, of the gallery if it can."""
    for model in admin.site._registry:
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            if model is Gallery:
                return gallery
            rows = model._base_manager.order_by("pk")
            if any(each.name == "gallery" for each in model._meta.get_fields()):
                rows = rows.filter(gallery=gallery)
            return rows.first()
    return None if name != "admin:view_on_site" else gallery
