"""What went wrong, on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from recognition.core.errors import RecognitionError


@contextmanager
def as_command_errors() -> Iterator[None]:
    """The same sentence and code that the API would give, and exit status 1."""
    try:
        yield
    except RecognitionError as error:
        raise CommandError(f"{error.detail} [{error.code}]") from None
