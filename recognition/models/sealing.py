"""What the database keeps so that only this installation reads it."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(ValueError):
    """What was sealed by a key that is not known any more."""


def seal(text: str) -> str:
    """Encrypted and authenticated (Fernet), by a key that is derived from the signing key."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError):
        raise Unreadable("It was sealed by another signing key (ONESHOT_SECRET_KEY).") from None


def _keys() -> MultiFernet:
    """Seals by the present key; what earlier ones sealed is still read."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(key))) for key in known])


def _derived(key: str) -> bytes:
    """RFC 5869, so that the signing key itself seals nothing."""
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"oneshot webhook secrets")
    return urlsafe_b64encode(hkdf.derive(key.encode()))
