"""The signing key of an installation: made once, kept in the data folder."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(path: Path) -> str:
    """The key at ``path``; the first process to come makes it, readable by its owner alone."""
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Write the key aside and link it into place whole; whoever comes second leaves it."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        file.write(get_random_secret_key())
    with suppress(FileExistsError):
        os.link(aside, path)
    os.unlink(aside)
