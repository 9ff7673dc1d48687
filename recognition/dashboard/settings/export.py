from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from recognition.dashboard.access import curator
from recognition.dashboard.settings.sections import section
from recognition.models import Gallery
from recognition.services.bundles.export_gallery import export_gallery


@curator
@require_safe
def export_settings(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    return section(
        request,
        gallery,
        "export",
        at="dashboard:export_settings",
        categories=gallery.categories.count(),
        references=gallery.references.count(),
    )


@curator
@require_safe
def export(request: HttpRequest, gallery: Gallery) -> StreamingHttpResponse:
    """The gallery as a bundle that another installation can import."""
    return StreamingHttpResponse(
        export_gallery(gallery=gallery, images="without" not in request.GET),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{gallery.slug}.oneshot.zip"'},
    )
