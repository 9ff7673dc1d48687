"""Forget old deliveries."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from recognition.models import Delivery

KEPT = timedelta(days=30)


def forget_deliveries() -> int:
    """Drop what was delivered or given up more than 30 days ago from the log."""
    old = Delivery.objects.exclude(state=Delivery.State.PENDING).filter(
        created_at__lt=timezone.now() - KEPT
    )
    return old.delete()[0]
