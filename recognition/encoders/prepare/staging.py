"""Where a folder is made before it is put into its place, whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """An empty folder beside ``folder`` and with its name, to be put into its place when done.

    What an earlier process that was cut short left there goes, so the caller holds a lock.
    """
    prefix = f".making-{folder.name[:12]}-"
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_behind)
    with TemporaryDirectory(prefix=prefix, dir=folder.parent) as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        yield made


def put_in_place(made: Path, folder: Path) -> None:
    """Move a folder from its workshop to ``folder``; one that is there goes with the workshop."""
    if folder.exists():
        folder.rename(made.parent / "replaced")
    made.rename(folder)
