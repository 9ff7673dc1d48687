from __future__ import annotations

from django.contrib import admin

from recognition.admin.read_only import ReadOnlyAdmin
from recognition.models import (
    Change,
    Embedding,
    Erasure,
    Feedback,
    FileDeletion,
    FittedModel,
    HeldEmbedding,
    IdempotentRequest,
    Query,
    ReferenceMeasure,
    WorkerSeen,
)


@admin.register(Query)
class QueryAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "gallery", "outcome", "category", "created_by", "created_at")
    list_filter = ("outcome", "gallery")
    list_select_related = ("gallery", "category", "created_by")
    search_fields = ("public_id",)
    exclude = ("data",)


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ("query", "verdict", "category", "reference", "created_by", "created_at")
    list_filter = ("verdict",)
    list_select_related = ("query", "category", "reference", "created_by")


@admin.register(Embedding)
class EmbeddingAdmin(ReadOnlyAdmin):
    list_display = ("id", "gallery", "category", "kind", "encoder", "generation")
    list_filter = ("gallery",)
    list_select_related = ("gallery", "category", "encoder")
    exclude = ("data",)


@admin.register(HeldEmbedding)
class HeldEmbeddingAdmin(ReadOnlyAdmin):
    list_display = ("reference", "encoder")
    list_select_related = ("reference", "encoder")
    exclude = ("data",)


@admin.register(ReferenceMeasure)
class ReferenceMeasureAdmin(ReadOnlyAdmin):
    list_display = ("reference", "gallery", "similarity", "sharpness", "flaw", "collides", "twin")
    list_filter = ("flaw", "collides", "gallery")
    list_select_related = ("reference", "gallery", "twin")


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("gallery", "generation", "action", "embedding")
    list_filter = ("gallery", "action")
    list_select_related = ("gallery",)


@admin.register(FileDeletion)
class FileDeletionAdmin(ReadOnlyAdmin):
    list_display = ("path", "created_at")


@admin.register(FittedModel)
class FittedModelAdmin(ReadOnlyAdmin):
    list_display = ("gallery", "generation", "feedback_generation", "fitted_at")
    list_select_related = ("gallery",)
    exclude = ("data",)


@admin.register(WorkerSeen)
class WorkerSeenAdmin(ReadOnlyAdmin):
    list_display = ("name", "at")


@admin.register(IdempotentRequest)
class IdempotentRequestAdmin(ReadOnlyAdmin):
    list_display = ("key", "user", "status", "started_at")
    list_select_related = ("user",)
    exclude = ("answer",)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Removed categories whose names are yet to leave what was kept; gone with the last of them."""

    list_display = ("gallery", "at", "position")
    list_select_related = ("gallery",)
    exclude = ("slug", "texts")
