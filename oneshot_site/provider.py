"""The identity provider by which people may sign in: OpenID Connect, from environment variables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

STAFF = "staff"
ROLES = frozenset({"owner", "curator", "viewer"})
PROVIDER_ID = "sso"

Rights = dict[str, list[tuple[str, str]]]
"""Of a group, the galleries and roles that it gives; ``("", "staff")`` lets into the console."""


def group_rights(entries: list[str]) -> Rights:
    """Read ``group=gallery:role`` and ``group=staff``. Raises ImproperlyConfigured."""
    rights: Rights = {}
    for entry in entries:
        group, _, given = entry.rpartition("=")
        gallery, _, role = given.rpartition(":")
        if not group or (given != STAFF and (not gallery or role not in ROLES)):
            raise ImproperlyConfigured(
                f"ONESHOT_OIDC_GROUPS: {entry!r} is neither group=gallery:role, with a role of "
                "owner, curator or viewer, nor group=staff."
            )
        rights.setdefault(group.strip(), []).append((gallery.strip(), role))
    return rights


def providers(*, issuer: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """Return allauth's setting for the one provider, or for none."""
    if not issuer:
        return {}
    if not client_id:
        raise ImproperlyConfigured("ONESHOT_OIDC_ISSUER is set: set ONESHOT_OIDC_CLIENT_ID, too.")
    app = {
        "provider_id": PROVIDER_ID,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/")},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
