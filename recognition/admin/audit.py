from __future__ import annotations

import json

from django.contrib import admin
from django.utils.html import format_html

from recognition.admin.read_only import ReadOnlyAdmin
from recognition.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what; nobody adds to it by hand, or takes from it."""

    list_display = ("at", "actor", "key", "deed", "kind", "subject", "name", "gallery_slug")
    list_filter = ("at", "deed", "kind", "gallery")
    search_fields = ("actor", "key", "subject", "name", "gallery_slug", "request")
    exclude = ("detail",)
    readonly_fields = ("details",)

    @admin.display(description="Detail")
    def details(self, entry: AuditEntry) -> str:
        return format_html("<pre>{}</pre>", json.dumps(entry.detail, indent=2, ensure_ascii=False))
