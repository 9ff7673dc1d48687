from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from recognition.api.uploads import CappedFile
from recognition.core.errors import InvalidInput
from recognition.dashboard.access import curator, user_of
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.words import ended_in_words
from recognition.models import Gallery, Job, JobRow
from recognition.selectors.jobs import get_job, jobs_of, rows_of
from recognition.services.imports.confirm_import import confirm_import
from recognition.services.imports.start_import import start_import
from recognition.services.imports.undo_import import undo_import
from recognition.services.jobs.cancel_job import cancel_job

HERE = "dashboard:imports"
JOBS_SHOWN = 30
TROUBLES_SHOWN = 100


@csrf_exempt
def start(request: HttpRequest, gallery: str) -> HttpResponseBase:
    # Checking the token reads the upload, so what caps that has to be there before.
    request.upload_handlers = [CappedFile(request)]
    return _start(request, gallery=gallery)


@csrf_protect
@curator
@require_http_methods(["GET", "HEAD", "POST"])
def _start(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Imports so far, and a new one."""
    if request.method != "POST":
        jobs = jobs_of(gallery).filter(kind=Job.Kind.IMPORT).order_by("-id")[:JOBS_SHOWN]
        return page(request, "dashboard/imports.html", gallery, here=HERE, jobs=jobs)
    archive = request.FILES.get("archive")
    if archive is None:
        raise InvalidInput("Choose an archive first.")
    job = start_import(
        gallery=gallery,
        archive=cast("File[bytes]", archive),
        create="create" in request.POST,
        dry_run=True,
        user=user_of(request),
    )
    if is_partial(request):
        return HttpResponseClientRedirect(
            reverse("dashboard:job", args=(gallery.slug, job.public_id))
        )
    return redirect("dashboard:job", gallery.slug, job.public_id)


@curator
@require_safe
def job(request: HttpRequest, gallery: Gallery, job: str) -> HttpResponse:
    """How far a job is; htmx asks again and again until it has ended."""
    shown = get_job(gallery, job)
    rows = rows_of(shown).order_by("number")
    troubles = rows.filter(status=JobRow.Status.FAILED)
    warned = rows.filter(status=JobRow.Status.ENROLLED).exclude(warnings=[])
    part = is_partial(request)
    response = page(
        request,
        "dashboard/parts/job.html" if part else "dashboard/job.html",
        gallery,
        here=HERE,
        job=shown,
        troubles=troubles[:TROUBLES_SHOWN],
        warned=warned[:TROUBLES_SHOWN] if shown.finished_at else (),
    )
    if part and shown.state == Job.State.PLANNED:
        return announce(response, "The plan is ready. Confirm it, or cancel the import.")
    return announce(response, ended_in_words(shown)) if part and shown.finished_at else response


@curator
@require_POST
def confirm(request: HttpRequest, gallery: Gallery, job: str) -> HttpResponse:
    """Go on as planned, or read the archive's names in another encoding and plan anew."""
    encoding = request.POST.get("encoding", "")
    confirmed = confirm_import(
        job=get_job(gallery, job),
        encoding=encoding,
        plan_again=bool(encoding),
        user=user_of(request),
    )
    return redirect("dashboard:job", gallery.slug, confirmed.public_id)


@curator
@require_POST
def undo(request: HttpRequest, gallery: Gallery, job: str) -> HttpResponse:
    undone = undo_import(job=get_job(gallery, job), user=user_of(request))
    messages.success(request, "The import was undone.")
    return redirect("dashboard:job", gallery.slug, undone.public_id)


@curator
@require_POST
def cancel(request: HttpRequest, gallery: Gallery, job: str) -> HttpResponse:
    cancelled = cancel_job(job=get_job(gallery, job))
    return redirect("dashboard:job", gallery.slug, cancelled.public_id)
