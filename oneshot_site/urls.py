from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from recognition.api.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", csrf_exempt(require_safe(ExportToDjangoView))),
    path("api/v1/", include("recognition.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("recognition.dashboard.urls")),
]
