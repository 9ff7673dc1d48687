"""Tables as people's spreadsheets write them."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest

from recognition.archives.manifest import read_manifest
from recognition.core.errors import InvalidManifest, TooManyEntries
from tests.archives.builders import zip_of

PLAIN = "file,category,name\n1.jpg,badge,Bob\n2.jpg,0042,\n"


def told(content: bytes) -> list[tuple[str, str, str]]:
    return [(row.file, row.category, row.name) for row in read_manifest(content, most=10)]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "\t").encode("utf-16"),
        b"\xfe\xff" + PLAIN.replace(",", "\t").encode("utf-16-be"),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        b"\xef\xbb\xbfsep=,\n" + PLAIN.encode(),
        b'"sep=|"\n' + PLAIN.replace(",", "|").encode(),
        b"sep=\t\n" + PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", ",,,\n").encode(),
        PLAIN.replace("\n", "\n,,\n").encode(),
        ("\n \n" + PLAIN + "\n , \n\n").encode(),
        PLAIN.replace(",", " , ").replace("file", " FILE").encode(),
        PLAIN.replace("0042", '"=""0042"""').encode(),
        PLAIN.replace("Bob", '"Bob"').replace("1.jpg", '"1.jpg"').encode(),
        b"file,category,,name\n1.jpg,badge,,Bob\n2.jpg,0042,,\n",
        b"name,file,category\nBob,1.jpg,badge\n,2.jpg,0042\n",
        workbook(("file", "category", "name"), ("1.jpg", "badge", "Bob"), ("2.jpg", "0042")),
        workbook(
            ("File", " Category", "name", None),
            (),
            ("1.jpg", "badge", "Bob"),
            (None,),
            ("2.jpg", "0042"),
        ),
    ],
)
def test_a_table_is_read_however_it_was_saved(content):
    assert told(content) == [("1.jpg", "badge", "Bob"), ("2.jpg", "0042", "")]


def test_quotes_commas_and_lines_within_a_value_are_its_own():
    content = b'file,category,name\n"a, ""b"".jpg",cat,"two\nlines"\n'
    assert told(content) == [('a, "b".jpg', "cat", "two lines")]


def test_a_cell_of_a_workbook_is_what_it_shows():
    content = workbook(
        ("file", "category"),
        ("1.jpg", 4711),
        ("2.jpg", 4711.0),
        ("3.jpg", 2.5),
        ("4.jpg", True),
        ("5.jpg", datetime.date(2026, 3, 1)),
    )
    found = [row.category for row in read_manifest(content, most=10)]
    assert found == ["4711", "4711", "2.5", "true", "2026-03-01"]


def test_a_value_beyond_the_columns_is_told_with_its_line():
    with pytest.raises(InvalidManifest, match="Line 3 "):
        told(b"file,category\n1.jpg,a\n2.jpg,b,c\n")


def _sheet_of(xml: str) -> bytes:
    """A workbook whose sheet holds ``xml`` instead of its rows."""
    source = zipfile.ZipFile(io.BytesIO(workbook(("file", "category"), ("1.jpg", "a"))))
    files = {name: source.read(name) for name in source.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"].decode()
    start, end = sheet.index("<sheetData>"), sheet.index("</sheetData>")
    files["xl/worksheets/sheet1.xml"] = (sheet[:start] + "<sheetData>" + xml + sheet[end:]).encode()
    return zip_of(files)


@pytest.mark.parametrize(
    "content",
    [
        workbook(("file", "category"))[:-40],
        zip_of({"xl/workbook.xml": b"<x/>"}),
        zip_of({"xl/sharedStrings.xml": bytes(80_000_000)}),
        _sheet_of('<row r="99999999999"><c r="A1" t="inlineStr"><is><t>file</t></is></c></row>'),
        _sheet_of('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'),
        _sheet_of("<row"),
    ],
    ids=["cut", "empty", "bomb", "far row", "far column", "broken"],
)
def test_a_workbook_that_is_damaged_or_too_large_is_refused(content):
    with pytest.raises(InvalidManifest):
        told(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"file\n1.jpg\n",
        b"file,category,colour\n1.jpg,a,red\n",
        b"file,category,category\n1.jpg,a,b\n",
        b"file,category\n1.jpg,a,b\n",
        b'file,category\n"1.jpg,a\n',
        b"file,category\n\xff\xfe,a\n",
    ],
)
def test_a_manifest_that_is_not_clear_is_refused(content):
    with pytest.raises(InvalidManifest):
        read_manifest(content, most=10)


def test_a_manifest_of_too_many_rows_is_refused_before_they_are_all_read():
    content = b"file,category\n" + b"1.jpg,a\n" * 11
    with pytest.raises(TooManyEntries, match="more than 10 rows"):
        read_manifest(content, most=10)
    assert len(read_manifest(content, most=11)) == 11
