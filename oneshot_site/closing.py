"""The data folder is its user's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_to_others(folder: Path) -> None:
    """Take every right of a group and of others from a folder of ours, and so from what it holds.

    One that belongs to another user, such as a mounted volume's, stays as its owner made it.
    """
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & OTHERS:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
