"""A CSV manifest: which file of an archive is what."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice

from recognition.errors import InvalidManifest, TooManyEntries

MANIFEST = "manifest.csv"
REQUIRED = ("file", "category")
OPTIONAL = ("external_id", "name", "prompts")
PROMPT_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """``category`` is a slug or an external id; ``name`` is what a new category is called;
    ``external_id`` is the reference's. A row with prompts needs no file."""

    file: str
    category: str
    name: str = ""
    external_id: str = ""
    prompts: tuple[str, ...] = ()


def read_manifest(content: bytes, *, most: int) -> list[ManifestRow]:
    """The rows of a CSV file (RFC 4180; semicolons will do) in UTF-8 with a header.

    Several prompts are separated by ``|``. Raises InvalidManifest, and TooManyEntries as soon as
    there are more than ``most`` rows.
    """
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise InvalidManifest("The manifest is not UTF-8. Save it as “CSV UTF-8”.") from error
    header = text.readline()
    text.seek(0)
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.DictReader(text, delimiter=delimiter, restval="", strict=True)
    try:
        reader.fieldnames = _columns(reader.fieldnames or ())
        rows = [_row(values, reader.line_num) for values in islice(reader, most + 1)]
        if len(rows) > most:
            raise TooManyEntries(f"The manifest has more than {most} rows. Split the archive.")
        return rows
    except csv.Error as error:
        raise InvalidManifest(f"Line {reader.line_num} of the manifest: {error}.") from error


def _columns(header: object) -> list[str]:
    names = [str(name).strip().lower() for name in header] if isinstance(header, list) else []
    if missing := [name for name in REQUIRED if name not in names]:
        raise InvalidManifest(f"The manifest lacks the column {' and '.join(missing)}.")
    if unknown := sorted(set(names) - {*REQUIRED, *OPTIONAL}):
        raise InvalidManifest(
            f"The manifest has unknown columns {', '.join(unknown)}; "
            f"it may have {', '.join((*REQUIRED, *OPTIONAL))}."
        )
    if len(set(names)) < len(names):
        raise InvalidManifest("The manifest has a column twice.")
    return names


def _row(values: dict[str, str], line: int) -> ManifestRow:
    if None in values:
        raise InvalidManifest(f"Line {line} of the manifest has more values than columns.")
    texts = {name: " ".join(value.split()) for name, value in values.items() if name != "file"}
    prompts = texts.pop("prompts", "").split(PROMPT_SEPARATOR)
    return ManifestRow(
        file=values["file"].strip(),
        prompts=tuple(prompt.strip() for prompt in prompts if prompt.strip()),
        **texts,
    )
