from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline

from recognition.admin.choosing import Choice, choose_category
from recognition.admin.removal import RemovedByService
from recognition.models import Category, Gallery, Prompt, Reference
from recognition.selectors.categories import with_covers
from recognition.services.merge_categories import merge_categories
from recognition.services.move_references import move_references
from recognition.services.remove import remove_category, remove_prompt, remove_reference


def thumbnail_of(reference: Reference) -> str:
    return image_at(reference.gallery.slug, reference.public_id)


def image_at(gallery: str, reference: str) -> str:
    url = reverse("dashboard:thumbnail", args=(gallery, reference))
    return format_html('<img src="{}" alt="" width="64" height="64" loading="lazy">', url)


class ReferenceInline(TabularInline):  # type: ignore[misc]
    model = Reference
    extra = 0
    can_delete = False
    fields = readonly_fields = ("preview", "public_id", "width", "height", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False

    @admin.display(description="")
    def preview(self, reference: Reference) -> str:
        return thumbnail_of(reference)


class PromptInline(TabularInline):  # type: ignore[misc]
    model = Prompt
    extra = 0
    can_delete = False
    fields = readonly_fields = ("text", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False


class Shots(admin.SimpleListFilter):
    """How many references a category has."""

    title = "shots"
    parameter_name = "shots"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("0", "None (zero-shot)"), ("1", "One"), ("more", "Several")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = {"0": Q(shots=0), "1": Q(shots=1), "more": Q(shots__gt=1)}
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(Category)
class CategoryAdmin(RemovedByService):
    list_display = ("preview", "name", "slug", "external_id", "gallery", "shots", "created_at")
    list_display_links = ("preview", "name")
    list_filter = ("gallery", Shots)
    search_fields = ("name", "slug", "external_id")
    readonly_fields = ("gallery", "slug", "created_at")
    inlines = (ReferenceInline, PromptInline)
    actions = ("merge",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return with_covers(super().get_queryset(request).select_related("gallery"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A category is made with its first example, on the dashboard or through the API."""
        return False

    @admin.display(description="")
    def preview(self, category: Any) -> str:
        return image_at(category.gallery.slug, category.cover) if category.cover else "“ ”"

    @admin.display(ordering="shots")
    def shots(self, category: Any) -> int:
        return int(category.shots)

    @admin.action(description="Merge into …", permissions=("change", "delete"))
    def merge(self, request: HttpRequest, queryset: QuerySet[Category]) -> HttpResponse | None:
        chosen = list(queryset)

        def apply(gallery: Gallery, into: Category) -> str:
            merge_categories(gallery=gallery, categories=chosen, into=into)
            return f"Merged {', '.join(each.name for each in chosen)} into {into.name}."

        question = "Make these one category. Which shall it be? The others are removed."
        return choose_category(self, request, queryset, Choice("merge", question, "Merge", apply))

    def remove(self, obj: Category) -> None:
        remove_category(gallery=obj.gallery, category=obj)


class Unchanging(RemovedByService):
    """References and prompts are enrolled and removed, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Reference)
class ReferenceAdmin(Unchanging):
    list_display = ("preview", "public_id", "category", "gallery", "created_by", "created_at")
    list_filter = ("gallery",)
    list_select_related = ("category", "gallery", "created_by")
    search_fields = ("public_id", "external_id", "category__name", "sha256")
    actions = ("move",)

    @admin.display(description="")
    def preview(self, reference: Reference) -> str:
        return thumbnail_of(reference)

    @admin.action(description="Move to another category …", permissions=("delete",))
    def move(self, request: HttpRequest, queryset: QuerySet[Reference]) -> HttpResponse | None:
        chosen = list(queryset)

        def apply(gallery: Gallery, category: Category) -> str:
            moved = move_references(gallery=gallery, references=chosen, category=category)
            return f"Moved {moved} references to {category.name}."

        question = "Move these references. To which category?"
        return choose_category(self, request, queryset, Choice("move", question, "Move", apply))

    def remove(self, obj: Reference) -> None:
        remove_reference(gallery=obj.gallery, reference=obj)


@admin.register(Prompt)
class PromptAdmin(Unchanging):
    list_display = ("text", "category", "created_at")
    list_select_related = ("category__gallery",)
    search_fields = ("text", "category__name")

    def remove(self, obj: Prompt) -> None:
        remove_prompt(gallery=obj.category.gallery, prompt=obj)
