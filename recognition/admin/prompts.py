from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from recognition.admin.by_service import ByService
from recognition.models import Prompt
from recognition.services.removal import remove_prompt


@admin.register(Prompt)
class PromptAdmin(ByService):
    list_display = ("text", "category", "gallery", "created_at")
    list_filter = ("category__gallery",)
    list_select_related = ("category__gallery",)
    search_fields = ("text", "category__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A prompt is added where its category is."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(ordering="category__gallery__name")
    def gallery(self, prompt: Prompt) -> str:
        return prompt.category.gallery.name

    def remove(self, obj: Prompt) -> None:
        remove_prompt(gallery=obj.category.gallery, prompt=obj)
