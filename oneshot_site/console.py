"""How the curators' console looks: django-unfold's settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
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


def _links(**models: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "title": words.replace("_", " ").capitalize(),
            "icon": icon,
            "link": reverse_lazy(f"admin:{label.replace('.', '_')}_changelist"),
            "permission": lambda request, label=label: _may_see(request, label),
            **({"badge": WAITING} if words == "references" else {}),
        }
        for words, (label, icon) in models.items()
    ]


def _may_see(request: HttpRequest, label: str) -> bool:
    app, model = label.split(".")
    return request.user.has_perm(f"{app}.view_{model}")


WAITING = "recognition.admin.overview.waiting"

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
    "STYLES": [lambda request: static("console/console.css")],
    "SCRIPTS": [lambda request: static("console/console.js")],
    "DASHBOARD_CALLBACK": "recognition.admin.overview.show",
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    {
                        "title": "Overview",
                        "icon": "space_dashboard",
                        "link": reverse_lazy("admin:index"),
                    }
                ]
            },
            {
                "title": "Curate",
                "items": _links(
                    galleries=("recognition.gallery", "collections"),
                    categories=("recognition.category", "category"),
                    references=("recognition.reference", "photo_library"),
                    prompts=("recognition.prompt", "notes"),
                ),
            },
            {
                "title": "Follow",
                "items": _links(
                    queries=("recognition.query", "image_search"),
                    feedback=("recognition.feedback", "thumbs_up_down"),
                    evaluations=("recognition.evaluation", "speed"),
                    encoder_changes=("recognition.encoderchange", "swap_horiz"),
                    jobs=("recognition.job", "work_history"),
                    job_rows=("recognition.jobrow", "list_alt"),
                    changes=("recognition.change", "commit"),
                    audit_trail=("recognition.auditentry", "fact_check"),
                ),
            },
            {
                "title": "Let in",
                "items": _links(
                    users=("auth.user", "person"),
                    groups=("auth.group", "group"),
                    memberships=("recognition.membership", "badge"),
                    api_keys=("recognition.apikey", "key"),
                    webhooks=("recognition.webhook", "webhook"),
                    deliveries=("recognition.delivery", "outbox"),
                ),
            },
            {
                "title": "Under the bonnet",
                "collapsible": True,
                "items": _links(
                    encoders=("recognition.encoderrecord", "memory"),
                    measures=("recognition.referencemeasure", "straighten"),
                    held_embeddings=("recognition.heldembedding", "hourglass_empty"),
                    embeddings=("recognition.embedding", "scatter_plot"),
                    fitted_models=("recognition.fittedmodel", "tune"),
                    file_deletions=("recognition.filedeletion", "delete_sweep"),
                    idempotent_requests=("recognition.idempotentrequest", "repeat"),
                ),
            },
        ],
    },
}
