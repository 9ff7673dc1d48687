"""Tables as spreadsheets write them."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from recognition.archives.limits import ArchiveLimits
from recognition.archives.zip import read_zip
from recognition.core.errors import ArchiveError, InvalidManifest, TooManyEntries

MAX_COLUMNS = 30
MAX_ROWS = 100_000
"""Of a sheet, blank ones counted. A row may claim any number, and openpyxl fills up to it."""

WORKBOOK = ArchiveLimits(max_entries=1_000, max_total_bytes=64_000_000, ratio_from=16_000_000)
"""A workbook is a zip of XML, of which openpyxl keeps the texts in memory. 50,000 rows of a
manifest unpack to about 10 MB."""

_DELIMITERS = (",", ";", "\t")
_SEPARATOR = re.compile(r'^"?sep=(.)"?$', re.IGNORECASE)
_FORMULA = re.compile(r'^="(.*)"$', re.DOTALL)
"""How Excel is told to keep leading zeros in a CSV file."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"

Row = list[str]


def read_table(content: bytes, *, most: int) -> Iterator[tuple[int, Row]]:
    """The rows of a table that say something, each with its number: a CSV file (RFC 4180) or the
    first sheet of an xlsx workbook.

    Commas, semicolons or tabs divide a CSV file, or what its line ``sep=`` says; it is in UTF-8, or
    in UTF-16 with its mark. Blanks around a value do not count, nor do empty values behind the
    last. Raises InvalidManifest, and TooManyEntries as soon as there are more than ``most`` rows.
    """
    rows = _sheet_rows(content) if content.startswith(_ZIP) else _text_rows(content)
    count = 0
    for number, values in rows:
        row = [_value(value) for value in values]
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        count += 1
        if count > most:
            raise TooManyEntries(f"The manifest has more than {most - 1} rows. Split the archive.")
        yield number, row


def _value(value: str) -> str:
    text = value.strip().strip("\ufeff")
    found = _FORMULA.match(text)
    return found.group(1).strip() if found else text


def _text_rows(content: bytes) -> Iterator[tuple[int, Iterable[str]]]:
    lines = io.StringIO(_decoded(content), newline="")
    first = next((line for line in lines if line.strip()), "")
    said = _SEPARATOR.match(first.strip("\r\n \t") if "\t" not in first else first.strip("\r\n "))
    if said:
        head, delimiter = "", said.group(1)
    else:
        head, delimiter = first, _delimiter_of(first)
    reader = csv.reader(chain([head] if head else [], lines), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num + bool(said), row
    except csv.Error as error:
        raise InvalidManifest(f"Line {reader.line_num} of the manifest: {error}.") from error


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidManifest("The manifest is not UTF-8. Save it as “CSV UTF-8”.") from error


def _delimiter_of(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _sheet_rows(content: bytes) -> Iterator[tuple[int, Iterable[str]]]:
    _check_workbook(content)
    # Imported here, since few archives hold one.
    import openpyxl

    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        sheet = book.worksheets[0]
        # Of its size a sheet may say what it likes; only what is there counts.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
        for number, row in enumerate(rows, start=1):
            if number > MAX_ROWS:
                raise InvalidManifest(f"The sheet has a row beyond {MAX_ROWS}. Delete it.")
            yield number, [_cell(value) for value in row]
    except (ArchiveError, GeneratorExit):
        raise
    except Exception as error:
        # Of what is damaged openpyxl tells with exceptions of a dozen kinds.
        raise InvalidManifest(
            "The workbook cannot be read. Save it anew as xlsx without a password, or as CSV."
        ) from error


def _check_workbook(content: bytes) -> None:
    """Refuse what would unpack to more than can be kept. Raises InvalidManifest."""
    try:
        for entry in read_zip(io.BytesIO(content), WORKBOOK):
            if entry.problem is not None:
                raise entry.problem
    except ArchiveError as error:
        raise InvalidManifest(f"The workbook cannot be read. {error.detail}") from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
