"""Note when an API key was used."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from recognition.models import ApiKey

GRAIN = timedelta(minutes=1)


def note_key_use(key: ApiKey) -> None:
    """Keep when a key was last used, to the minute: not a write a request."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= GRAIN:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
