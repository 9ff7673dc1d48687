"""Second factors: their secrets are sealed, their codes are counted like passwords."""

from __future__ import annotations

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.safestring import SafeString, mark_safe

from recognition.models.sealing import seal, unseal
from recognition.sign_in.limits import begin_try


class SecondFactorAdapter(DefaultMFAAdapter):
    """A copy of the database alone makes no codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Wrong code, or one that was used already.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> SafeString:
        """Draw the code as an element of the page: the policy lets no picture be data."""
        drawn = str(super().build_totp_svg(url))
        # The package draws numbers into a path, and nothing of the address.
        return mark_safe(drawn[drawn.index("<svg") :])  # noqa: S308

    def generate_authenticator_name(self, user: AbstractBaseUser, type: object) -> str:
        return "Passkey"


class CountedCode:
    """Part of a form that takes a code: each try counts as one of the user's name."""

    user: AbstractBaseUser

    def clean_code(self) -> str:
        row = begin_try(context.request, self.user.get_username())
        if row is None:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        row.delete()
        return code


class SignInCode(CountedCode, AuthenticateForm):
    """The code of whoever has given their password."""


class ProofCode(CountedCode, ReauthenticateForm):
    """The code of whoever is signed in and shows again who they are."""
