"""Files that survive a loss of power."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Force a file, or the list of a folder's entries, to the disk (fsync, POSIX.1-2017).

    A rename is durable once the folder that holds the new name has been synced.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
