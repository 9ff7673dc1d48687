from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from recognition.admin.read_only import ReadOnlyAdmin
from recognition.admin.removal import RemovedByService
from recognition.models import EncoderRecord, Gallery, Membership
from recognition.services.remove import remove_gallery


class MembershipInline(TabularInline):  # type: ignore[misc]
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Gallery)
class GalleryAdmin(RemovedByService):
    list_display = ("name", "slug", "encoder", "generation", "target_far", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("encoder", "generation", "created_at")
    inlines = (MembershipInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A gallery is made where its encoder is chosen: on the dashboard or through the API."""
        return False

    def remove(self, obj: Gallery) -> None:
        remove_gallery(gallery=obj)


@admin.register(EncoderRecord)
class EncoderAdmin(ReadOnlyAdmin):
    list_display = ("name", "fingerprint", "dimension", "input_size", "is_default", "created_at")
