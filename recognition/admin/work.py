from __future__ import annotations

from django.contrib import admin

from recognition.admin.read_only import ReadOnlyAdmin
from recognition.models import Delivery, Job, JobRow, Webhook


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = (
        "public_id",
        "gallery",
        "kind",
        "state",
        "total",
        "enrolled",
        "skipped",
        "failed",
        "created_by",
        "created_at",
    )
    list_filter = ("state", "kind", "gallery")
    list_select_related = ("gallery", "created_by")
    search_fields = ("public_id",)


@admin.register(JobRow)
class JobRowAdmin(ReadOnlyAdmin):
    list_display = ("path", "job", "category", "status", "code", "detail", "reference")
    list_filter = ("status",)
    list_select_related = ("job", "reference")
    search_fields = ("path", "job__public_id")


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    """A webhook is made where its secret can be shown once."""

    list_display = ("public_id", "gallery", "url", "events", "active", "created_by", "created_at")
    list_filter = ("active", "gallery")
    list_select_related = ("gallery", "created_by")
    exclude = ("sealed_secret",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "public_id",
        "webhook",
        "event",
        "state",
        "attempts",
        "response_status",
        "created_at",
    )
    list_filter = ("state", "event")
    list_select_related = ("webhook",)
    search_fields = ("public_id",)
