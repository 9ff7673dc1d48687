"""Actions that ask for a category before they do anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from recognition.errors import RecognitionError
from recognition.models import Category, Gallery


class CategoryForm(forms.Form):
    category = forms.ModelChoiceField(
        queryset=Category.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def among(self, gallery: Gallery) -> None:
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = gallery.categories.order_by("name")


@dataclass(frozen=True, slots=True)
class Choice:
    """``apply`` does it for a gallery and a category, and says what was done."""

    action: str
    question: str
    verb: str
    apply: Callable[[Gallery, Category], str]


def choose_category(
    model_admin: ModelAdmin,
    request: HttpRequest,
    chosen: QuerySet[Any],
    choice: Choice,
) -> HttpResponse | None:
    """Ask for a category of the gallery that all that is chosen belongs to, then do it."""
    galleries = {row.gallery for row in chosen.select_related("gallery")}
    if len(galleries) != 1:
        model_admin.message_user(request, "Choose within one gallery.", messages.ERROR)
        return None
    gallery = galleries.pop()
    form = CategoryForm(request.POST if "confirmed" in request.POST else None)
    form.among(gallery)
    if form.is_valid():
        _do(model_admin, request, gallery, form.cleaned_data["category"], choice)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": choice.verb,
        "opts": model_admin.model._meta,
        "question": choice.question,
        "verb": choice.verb,
        "action": choice.action,
        "chosen": chosen,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/recognition/choose_category.html", context)


def _do(
    model_admin: ModelAdmin,
    request: HttpRequest,
    gallery: Gallery,
    category: Category,
    choice: Choice,
) -> None:
    try:
        done = choice.apply(gallery, category)
    except RecognitionError as error:
        model_admin.message_user(request, error.detail, messages.ERROR)
        return
    model_admin.message_user(request, done, messages.SUCCESS)
    LogEntry.objects.log_actions(
        str(request.user.pk), Category.objects.filter(pk=category.pk), CHANGE, change_message=done
    )
