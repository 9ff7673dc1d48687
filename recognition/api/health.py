"""Whether the process lives, and whether it should be sent requests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from recognition.core.configuration import recognition_settings
from recognition.services.readiness import readiness


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can answer well: its database, its media and its encoders are there."""
    found = readiness()
    response = JsonResponse(
        {
            "status": "ready" if found.is_ready else "not ready",
            "checks": found.checks,
            "degraded": found.degraded,
        },
        status=200 if found.is_ready else 503,
    )
    if not found.is_ready:
        response["Retry-After"] = "5"
    return response


@csrf_exempt
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, by the health port or for whoever has the operator's token: they tell
    of every tenant's load."""
    token = recognition_settings().metrics_token
    by_port = request.META.get("oneshot.health_port", False) is True
    given = request.headers.get("Authorization", "").encode()
    if not by_port and not (token and constant_time_compare(given, f"Bearer {token}".encode())):
        return HttpResponseNotFound()
    exported: HttpResponse = ExportToDjangoView(request)
    return exported
