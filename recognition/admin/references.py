from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeNumericFilter
from unfold.decorators import display

from recognition.admin.by_service import ByService
from recognition.admin.confirmation import CategoryForm, FormData, NameForm, Question, ask
from recognition.admin.filters import Collisions, Duplicates, Quality
from recognition.admin.pictures import picture_at, picture_of
from recognition.models import Gallery, Reference, ReferenceMeasure
from recognition.services.curation.split_category import split_category
from recognition.services.references.approve_references import approve_references
from recognition.services.references.move_references import move_references
from recognition.services.references.reembed_references import reembed_references
from recognition.services.references.reject_references import reject_references
from recognition.services.removal import remove_reference, remove_references

FLAWS = {
    "": "Good",
    "tiny": "Tiny",
    "blank": "Shows nothing",
    "blurred": "Blurred",
    "over_exposed": "Burnt out",
    "under_exposed": "Drowned in black",
    "unreadable": "Cannot be read",
}


def _approve(gallery: Gallery, rows: list[Reference], data: FormData) -> str:
    approved = approve_references(gallery=gallery, references=rows)
    return f"approved {approved} references."


def _reject(gallery: Gallery, rows: list[Reference], data: FormData) -> str:
    return f"rejected {reject_references(gallery=gallery, references=rows)} references."


def _move(gallery: Gallery, rows: list[Reference], data: FormData) -> str:
    moved = move_references(gallery=gallery, references=rows, category=data["category"])
    return f"moved {moved} references to {data['category'].name}."


def _split(gallery: Gallery, rows: list[Reference], data: FormData) -> str:
    made = split_category(gallery=gallery, references=rows, name=data["name"])
    return f"made the category {made.name} of {len(rows)} references."


def _reembed(gallery: Gallery, rows: list[Reference], data: FormData) -> str:
    changed = reembed_references(gallery=gallery, references=rows)
    return f"embedded {len(rows)} references anew; {changed} of the vectors changed."


def _delete(gallery: Gallery, rows: list[Reference], data: FormData) -> str:
    return f"removed {remove_references(gallery=gallery, references=rows)} references for good."


Asked = HttpResponse | None


class Measured:
    """Columns of what the worker has measured."""

    @admin.display(description="Picture")
    def preview(self, reference: Reference) -> str:
        return picture_of(reference)

    @display(  # type: ignore[untyped-decorator]
        description="State", ordering="state", label={"Approved": "success", "Waits": "warning"}
    )
    def review(self, reference: Reference) -> str:
        return "Waits" if reference.is_pending else "Approved"

    @admin.display(description="Like its category", ordering="measure__similarity")
    def similarity(self, reference: Reference) -> str:
        measure = measure_of(reference)
        return "–" if measure is None or measure.similarity is None else f"{measure.similarity:.2f}"

    @display(  # type: ignore[untyped-decorator]
        description="Quality", ordering="measure__sharpness", label={"Good": "success"}
    )
    def quality(self, reference: Reference) -> str:
        measure = measure_of(reference)
        return "Not measured yet" if measure is None else FLAWS.get(measure.flaw, measure.flaw)

    @admin.display(description="Nearest other", ordering="measure__nearest_similarity")
    def nearest(self, reference: Reference) -> str:
        measure = measure_of(reference)
        if measure is None or measure.nearest is None:
            return "–"
        mark = "collides" if measure.collides else ""
        words = f"{measure.nearest.name} {measure.nearest_similarity:.2f}"
        return format_html('<span class="{}">{}</span>', mark, words)

    @admin.display(description="Same photo", ordering="measure__twin_similarity")
    def twin(self, reference: Reference) -> str:
        measure = measure_of(reference)
        if measure is None or measure.twin is None:
            return "–"
        address = reverse("admin:recognition_reference_change", args=(measure.twin_id,))
        picture = picture_at(reference.gallery.slug, measure.twin.public_id, "The same photo")
        return format_html('<a href="{}">{}</a>', address, picture)


def measure_of(reference: Reference) -> ReferenceMeasure | None:
    return getattr(reference, "measure", None)


@admin.register(Reference)
class ReferenceAdmin(Measured, ByService):
    """References are enrolled, moved, judged and removed, never edited."""

    list_display = (
        "preview",
        "category",
        "gallery",
        "review",
        "similarity",
        "quality",
        "nearest",
        "twin",
        "created_by",
        "created_at",
    )
    list_display_links = None  # its picture is its link
    list_filter = (
        "state",
        Quality,
        Collisions,
        Duplicates,
        ("measure__similarity", RangeNumericFilter),
        "gallery",
        ("category", AutocompleteSelectFilter),
    )
    list_filter_submit = True
    list_select_related = (
        "category",
        "gallery",
        "created_by",
        "measure__nearest",
        "measure__twin",
    )
    ordering = ("-id",)
    search_fields = ("public_id", "external_id", "category__name", "sha256")
    actions = ("approve", "reject", "move", "split", "reembed", "delete_for_good")
    readonly_fields = ("picture", "similarity", "quality", "nearest", "twin")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def remove(self, obj: Reference) -> None:
        remove_reference(gallery=obj.gallery, reference=obj)

    @admin.display(description="Picture")
    def picture(self, reference: Reference) -> str:
        url = reverse(
            "dashboard:reference_preview", args=(reference.gallery.slug, reference.public_id)
        )
        return format_html(
            '<img class="large-picture" src="{}" alt="Reference of {}">',
            url,
            reference.category.name,
        )

    @admin.action(description="Approve …", permissions=("curate",))
    def approve(self, request: HttpRequest, queryset: QuerySet[Any]) -> Asked:
        words = "Approve these references? They are searchable from then on."
        return ask(self, request, queryset, Question("approve", words, "Approve", _approve))

    @admin.action(description="Reject …", permissions=("delete",))
    def reject(self, request: HttpRequest, queryset: QuerySet[Any]) -> Asked:
        words = "Reject these references? Their images are removed for good."
        question = Question("reject", words, "Reject", _reject, destroys=True)
        return ask(self, request, queryset, question)

    @admin.action(description="Move to another category …", permissions=("curate",))
    def move(self, request: HttpRequest, queryset: QuerySet[Any]) -> Asked:
        words = "Move these references. To which category?"
        return ask(self, request, queryset, Question("move", words, "Move", _move, CategoryForm))

    @admin.action(description="Split off as a new category …", permissions=("curate",))
    def split(self, request: HttpRequest, queryset: QuerySet[Any]) -> Asked:
        words = "Make these references a category of their own. What is it called?"
        return ask(self, request, queryset, Question("split", words, "Split off", _split, NameForm))

    @admin.action(description="Embed anew …", permissions=("curate",))
    def reembed(self, request: HttpRequest, queryset: QuerySet[Any]) -> Asked:
        words = "Embed these references anew from their images, with their gallery's encoder?"
        return ask(self, request, queryset, Question("reembed", words, "Embed anew", _reembed))

    @admin.action(description="Delete for good …", permissions=("delete",))
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Any]) -> Asked:
        words = "Delete these references for good, with their images and embeddings?"
        question = Question("delete_for_good", words, "Delete for good", _delete, destroys=True)
        return ask(self, request, queryset, question)
