"""How the curators' console looks: django-unfold's settings."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

_SHADES = {
    "50": "oklch(97% .014 280)",
    "100": "oklch(94% .03 280)",
    "200": "oklch(88% .06 280)",
    "300": "oklch(80% .1 280)",
    "400": "oklch(70% .15 280)",
    "500": "oklch(60% .2 278)",
    "600": "oklch(50% .22 276)",
    "700": "oklch(44% .21 276)",
    "800": "oklch(38% .18 277)",
    "900": "oklch(33% .14 278)",
    "950": "oklch(25% .1 280)",
}


def _links(**models: str) -> list[dict[str, Any]]:
    return [
        {
            "title": model.replace("_", " ").capitalize(),
            "link": reverse_lazy(f"admin:{label.replace('.', '_')}_changelist"),
        }
        for model, label in models.items()
    ]


UNFOLD = {
    "SITE_TITLE": "Oneshot",
    "SITE_HEADER": "Oneshot",
    "SITE_SUBHEADER": "Curators' console",
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("dashboard/icon.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("dashboard/icon.svg"),
        }
    ],
    "COLORS": {"primary": _SHADES},
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Curate",
                "items": _links(
                    galleries="recognition.gallery",
                    categories="recognition.category",
                    references="recognition.reference",
                    prompts="recognition.prompt",
                ),
            },
            {
                "title": "Follow",
                "items": _links(
                    queries="recognition.query",
                    feedback="recognition.feedback",
                    jobs="recognition.job",
                    job_rows="recognition.jobrow",
                    changes="recognition.change",
                    audit_trail="recognition.auditentry",
                ),
            },
            {
                "title": "Let in",
                "items": _links(
                    users="auth.user",
                    groups="auth.group",
                    memberships="recognition.membership",
                    api_keys="recognition.apikey",
                    webhooks="recognition.webhook",
                    deliveries="recognition.delivery",
                ),
            },
            {
                "title": "Under the bonnet",
                "collapsible": True,
                "items": _links(
                    encoders="recognition.encoderrecord",
                    embeddings="recognition.embedding",
                    fitted_models="recognition.fittedmodel",
                    file_deletions="recognition.filedeletion",
                    idempotent_requests="recognition.idempotentrequest",
                ),
            },
        ],
    },
}
