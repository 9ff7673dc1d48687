"""Files that come into a gallery, or make one."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from recognition.core.errors import RecognitionError
from recognition.models import Gallery
from recognition.services.bundles.import_gallery import import_gallery
from recognition.services.imports.start_import import start_import


class ArchiveForm(forms.Form):
    archive = forms.FileField(
        widget=UnfoldAdminFileFieldWidget,
        help_text="zip or tar.gz, with a folder a category or a manifest.csv.",
    )
    create = forms.BooleanField(
        required=False,
        initial=True,
        label="Make categories that are missing",
        widget=UnfoldBooleanSwitchWidget,
    )


class BundleForm(forms.Form):
    bundle = forms.FileField(
        widget=UnfoldAdminFileFieldWidget, help_text="What the export of a gallery gave."
    )
    slug = forms.SlugField(
        required=False,
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
        help_text="By default the bundle's, numbered if that is taken.",
    )


def take_archive(model_admin: ModelAdmin, request: HttpRequest, gallery: Gallery) -> HttpResponse:
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            job = start_import(
                gallery=gallery,
                archive=cast("File[bytes]", form.cleaned_data["archive"]),
                create=form.cleaned_data["create"],
                user=cast(User, request.user),
            )
        except RecognitionError as error:
            form.add_error("archive", error.detail)
        else:
            model_admin.message_user(
                request, f"The import into {gallery.name} has started.", messages.SUCCESS
            )
            return redirect("admin:recognition_job_change", job.pk)
    title = f"Import an archive into {gallery.name}"
    return _form(model_admin, request, form, title)


def take_bundle(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    form = BundleForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            gallery = import_gallery(
                bundle=form.cleaned_data["bundle"].file,
                owner=cast(User, request.user),
                slug=form.cleaned_data["slug"],
            )
        except RecognitionError as error:
            form.add_error("bundle", error.detail)
        else:
            words = f"Imported {gallery.name}, with {gallery.references.count()} references."
            model_admin.message_user(request, words, messages.SUCCESS)
            return redirect("admin:recognition_gallery_change", gallery.pk)
    return _form(model_admin, request, form, "Import a bundle as a new gallery")


def _form(
    model_admin: ModelAdmin, request: HttpRequest, form: forms.Form, title: str
) -> TemplateResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.model._meta,
        "form": form,
    }
    return TemplateResponse(request, "admin/recognition/upload.html", context)
