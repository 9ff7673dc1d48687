"""A link by which somebody sets another password, for installations that send no mail."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.urls import reverse

from recognition.core.errors import InvalidInput
from recognition.models import AuditAction
from recognition.services.audit.trail import record


def make_reset_link(*, user: User) -> str:
    """Make the path of a page where ``user`` sets a password. It works once, for three days
    (Django's PASSWORD_RESET_TIMEOUT), until they sign in. Raises InvalidInput.
    """
    if not user.is_active:
        raise InvalidInput(f"The account of {user.username} is closed.")
    token = default_token_generator.make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": token}
    record(AuditAction.RESET_LINK, user, gallery=None)
    return reverse("account_reset_password_from_key", kwargs=parts)
