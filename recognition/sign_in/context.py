"""What the pages for signing in know."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from recognition.models import GivenPassword
from recognition.services.demo.seed_demo import LOGIN


def ways_in(request: HttpRequest) -> dict[str, object]:
    """Say by which means people come in here."""
    first = SimpleLazyObject(GivenPassword.objects.filter(user__username=LOGIN).exists)
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    provider = apps[0]["name"] if apps else ""
    return {
        "provider": provider,
        "has_email": bool(settings.EMAIL_URL),
        "has_first_password": first,
    }
