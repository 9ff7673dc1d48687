"""Images, for members of their gallery alone."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from recognition.dashboard.access import member
from recognition.images import QUERY_CONTENT_TYPE, QUERY_SUFFIX, STORED_CONTENT_TYPE, open_image
from recognition.images import thumbnail as thumbnail_of
from recognition.models import Gallery, Query
from recognition.selectors.categories import get_reference
from recognition.selectors.queries import get_query

# What an address names never changes, and only its reader may keep it.
HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}

PREVIEW_SIDE = 640
THUMBNAIL_SIDE = 256


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for it by this name whatever the page says."""
    return redirect(static("dashboard/icon.svg"))


@member
@require_safe
def reference_image(request: HttpRequest, gallery: Gallery, reference: str) -> FileResponse:
    return file_response(get_reference(gallery, reference).image)


@member
@require_safe
def thumbnail(request: HttpRequest, gallery: Gallery, reference: str) -> FileResponse:
    return file_response(get_reference(gallery, reference).thumbnail)


@member
@require_safe
def query_image(request: HttpRequest, gallery: Gallery, query: str) -> FileResponse:
    return file_response(_kept(get_query(gallery, query)))


@member
@require_safe
def reference_preview(request: HttpRequest, gallery: Gallery, reference: str) -> HttpResponse:
    return _scaled(get_reference(gallery, reference).image, PREVIEW_SIDE)


@member
@require_safe
def query_preview(request: HttpRequest, gallery: Gallery, query: str) -> HttpResponse:
    return _of_query(get_query(gallery, query), PREVIEW_SIDE)


@member
@require_safe
def query_thumbnail(request: HttpRequest, gallery: Gallery, query: str) -> HttpResponse:
    return _of_query(get_query(gallery, query), THUMBNAIL_SIDE)


def _of_query(query: Query, side: int) -> HttpResponse:
    """A picture in any case: where no image was kept, one that says so."""
    if query.image:
        return _scaled(query.image, side)
    path = find("dashboard/not-kept.svg")
    return HttpResponse(
        Path(path).read_bytes() if path else b"",
        content_type="image/svg+xml",
        headers={"Cache-Control": "private, max-age=3600"},
    )


def _kept(query: Query) -> FieldFile:
    if not query.image:
        raise Http404
    return query.image


def file_response(field: FieldFile) -> FileResponse:
    is_query = str(field.name).endswith(QUERY_SUFFIX)
    content_type = QUERY_CONTENT_TYPE if is_query else STORED_CONTENT_TYPE
    return FileResponse(_opened(field), content_type=content_type, headers=HEADERS)


def _scaled(field: FieldFile, side: int) -> HttpResponse:
    with _opened(field) as file:
        smaller = thumbnail_of(open_image(file.read()), side)
    return HttpResponse(smaller, content_type=STORED_CONTENT_TYPE, headers=HEADERS)


def _opened(field: FieldFile) -> File[bytes]:
    try:
        return field.open("rb")
    except FileNotFoundError:
        raise Http404 from None
