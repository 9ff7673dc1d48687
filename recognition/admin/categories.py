from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline

from recognition.admin.removal import RemovedByService
from recognition.models import Category, Prompt, Reference
from recognition.services.remove import remove_category, remove_prompt, remove_reference


def thumbnail_of(reference: Reference) -> str:
    url = reverse("dashboard:thumbnail", args=(reference.gallery.slug, reference.public_id))
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


@admin.register(Category)
class CategoryAdmin(RemovedByService):
    list_display = ("name", "slug", "external_id", "gallery", "created_at")
    list_filter = ("gallery",)
    list_select_related = ("gallery",)
    search_fields = ("name", "slug", "external_id")
    readonly_fields = ("gallery", "slug", "created_at")
    inlines = (ReferenceInline, PromptInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A category is made with its first example, on the dashboard or through the API."""
        return False

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

    @admin.display(description="")
    def preview(self, reference: Reference) -> str:
        return thumbnail_of(reference)

    def remove(self, obj: Reference) -> None:
        remove_reference(gallery=obj.gallery, reference=obj)


@admin.register(Prompt)
class PromptAdmin(Unchanging):
    list_display = ("text", "category", "created_at")
    list_select_related = ("category__gallery",)
    search_fields = ("text", "category__name")

    def remove(self, obj: Prompt) -> None:
        remove_prompt(gallery=obj.category.gallery, prompt=obj)
