"""What was tried of encoders: evaluations and changes."""

from __future__ import annotations

from django.contrib import admin

from recognition.admin.read_only import ReadOnlyAdmin
from recognition.models import (
    EncoderChange,
    EvaluatedImage,
    Evaluation,
    Negative,
    NegativeEmbedding,
    QueryEmbedding,
)


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "gallery", "source", "encoder", "job")
    list_filter = ("source", "gallery")
    list_select_related = ("gallery", "encoder", "job")


@admin.register(EvaluatedImage)
class EvaluatedImageAdmin(ReadOnlyAdmin):
    list_display = ("path", "evaluation", "label", "code")
    list_select_related = ("evaluation",)
    exclude = ("data",)


@admin.register(EncoderChange)
class EncoderChangeAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "gallery", "source", "target", "state", "created_by", "created_at")
    list_filter = ("state", "gallery")
    list_select_related = ("gallery", "source", "target", "created_by")
    exclude = ("standby_model",)


@admin.register(Negative, NegativeEmbedding)
class NegativeAdmin(ReadOnlyAdmin):
    """Photos of other things, given on the gallery's page."""

    list_display = ["__str__"]


@admin.register(QueryEmbedding)
class QueryEmbeddingAdmin(ReadOnlyAdmin):
    list_display = ("query", "encoder")
    list_select_related = ("query", "encoder")
    exclude = ("data",)
