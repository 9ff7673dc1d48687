from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from recognition.core.errors import InvalidInput, RecognitionError
from recognition.dashboard.access import member, user_of
from recognition.dashboard.settings.sections import done, section
from recognition.models import Gallery, Role, Scope
from recognition.selectors.api_keys import get_key, keys_of_others, keys_reaching
from recognition.selectors.galleries import role_in
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.api_keys.revoke_key import revoke_key
from recognition.sign_in.proof import require_proof

EXPIRIES = {"": "Never", "30": "In 30 days", "90": "In 90 days", "365": "In a year"}
HERE = "dashboard:keys"


@member
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The caller's own keys that reach the gallery, and a new one, whose secret is shown once."""
    if request.method != "POST":
        return _shown(request, gallery)
    require_proof(request)
    try:
        key, secret = issue_key(
            user=user_of(request),
            name=request.POST.get("name", ""),
            scopes=_scopes(request),
            galleries=[] if "all" in request.POST else [gallery],
            expires_at=_expiry(request.POST.get("expires", "")),
        )
    except RecognitionError as error:
        return _shown(request, gallery, error=error)
    response = _shown(request, gallery, made=key, secret=secret)
    response["Cache-Control"] = "no-store"
    return response


@member
@require_POST
def revoke(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    return done(
        request,
        lambda: revoke_key(key=get_key(user_of(request), request.POST.get("prefix", ""))),
        message="The key was revoked. Programs that use it stop working.",
        back=(HERE, gallery.slug),
        refused=lambda error: _shown(request, gallery, error=error),
    )


def _scopes(request: HttpRequest) -> list[str]:
    scopes = request.POST.getlist("scope")
    if not scopes:
        raise InvalidInput("Choose at least one thing that the key may do.")
    return scopes


def _expiry(given: str) -> Any:
    if given not in EXPIRIES:
        raise InvalidInput("Choose when the key ends.")
    return timezone.now() + timedelta(days=int(given)) if given else None


def _shown(request: HttpRequest, gallery: Gallery, **context: Any) -> HttpResponse:
    user = user_of(request)
    owns = role_in(user, gallery) is Role.OWNER
    return section(
        request,
        gallery,
        "keys",
        keys=keys_reaching(user, gallery),
        others=keys_of_others(user, gallery) if owns else [],
        scopes=Scope.choices,
        expiries=EXPIRIES.items(),
        **context,
    )
