"""The letters of all pages: django-unfold's Inter, cut down to the Latin script.

Inter (SIL Open Font License 1.1) comes with django-unfold, 111 KB a weight. What is kept are the
blocks that European languages are written in; other scripts take the system's letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import unfold
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

FOLDER = "unfold/fonts/inter"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
FONTS = tuple(f"{FOLDER}/Inter-{weight}.woff2" for weight in WEIGHTS)
BLOCKS = ((0x20, 0x17F), (0x2010, 0x2027), (0x2030, 0x203A))
SIGNS = "€−×→←↑↓…✓≥≤"
FEATURES = ("kern", "tnum", "locl")
"""What text here needs. Combining marks lie outside of ``BLOCKS``, and contextual alternates, which
make arrows of signs, would be a sixth of each file."""


class LatinLetters(BaseFinder):
    """Found before django-unfold's own, under the same names."""

    @cached_property
    def _storage(self) -> FileSystemStorage:
        return FileSystemStorage(location=_made(settings.DATA_DIR / "letters"))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in FONTS:
            return []
        return [self._storage.path(path)] if find_all else self._storage.path(path)

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for font in FONTS:
            yield font, self._storage


def _made(folder: Path) -> Path:
    """Where the smaller fonts lie, made unless they were in this way from the same fonts."""
    source = Path(unfold.__file__).parent / "static"
    read = [(source / font).read_bytes() for font in FONTS]
    digest = sha256(b"".join([*read, Path(__file__).read_bytes()])).hexdigest()
    made = folder / digest
    for font in FONTS:
        if not (made / font).exists():
            (made / font).parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=folder) as aside:
                smaller = Path(aside) / "font"
                _subset(source / font, smaller)
                smaller.replace(made / font)
    return made


def _subset(source: Path, target: Path) -> None:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # Its timestamp stays, so that every machine makes the same file and calls it alike.
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=list(FEATURES), drop_tables=["FFTM"]))
    letters = {code for first, last in BLOCKS for code in range(first, last + 1)}
    subsetter.populate(unicodes=letters | set(map(ord, SIGNS)))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
