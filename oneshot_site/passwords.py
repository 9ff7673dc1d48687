"""Passwords that are found out by guessing are refused, however long they are."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

LEAST = 3
"""Of 0 to 4: more than 10^8 guesses (Wheeler, zxcvbn: low-budget password strength estimation,
USENIX Security 2016)."""

LOOKED_AT = 72
"""Characters that are estimated: the time grows with the square of their number."""


class Present:
    """Whoever changes a password has another one afterwards."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is not None and user.pk and check_password(password, user.password):
            raise ValidationError("This is your present password.", code="present")

    def get_help_text(self) -> str:
        return "The new password is another one than the present."


class Guessable:
    """Estimates how many guesses a password takes, knowing its user's name."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        known = [user.get_username()] if user is not None else []
        found = zxcvbn(password[:LOOKED_AT], user_inputs=[*known, "oneshot"])
        if found["score"] >= LEAST:
            return
        hint = found["feedback"]["warning"] or "Add words that do not belong together."
        raise ValidationError(f"This password is guessed too soon. {hint}", code="guessable")

    def get_help_text(self) -> str:
        return "Several words that do not belong together make a good password."
