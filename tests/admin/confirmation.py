"""Questions of the console, their answers, and what is noted of them."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from recognition.models import AuditEntry


def url_of(model, view: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def asked(boss: Client, model, action: str, rows) -> str:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return boss.post(url_of(model, "changelist"), chosen, follow=True).content.decode()


def answered(boss: Client, model, action: str, rows, **said) -> list[str]:
    """What the console reports once its question is answered."""
    chosen = {
        "action": action,
        "_selected_action": [row.pk for row in rows],
        "confirmed": "yes",
        "count": len(rows),
        **said,
    }
    page = boss.post(url_of(model, "changelist"), chosen, follow=True)
    return [str(message) for message in page.context["messages"]]


def last_deed() -> tuple[str, str]:
    entry = AuditEntry.objects.first()
    return entry.actor, entry.deed
