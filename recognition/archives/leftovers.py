"""What systems and programs leave among a person's files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

FOLDERS = frozenset(
    {
        "__macosx",  # macOS
        "$recycle.bin",  # Windows
        "recycler",
        "system volume information",
        "found.000",
        "lost+found",  # Linux
        "@eadir",  # Synology
        "#recycle",
        "#snapshot",
        "@recycle",  # QNAP
        "@recently-snapshot",
        "__pycache__",
    }
)
FILES = frozenset(
    {"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "picasa.ini", "icon\r"}
)
TOLD = 5


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many files were left out, and the first of them."""

    count: int = 0
    paths: tuple[str, ...] = ()


def is_leftover(path: str) -> bool:
    """Whether a system or a program made it for itself: a bin, a cache of thumbnails, a checkpoint,
    and whatever begins with a dot.
    """
    *folders, name = [part.lower() for part in PurePosixPath(path).parts] or [""]
    if not name or name in FILES or name.startswith("~$"):
        return True
    dotted = (part for part in (*folders, name) if part.startswith(".") and part != "..")
    return any(dotted) or not FOLDERS.isdisjoint(folders)


def left_out(paths: Iterable[str]) -> LeftOut:
    found = list(paths)
    return LeftOut(len(found), tuple(found[:TOLD]))
