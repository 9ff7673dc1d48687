"""Files that a command is given, whatever their names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.core.management.base import CommandError

from recognition.core.errors import RecognitionError


def for_each(
    groups: Iterable[Sequence[Path]], call: Callable[[Sequence[Path], Sequence[bytes]], None]
) -> None:
    """Call for each group with its paths and their contents.

    A group that fails does not stop those behind it; what was done is done. Raises CommandError at
    the end, with a line for each that failed.
    """
    groups = list(groups)
    failed = []
    for paths in groups:
        try:
            call(paths, [path.read_bytes() for path in paths])
        except RecognitionError as error:
            failed.append(f"{shown(paths)}: {error.detail} [{error.code}]")
        except OSError as error:
            failed.append(f"{shown(paths)} cannot be read: {error.strerror or error}.")
    if failed:
        raise CommandError("\n".join((f"{len(failed)} of {len(groups)} failed:", *failed)))


def shown(paths: Iterable[Path]) -> str:
    """Paths as they can be printed: what is no UTF-8, or takes over a terminal, is replaced."""
    names = (os.fsencode(path).decode(errors="replace") for path in paths)
    return ", ".join("".join(c if c.isprintable() else "�" for c in name) for name in names)
