"""Public identifiers: unguessable, short, telling what they name."""

from __future__ import annotations

import secrets

RANDOM_BYTES = 12


def reference_id() -> str:
    return f"r_{secrets.token_hex(RANDOM_BYTES)}"


def query_id() -> str:
    return f"q_{secrets.token_hex(RANDOM_BYTES)}"


def negative_id() -> str:
    return f"n_{secrets.token_hex(RANDOM_BYTES)}"


def job_id() -> str:
    return f"j_{secrets.token_hex(RANDOM_BYTES)}"


def evaluation_id() -> str:
    return f"e_{secrets.token_hex(RANDOM_BYTES)}"


def encoder_change_id() -> str:
    return f"ec_{secrets.token_hex(RANDOM_BYTES)}"


def webhook_id() -> str:
    return f"w_{secrets.token_hex(RANDOM_BYTES)}"


def message_id() -> str:
    return f"msg_{secrets.token_hex(RANDOM_BYTES)}"
