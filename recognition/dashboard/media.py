"""Images, for members of their gallery alone."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from recognition.dashboard.access import member
from recognition.images import STORED_CONTENT_TYPE
from recognition.models import Gallery
from recognition.selectors.categories import get_reference
from recognition.selectors.queries import get_query

# What an address names never changes, and only its reader may keep it.
CACHED = "private, max-age=31536000, immutable"


@member
@require_safe
def reference_image(request: HttpRequest, gallery: Gallery, reference: str) -> FileResponse:
    return _file(get_reference(gallery, reference).image)


@member
@require_safe
def thumbnail(request: HttpRequest, gallery: Gallery, reference: str) -> FileResponse:
    return _file(get_reference(gallery, reference).thumbnail)


@member
@require_safe
def query_image(request: HttpRequest, gallery: Gallery, query: str) -> FileResponse:
    return _file(get_query(gallery, query).image)


def _file(field: FieldFile) -> FileResponse:
    try:
        file = field.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type=STORED_CONTENT_TYPE, headers={"Cache-Control": CACHED})
