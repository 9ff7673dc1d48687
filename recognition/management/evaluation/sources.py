"""What is to be evaluated: a folder or an archive with a folder a class, the official Omniglot
runs, a set that a package ships, or a gallery."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from recognition.evaluation.omniglot import LABELS
from recognition.evaluation.shipped import shipped_sets
from recognition.models import Gallery
from recognition.selectors.galleries import get_gallery_unchecked

OMNIGLOT = Path("omniglot-one-shot") / "all_runs.zip"


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """A folder or an archive with a folder a class."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True, slots=True)
class OmniglotRuns:
    archive: Path


@dataclass(frozen=True, slots=True)
class ShippedSet:
    """One of ``recognition.evaluation.shipped``."""

    name: str


LabelledSource = LabelledFiles | ShippedSet
Source = LabelledSource | OmniglotRuns | Gallery


def source_of(given: str, data_folder: Path | None) -> Source:
    """A path where there is one, else ``omniglot`` below the data folder, a set that a package
    ships, or a gallery's slug. Raises GalleryNotFound."""
    path = Path(given)
    if given == "omniglot" and not path.exists() and data_folder is not None:
        path = data_folder / OMNIGLOT
    if path.is_dir():
        return LabelledFiles(path)
    if path.is_file():
        return OmniglotRuns(path) if _has_runs(path) else LabelledFiles(path)
    if given in shipped_sets():
        return ShippedSet(given)
    return get_gallery_unchecked(given)


def _has_runs(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return LABELS.format(1) in archive.namelist()
    except BadZipFile:
        return False
