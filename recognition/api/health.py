"""Whether the process lives, and whether it should be sent requests."""

from __future__ import annotations

from django.db import connection
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from recognition.core.configuration import recognition_settings
from recognition.services.encoders.warm_up import is_warm


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can answer well: its database is there and its encoder is warm."""
    checks = {"database": _database_answers(), "encoder": is_warm()}
    ready = all(checks.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "checks": checks},
        status=200 if ready else 503,
    )


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


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
