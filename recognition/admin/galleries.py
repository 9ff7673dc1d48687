from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from unfold.admin import TabularInline
from unfold.decorators import action

from recognition.admin.by_service import ByService
from recognition.admin.confirmation import FormData, Question, ask
from recognition.admin.read_only import ReadOnlyAdmin
from recognition.admin.uploads import take_archive, take_bundle
from recognition.models import EncoderRecord, Gallery, Membership
from recognition.selectors.galleries import all_galleries
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.indexes.rebuild_index import rebuild_index
from recognition.services.removal import remove_gallery
from recognition.sign_in.proof import require_proof


def _rebuild(gallery: Gallery, rows: list[Gallery], data: FormData) -> str:
    rebuild_index(gallery)
    return "its index was made anew from the database."


def _delete(gallery: Gallery, rows: list[Gallery], data: FormData) -> str:
    remove_gallery(gallery=gallery)
    return "removed for good, with everything in it."


class MembershipInline(TabularInline):  # type: ignore[misc]
    """Who is in it; memberships have a page of their own, which keeps an owner in."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "role")

    def has_add_permission(self, request: HttpRequest, obj: Gallery | None = None) -> bool:
        return False


@admin.register(Gallery)
class GalleryAdmin(ByService):
    list_display = (
        "name",
        "slug",
        "encoder",
        "generation",
        "target_far",
        "review_references",
        "created_at",
    )
    list_select_related = ("encoder",)
    search_fields = ("name", "slug")
    fields = (
        "name",
        "description",
        "target_far",
        "review_references",
        "index_kind",
        "slug",
        "encoder",
        "generation",
        "created_at",
    )
    readonly_fields = ("slug", "encoder", "generation", "created_at")
    inlines = (MembershipInline,)
    actions = ("rebuild", "delete_for_good")
    actions_list = ("import_bundle",)
    actions_detail = ("import_archive", "export")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gallery]:
        rows: QuerySet[Gallery] = super().get_queryset(request)
        return rows.select_related("encoder")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A gallery is made where its encoder is chosen: on the dashboard or through the API."""
        return False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("recognition.add_gallery"))

    def store(self, obj: Gallery, changed: list[str]) -> None:
        update_gallery(gallery=obj, **{field: getattr(obj, field) for field in changed})

    def remove(self, obj: Gallery) -> None:
        remove_gallery(gallery=obj)

    def holds(self, obj: Gallery) -> dict[str, int]:
        return {
            "categories": obj.categories.count(),
            "references": obj.references.count(),
            "queries": obj.queries.count(),
        }

    def gallery_of(self, row: Gallery) -> Gallery:
        return row

    def preview(self, gallery: Gallery) -> str:
        return ", ".join(f"{number} {what}" for what, number in self.holds(gallery).items())

    @admin.action(description="Rebuild the index …", permissions=("change",))
    def rebuild(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        words = "Make the indexes of these galleries anew from the database? Searches go on."
        question = Question("rebuild", words, "Rebuild the index", _rebuild)
        return ask(self, request, queryset, question)

    @admin.action(description="Delete for good …", permissions=("delete",))
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        require_proof(request)
        words = "Delete these galleries for good, with everything in them, also their queries?"
        question = Question("delete_for_good", words, "Delete for good", _delete, destroys=True)
        return ask(self, request, queryset, question)

    @action(  # type: ignore[untyped-decorator]
        description="Import an archive …", permissions=("change",), icon="upload"
    )
    def import_archive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return take_archive(self, request, get_object_or_404(all_galleries(), pk=object_id))

    @action(  # type: ignore[untyped-decorator]
        description="Export", permissions=("view",), icon="download"
    )
    def export(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        gallery = get_object_or_404(all_galleries(), pk=object_id)
        return StreamingHttpResponse(
            export_gallery(gallery=gallery),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{gallery.slug}.oneshot.zip"'},
        )

    @action(  # type: ignore[untyped-decorator]
        description="Import a bundle …", permissions=("import",), icon="upload"
    )
    def import_bundle(self, request: HttpRequest) -> HttpResponse:
        return take_bundle(self, request)


@admin.register(EncoderRecord)
class EncoderAdmin(ReadOnlyAdmin):
    list_display = ("name", "fingerprint", "dimension", "input_size", "is_default", "created_at")
