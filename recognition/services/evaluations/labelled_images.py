"""Labelled sets of images on this machine: a folder a class, or an archive of such folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from recognition.archives import Entry, plan_rows, read_entries
from recognition.archives.layout import read_layout
from recognition.archives.leftovers import is_leftover
from recognition.core.errors import ArchiveEntryError, NothingToEvaluate, RecognitionError
from recognition.core.types import Matrix
from recognition.encoders.protocol import InspectingEncoder
from recognition.evaluation.labelled import LabelledSet
from recognition.images import open_image
from recognition.services.evaluations.embedding_cache import (
    EmbeddingCache,
    Wanted,
    content_key,
    picture_key,
)
from recognition.services.limits import archive_limits, image_limits

Seen = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A set's embeddings, and the files that could not be used with the reason."""

    data: LabelledSet
    left_out: tuple[tuple[str, RecognitionError], ...]


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    label: str
    data: bytes | ArchiveEntryError

    def wanted(self, fit: int) -> Wanted:
        if isinstance(self.data, ArchiveEntryError):
            return Wanted(self.path, partial(_refuse, self.data))
        return Wanted(content_key(self.data), partial(_open, self.data, fit))


def embed_labelled(path: Path, encoder: InspectingEncoder, seen: Seen = lambda _: None) -> Labelled:
    """Embed a set; a file's class is the folder of the set that it lies in. What was embedded
    before, in this set or another, is not embedded again.

    Raises ArchiveError, EncoderError, NothingToEvaluate.
    """
    rows: list[tuple[str, str, str]] = []

    def wanted() -> Iterator[Wanted]:
        for file in _folder_files(path) if path.is_dir() else _archive_files(path):
            each = file.wanted(encoder.spec.input_size)
            rows.append((file.path, file.label, each.key))
            yield each

    found = EmbeddingCache(encoder, seen).embed(wanted())
    left_out = [(path, e) for path, _, key in rows if isinstance(e := found[key], RecognitionError)]
    used = [(label, found[key]) for path, label, key in rows if not _failed(found[key])]
    if not used:
        raise NothingToEvaluate(f"{path} has no folder with images in it.")
    names = tuple(sorted({label for label, _ in used}))
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers[label] for label, _ in used], np.int64)
    vectors = np.stack([np.asarray(vector, np.float32) for _, vector in used])
    return Labelled(LabelledSet(vectors, labels, names), tuple(left_out))


def embed_pictures(images: Sequence[Image.Image], encoder: InspectingEncoder) -> Matrix:
    """Embed pictures that are no files, each once on this machine."""
    keys = [picture_key(image) for image in images]
    wanted = (Wanted(key, partial(_same, image)) for key, image in zip(keys, images, strict=True))
    found = EmbeddingCache(encoder).embed(wanted)
    return np.stack([np.asarray(found[key], np.float32) for key in keys])


def _folder_files(folder: Path) -> Iterator[_File]:
    """The folders mean what they mean in an archive."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    files = {
        shown: path
        for shown, path in found.items()
        if path.is_file() and "/" in shown and not is_leftover(shown)
    }
    layout = read_layout(files)
    for shown, path in files.items():
        label, _ = layout.place(shown)
        if label:
            yield _File(shown, label, path.read_bytes())


def _archive_files(path: Path) -> Iterator[_File]:
    with path.open("rb") as file:
        planned = {row.position: row for row in plan_rows(file, archive_limits()) if not row.code}
        for entry in read_entries(file, archive_limits()):
            row = planned.get(entry.position)
            if row is not None:
                yield _File(row.path, row.category, _content(entry))


def _content(entry: Entry) -> bytes | ArchiveEntryError:
    try:
        return entry.read(image_limits().max_bytes)
    except ArchiveEntryError as error:
        return error


def _open(data: bytes, fit: int) -> Image.Image:
    return open_image(data, limits=image_limits(), fit=fit)


def _refuse(error: ArchiveEntryError) -> Image.Image:
    raise error


def _same(image: Image.Image) -> Image.Image:
    return image


def _failed(found: object) -> bool:
    return isinstance(found, RecognitionError)
