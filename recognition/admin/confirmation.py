"""Actions that ask before they do anything, and say afterwards what they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from recognition.core.errors import RecognitionError
from recognition.models import Category, Gallery

SHOWN = 24
"""How many of what is chosen are shown."""


class Within(forms.Form):
    """What else is to be said, within one gallery."""

    def among(self, gallery: Gallery) -> None:
        pass


class CategoryForm(Within):
    category = forms.ModelChoiceField(
        queryset=Category.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def among(self, gallery: Gallery) -> None:
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = gallery.categories.order_by("order_key")


class NameForm(Within):
    name = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget)


FormData = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """``apply`` does it for a gallery (None for what is of none), what is chosen in it and what was
    said, and says what was done. With a ``form`` all that is chosen must be of one gallery."""

    action: str
    words: str
    verb: str
    apply: Callable[[Any, list[Any], FormData], str]
    form: type[Within] | None = None
    destroys: bool = False


def ask(
    model_admin: ModelAdmin, request: HttpRequest, chosen: QuerySet[Any], question: Question
) -> HttpResponse | None:
    """Show what is chosen and ask; once that is answered, do it and report."""
    rows = list(chosen)
    owners = [model_admin.gallery_of(row) for row in rows]
    galleries = list(dict.fromkeys(owners))
    if question.form and len(galleries) != 1:
        model_admin.message_user(request, "Choose within one gallery.", messages.ERROR)
        return None
    confirmed = "confirmed" in request.POST
    if confirmed and request.POST.get("count") != str(len(rows)):
        words = "The selection has changed meanwhile, so nothing was done. Choose again."
        model_admin.message_user(request, words, messages.ERROR)
        return None
    form = (question.form or Within)(request.POST if confirmed else None)
    if question.form:
        form.among(galleries[0])
    if confirmed and form.is_valid():
        for gallery in galleries:
            of_it = [row for row, owner in zip(rows, owners, strict=True) if owner == gallery]
            _do(model_admin, request, question, gallery, of_it, form.cleaned_data)
        return None
    return _question(model_admin, request, rows, question, form)


def _do(
    model_admin: ModelAdmin,
    request: HttpRequest,
    question: Question,
    gallery: Gallery | None,
    rows: list[Any],
    data: FormData,
) -> None:
    """One gallery's part, whatever becomes of another's."""
    where = f"{gallery.name}: " if gallery else ""
    try:
        done = question.apply(gallery, rows, data)
    except RecognitionError as error:
        words = f"{where}nothing was done. {error.detail}"
        model_admin.message_user(request, words, messages.ERROR)
    except OSError as error:
        words = f"{where}nothing was done, since a file could not be read: {error}"
        model_admin.message_user(request, words, messages.ERROR)
    else:
        model_admin.message_user(request, f"{where}{done}", messages.SUCCESS)


def _question(
    model_admin: ModelAdmin,
    request: HttpRequest,
    rows: list[Any],
    question: Question,
    form: Within,
) -> TemplateResponse:
    across = request.POST.get("select_across") == "1"
    context = {
        **model_admin.admin_site.each_context(request),
        "title": question.verb,
        "opts": model_admin.model._meta,
        "question": question,
        "count": len(rows),
        "shown": [(row, model_admin.preview(row)) for row in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        # All of a long list are named by the list's own address, not one by one.
        "chosen": [row.pk for row in rows[: 1 if across else None]],
        "across": across,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/recognition/ask.html", context)
