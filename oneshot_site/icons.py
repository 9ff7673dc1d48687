"""The console's icons: django-unfold's font, cut down to those that the console may show.

Material Symbols draws an icon where its name is written, by a ligature: four thousand of them in
285 KB (https://developers.google.com/fonts/docs/material_symbols). What is kept are the names that
are words of the console's templates, scripts and code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import unfold
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONT = "unfold/fonts/material-symbols/Material-Symbols-Outlined.woff2"
_UNFOLD = Path(unfold.__file__).parent
_READ = {".html", ".js", ".py"}


class UsedIcons(BaseFinder):
    """Found before django-unfold's own, under the same name."""

    @cached_property
    def _storage(self) -> FileSystemStorage:
        return FileSystemStorage(location=_made(settings.DATA_DIR / "icons"))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != FONT:
            return []
        return [self._storage.path(path)] if find_all else self._storage.path(path)

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        yield FONT, self._storage


def ligatures(font: TTFont) -> dict[str, str]:
    """The font's icons: the name that is written, and that of the glyph which it becomes."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[glyph] for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, alike in table.ligatures.items()
        for ligature in alike
    }


def _made(folder: Path) -> Path:
    """Where the smaller font lies, made unless it was in this way for the same font and words."""
    source = _UNFOLD / "static" / FONT
    words = _words(
        _UNFOLD,
        *(settings.BASE_DIR / part for part in ("oneshot_site", "recognition/admin")),
        *(settings.PAGES_DIR / part for part in ("templates", "static/console")),
    )
    read = (source.read_bytes(), Path(__file__).read_bytes(), " ".join(sorted(words)).encode())
    digest = sha256(b"".join(read)).hexdigest()
    made = folder / digest
    if not (made / FONT).exists():
        (made / FONT).parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as aside:
            smaller = Path(aside) / "font"
            _subset(source, words, smaller)
            smaller.replace(made / FONT)
    return made


def _words(*folders: Path) -> set[str]:
    texts = (
        path.read_text() for each in folders for path in each.rglob("*") if path.suffix in _READ
    )
    return {word for text in texts for word in re.findall(r"[a-z0-9_]+", text)}


def _subset(source: Path, words: set[str], target: Path) -> None:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # Its timestamp stays, so that every machine makes the same file and calls it alike.
    font = TTFont(source, recalcTimestamp=False)
    icons = {name: glyph for name, glyph in ligatures(font).items() if name in words}
    # Without the closure, which would keep each icon whose name the kept letters can spell.
    subsetter = Subsetter(Options(layout_closure=False, drop_tables=["FFTM"]))
    subsetter.populate(glyphs=icons.values(), text="".join(icons))
    subsetter.subset(font)
    font.save(target)
