from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from recognition.core.errors import RecognitionError
from recognition.dashboard.access import owner, user_of
from recognition.dashboard.settings.sections import done, section
from recognition.models import Delivery, Event, Gallery, Webhook
from recognition.selectors.webhooks import deliveries_of, get_webhook, webhooks_shown
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.remove_webhook import remove_webhook
from recognition.services.webhooks.send_test import send_test
from recognition.services.webhooks.update_webhook import update_webhook

HERE = "dashboard:webhooks"
SHOWN = 50


@owner
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Who is told of the gallery's events, and a new one, whose secret is shown once."""
    if request.method != "POST":
        return _all(request, gallery)
    try:
        made = create_webhook(
            gallery=gallery,
            url=request.POST.get("url", "").strip(),
            events=request.POST.getlist("event"),
            user=user_of(request),
        )
    except RecognitionError as error:
        return _all(request, gallery, error=error, url=request.POST.get("url", ""))
    response = _all(request, gallery, made=made)
    response["Cache-Control"] = "no-store"
    return response


@owner
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, gallery: Gallery, webhook: str) -> HttpResponse:
    """One of them: what it is told, and what became of that."""
    shown = get_webhook(gallery, webhook)
    if request.method != "POST":
        return _one(request, gallery, shown)
    return done(
        request,
        lambda: update_webhook(
            webhook=shown,
            url=request.POST.get("url", "").strip(),
            events=request.POST.getlist("event"),
            active="active" in request.POST,
        ),
        message="Saved.",
        back=("dashboard:webhook", gallery.slug, shown.public_id),
        refused=lambda error: _one(request, gallery, shown, error=error),
    )


@owner
@require_POST
def test(request: HttpRequest, gallery: Gallery, webhook: str) -> HttpResponse:
    tested = get_webhook(gallery, webhook)
    return done(
        request,
        lambda: send_test(webhook=tested),
        message="A test is on its way; see below what becomes of it.",
        back=("dashboard:webhook", gallery.slug, tested.public_id),
        refused=lambda error: _one(request, gallery, tested, error=error),
    )


@owner
@require_POST
def remove(request: HttpRequest, gallery: Gallery, webhook: str) -> HttpResponse:
    removed = get_webhook(gallery, webhook)
    return done(
        request,
        lambda: remove_webhook(webhook=removed),
        message="The webhook was deleted, with its log.",
        back=(HERE, gallery.slug),
        refused=lambda error: _all(request, gallery, error=error),
    )


def _all(request: HttpRequest, gallery: Gallery, **context: Any) -> HttpResponse:
    return section(
        request,
        gallery,
        "webhooks",
        webhooks=webhooks_shown(gallery),
        events=Event.choices,
        **context,
    )


def _one(request: HttpRequest, gallery: Gallery, shown: Webhook, **context: Any) -> HttpResponse:
    deliveries = list(deliveries_of(shown)[:SHOWN])
    return section(
        request,
        gallery,
        "webhook",
        at=HERE,
        webhook=shown,
        events=Event.choices,
        deliveries=deliveries,
        pending=any(each.state == Delivery.State.PENDING for each in deliveries),
        **context,
    )
