"""From an archive's names, or its manifest, to what each file is."""

from __future__ import annotations

import io

import pytest

from recognition.archives import ArchiveLimits, plan_rows
from recognition.archives.manifest import read_manifest
from recognition.errors import InvalidManifest, TooManyEntries
from tests.archives.builders import tar_of, zip_of

KINDS = pytest.mark.parametrize("build", [zip_of, tar_of])


def plan(data: bytes):
    return plan_rows(io.BytesIO(data), ArchiveLimits())


@KINDS
def test_a_category_is_the_folder_that_a_file_lies_in(build):
    files = ["cat/1.jpg", "pets/dog/2.jpg", "train/pets/Badge 47-11/3.jpg"]
    rows = plan(build(dict.fromkeys(files, b"x")))
    assert [(row.path, row.category) for row in rows] == [
        ("cat/1.jpg", "cat"),
        ("pets/dog/2.jpg", "dog"),
        ("train/pets/Badge 47-11/3.jpg", "Badge 47-11"),
    ]


@KINDS
def test_what_file_managers_leave_behind_is_not_reported(build):
    files = ["__MACOSX/cat/._1.jpg", "cat/.DS_Store", "cat/Thumbs.db", "cat/._1.jpg", "cat/1.jpg"]
    assert [row.path for row in plan(build(dict.fromkeys(files, b"x")))] == ["cat/1.jpg"]


def test_archives_inside_are_skipped_and_files_in_no_folder_fail():
    nested, loose = plan(zip_of({"cat/more.zip": b"x", "1.jpg": b"x"}))
    assert (nested.skipped, nested.code) == (True, "nested_archive")
    assert (loose.skipped, loose.code) == (False, "category_missing")


@KINDS
def test_a_manifest_says_what_is_what(build):
    manifest = (
        "File,Category,external_id,Name,prompts\r\n"
        "a/1.jpg,badge-1,shot-1,Bob's badge,a blue badge|a badge\r\n"
        '"a/2, again.jpg",badge-1,,,\r\n'
        "a/none.jpg,badge-1,,,\r\n"
        "a/3.jpg,,,,\r\n"
        ",badge-2,,Key,a brass key\r\n"
    )
    rows = plan(
        build(
            {
                "set/a/1.jpg": b"x",
                "set/manifest.csv": manifest.encode("utf-8-sig"),
                "set/a/2, again.jpg": b"x",
                "set/a/3.jpg": b"x",
                "set/a/4.jpg": b"x",
            }
        )
    )
    first, second, blank, unnamed, missing, described = rows
    assert (first.path, first.category, first.external_id) == ("set/a/1.jpg", "badge-1", "shot-1")
    assert (first.name, first.prompts) == ("Bob's badge", ("a blue badge", "a badge"))
    assert (second.path, second.category, second.code) == ("set/a/2, again.jpg", "badge-1", "")
    assert blank.code == "category_missing"
    assert (unnamed.path, unnamed.code, unnamed.skipped) == (
        "set/a/4.jpg",
        "not_in_manifest",
        True,
    )
    assert (missing.path, missing.position, missing.code) == (
        "set/a/none.jpg",
        None,
        "file_missing",
    )
    assert (described.category, described.prompts, described.code) == (
        "badge-2",
        ("a brass key",),
        "",
    )


def test_one_file_may_be_named_for_two_categories():
    rows = plan(zip_of({"manifest.csv": b"file,category\n1.jpg,a\n1.jpg,b\n", "1.jpg": b"x"}))
    assert [(row.position, row.category) for row in rows] == [(1, "a"), (1, "b")]


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


def test_a_manifest_with_semicolons_is_read():
    [row] = read_manifest("file;category\nä.jpg;Bär\n".encode(), most=10)
    assert (row.file, row.category) == ("ä.jpg", "Bär")
