"""What a key may be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from recognition.core.errors import ProofRequired
from recognition.middleware import is_proved
from recognition.models import ApiKey

if TYPE_CHECKING:
    # DRF's views import this module.
    from rest_framework.views import APIView

READING = {"GET", "HEAD", "OPTIONS"}


def require_proof(request: Request) -> None:
    """Have whoever calls by their session have signed in lately. Raises ProofRequired."""
    if not isinstance(request.auth, ApiKey) and not is_proved(request._request):
        raise ProofRequired(
            "Confirm your password on the page of your account, then try again.",
        )


class KeyHasScope(BasePermission):
    """A key does only what its scopes say, whatever its user may do."""

    code = "scope_missing"
    message = "This API key does not have the scope that the call needs."

    def has_permission(self, request: Request, view: APIView) -> bool:
        key = request.auth
        reading = request.method in READING and not getattr(view, "scope_to_read", False)
        if not isinstance(key, ApiKey) or reading:
            return True
        return getattr(view, "scope", None) in key.scopes
