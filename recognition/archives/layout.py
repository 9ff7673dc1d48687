"""What the folders of an archive mean."""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

SPLITS = frozenset({"train", "training", "val", "valid", "validation", "test", "testing"})
"""How data sets name the parts that they are split into."""

_COMMON = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".dib", ".mpo")
_MODERN = (".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".j2k", ".jpx")
_OF_CAMERAS = (".tif", ".tiff", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf")
IMAGE_SUFFIXES = frozenset({*_COMMON, *_MODERN, *_OF_CAMERAS})
"""How photos' names end. Where a file's does not, its place says less of what folders mean."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the folders that are categories lie: below ``root``.

    ``is_flat``: there is no folder, so a photo is a category, named by its file. ``are_split``:
    those below the root are parts of a data set, and the categories lie in each. ``is_mixed``:
    photos lie beside folders of photos, so that it is a guess which of them are categories.
    """

    root: tuple[str, ...] = ()
    is_flat: bool = False
    are_split: bool = False
    is_mixed: bool = False

    def place(self, path: str) -> tuple[str, tuple[str, ...]]:
        """The category of a file, empty where it lies in none, and the folders between."""
        *folders, file = path.split("/")
        if self.is_flat:
            return ("" if folders else PurePosixPath(file).stem), ()
        below = tuple(folders[len(self.root) + self.are_split :])
        inside = tuple(folders[: len(self.root)]) == self.root
        return (below[0], below[1:]) if below and inside else ("", ())


def read_layout(paths: Iterable[str]) -> Layout:
    """Tell the layout by where the photos lie.

    A category is the top folder below what all have in common, with all that lies in it at any
    depth, as torchvision's ImageFolder has it.
    """
    files = list(paths)
    photos = [path for path in files if PurePosixPath(path).suffix.lower() in IMAGE_SUFFIXES]
    parents = [tuple(path.split("/")[:-1]) for path in photos or files]
    folders = {parent for parent in parents if parent}
    if not folders:
        return Layout(is_flat=True)
    root = tuple(os.path.commonprefix(sorted(folders)))
    is_mixed = False
    if root in folders:
        # Photos lie in it, so it is a category itself rather than what holds them.
        root, is_mixed = root[:-1], len(folders) > 1
    tops = {folder[len(root)].lower() for folder in folders}
    deep = all(len(folder) > len(root) + 1 for folder in folders)
    return Layout(root, are_split=tops <= SPLITS and deep, is_mixed=is_mixed)
