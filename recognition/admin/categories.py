from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from unfold.admin import TabularInline

from recognition.admin.by_service import ByService
from recognition.admin.confirmation import CategoryForm, FormData, Question, ask
from recognition.admin.filters import Health, Shots
from recognition.admin.pictures import NO_PICTURE, picture_at
from recognition.admin.references import Measured
from recognition.models import Category, Gallery, Prompt, Reference
from recognition.selectors.curation.overview import with_health
from recognition.services.categories.text_warnings import describe_more
from recognition.services.categories.update_category import update_category
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.curation.prompt_matches import prompt_matches
from recognition.services.recognition.answer import warnings_answer
from recognition.services.references.reembed_references import reembed_references
from recognition.services.removal import remove_categories, remove_category, remove_prompt


def _merge(gallery: Gallery, rows: list[Category], data: FormData) -> str:
    into = data["category"]
    merge_categories(gallery=gallery, categories=rows, into=into)
    return f"merged {', '.join(each.name for each in rows)} into {into.name}."


def _reembed(gallery: Gallery, rows: list[Category], data: FormData) -> str:
    references = list(Reference.objects.filter(category__in=rows))
    changed = reembed_references(gallery=gallery, references=references)
    return f"embedded {len(references)} references anew; {changed} of the vectors changed."


def _delete(gallery: Gallery, rows: list[Category], data: FormData) -> str:
    remove_categories(gallery=gallery, categories=rows)
    return f"removed {', '.join(each.name for each in rows)} for good."


class ReferenceInline(Measured, TabularInline):  # type: ignore[misc]
    model = Reference
    extra = 0
    per_page = 8
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("preview", "review", "similarity", "quality", "nearest", "twin")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reference]:
        rows: QuerySet[Reference] = super().get_queryset(request)
        return rows.select_related("gallery", "category", "measure__nearest", "measure__twin")

    def has_add_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False


class PromptInline(TabularInline):  # type: ignore[misc]
    """Prompts are enrolled and removed, never edited, each beside what it matches best."""

    model = Prompt
    extra = 0
    fields = ("text", "matches")
    readonly_fields = ("matches",)

    def has_change_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False

    @admin.display(description="Matches best")
    def matches(self, prompt: Prompt) -> str:
        if prompt.pk is None:
            return "–"
        # django-unfold asks six times for what it shows once.
        if "shown" not in vars(prompt):
            vars(prompt)["shown"] = _matches(prompt)
        shown: str = vars(prompt)["shown"]
        return shown


def _matches(prompt: Prompt) -> str:
    gallery = Gallery.objects.select_related("encoder").get(pk=prompt.category.gallery_id)
    found = prompt_matches(gallery=gallery, prompts=[prompt]).get(prompt.pk, [])
    return format_html_join(
        "",
        '<span class="match">{}<small>{}</small></span>',
        (
            (picture_at(gallery.slug, each.public_id, "A match"), f"{similarity:.2f}")
            for each, similarity in found
        ),
    )


@admin.register(Category)
class CategoryAdmin(ByService):
    list_display = ("preview", "name", "gallery", "shots", "health", "external_id", "created_at")
    list_display_links = ("preview", "name")
    list_filter = ("gallery", Shots, Health)
    ordering = ("order_key", "id")
    search_fields = ("name", "slug", "external_id")
    fields = ("name", "slug", "external_id", "metadata", "gallery", "created_at")
    readonly_fields = ("gallery", "slug", "created_at")
    inlines = (ReferenceInline, PromptInline)
    actions = ("merge", "reembed", "delete_for_good")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return with_health(super().get_queryset(request).select_related("gallery"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A category is made with its first example, on the dashboard or through the API."""
        return False

    def store(self, obj: Category, changed: list[str]) -> None:
        update_category(
            gallery=obj.gallery,
            category=obj,
            name=obj.name,
            external_id=obj.external_id,
            metadata=obj.metadata,
        )

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm[Any], formset: Any, change: bool
    ) -> None:
        new: list[Model] = formset.save(commit=False)
        if formset.model is not Prompt:
            return
        category = form.instance
        for prompt in formset.deleted_objects:
            remove_prompt(gallery=category.gallery, prompt=prompt)
        texts = [prompt.text for prompt in new if isinstance(prompt, Prompt)]
        described = describe_more(gallery=category.gallery, category=category, texts=texts)
        for warning in warnings_answer(described.warnings):
            messages.warning(request, warning["detail"])

    def remove(self, obj: Category) -> None:
        remove_category(gallery=obj.gallery, category=obj)

    def holds(self, obj: Category) -> dict[str, int]:
        return {"references": obj.references.count(), "prompts": obj.prompts.count()}

    @admin.display(description="Picture")
    def preview(self, category: Any) -> str:
        if not category.cover:
            return NO_PICTURE
        return picture_at(category.gallery.slug, category.cover, f"Picture of {category.name}")

    @admin.display(ordering="shots")
    def shots(self, category: Any) -> int:
        return int(category.shots)

    @admin.display(description="Health")
    def health(self, category: Any) -> str:
        counts = {
            "waiting": category.waiting,
            "colliding": category.collisions,
            "twice": category.duplicates,
            "poor": category.flaws,
        }
        words = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
        return format_html('<span class="{}">{}</span>', "collides" if words else "", words or "–")

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Of several permissions, Django would take any one for enough."""
        return bool(self.has_change_permission(request) and self.has_delete_permission(request))

    @admin.action(description="Merge into …", permissions=("merge",))
    def merge(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        words = "Make these one category. Which shall it be? The others are removed."
        question = Question("merge", words, "Merge", _merge, CategoryForm, destroys=True)
        return ask(self, request, queryset, question)

    @admin.action(description="Embed anew …", permissions=("change",))
    def reembed(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        words = "Embed all references of these categories anew from their images?"
        return ask(self, request, queryset, Question("reembed", words, "Embed anew", _reembed))

    @admin.action(description="Delete for good …", permissions=("delete",))
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        words = "Delete these categories for good, with their references, prompts and images?"
        question = Question("delete_for_good", words, "Delete for good", _delete, destroys=True)
        return ask(self, request, queryset, question)
