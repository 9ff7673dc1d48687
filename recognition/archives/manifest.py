"""A manifest: which file of an archive is what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from recognition.archives.tables import Row, read_table
from recognition.core.errors import InvalidBox, InvalidManifest
from recognition.core.regions import Box

MANIFESTS = ("manifest.csv", "manifest.tsv", "manifest.xlsx")
REQUIRED = ("file", "category")
OPTIONAL = ("external_id", "name", "prompts", "x", "y", "width", "height")
BOX = ("x", "y", "width", "height")
PROMPT_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """``category`` is a slug, an external id or a name; ``name`` is what a new category is called;
    ``external_id`` is the reference's, ``box`` the region of the file that is meant. A row with
    prompts needs no file.
    """

    file: str
    category: str
    name: str = ""
    external_id: str = ""
    prompts: tuple[str, ...] = ()
    box: Box | None = None


def is_manifest(path: str) -> bool:
    return PurePosixPath(path).name.lower() in MANIFESTS


def read_manifest(content: bytes, *, most: int) -> list[ManifestRow]:
    """The rows of a table with a header, as ``read_table`` reads it.

    Several prompts are separated by ``|``. Raises InvalidManifest, and TooManyEntries as soon as
    there are more than ``most`` rows.
    """
    table = read_table(content, most=most + 1)
    _, header = next(table, (0, []))
    columns = _columns(header)
    return [_row(columns, values, line) for line, values in table]


def _columns(header: Row) -> list[str]:
    names = [" ".join(name.lower().split()) for name in header]
    if missing := [name for name in REQUIRED if name not in names]:
        raise InvalidManifest(f"The manifest lacks the column {' and '.join(missing)}.")
    known = [name for name in names if name]
    if unknown := sorted(set(known) - {*REQUIRED, *OPTIONAL}):
        raise InvalidManifest(
            f"The manifest has unknown columns {', '.join(unknown)}; "
            f"it may have {', '.join((*REQUIRED, *OPTIONAL))}."
        )
    if len(set(known)) < len(known):
        raise InvalidManifest("The manifest has a column twice.")
    return names


def _row(columns: Sequence[str], values: Row, line: int) -> ManifestRow:
    given = dict(zip(columns, values, strict=False))
    if len(values) > len(columns) or given.get(""):
        raise InvalidManifest(f"Line {line} of the manifest has more values than columns.")
    texts = {name: " ".join(given.get(name, "").split()) for name in ("category", *OPTIONAL)}
    prompts = texts.pop("prompts").split(PROMPT_SEPARATOR)
    box = _box([texts.pop(name) for name in BOX], line)
    return ManifestRow(
        file=given.get("file", ""),
        prompts=tuple(prompt.strip() for prompt in prompts if prompt.strip()),
        box=box,
        **texts,
    )


def _box(values: Sequence[str], line: int) -> Box | None:
    """The region that a row is about; where all four are empty, the whole."""
    if not any(values):
        return None
    try:
        return Box.of(list(values))
    except InvalidBox as error:
        raise InvalidManifest(f"Line {line} of the manifest: {error.detail}") from None
