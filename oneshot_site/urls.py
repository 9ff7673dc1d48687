from django.contrib import admin
from django.urls import include, path

from recognition.api.health import healthz, metrics, readyz

handler500 = "recognition.dashboard.errors.server_error"

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    # Before the API, which answers for every other address below its own.
    path("api/v1/recognition/", include("recognition.api.compreface.urls")),
    path("api/v1/", include("recognition.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("recognition.sign_in.urls")),
    path("", include("recognition.dashboard.urls")),
]
