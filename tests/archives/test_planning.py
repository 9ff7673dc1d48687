"""From an archive's names, or its manifest, to what each file is."""

from __future__ import annotations

import io

import pytest

from recognition.archives import ArchiveLimits, plan_archive, plan_rows
from tests.archives.builders import tar_of, zip_of

KINDS = pytest.mark.parametrize("build", [zip_of, tar_of])


def plan(data: bytes):
    return plan_rows(io.BytesIO(data), ArchiveLimits())


def whole_plan(data: bytes, **options):
    return plan_archive(io.BytesIO(data), ArchiveLimits(), **options)


@KINDS
def test_a_category_is_the_top_folder_below_what_all_have_in_common(build):
    files = ["pets/cat/1.jpg", "pets/dog/front/2.jpg", "pets/Badge 47-11/a/b/3.jpg"]
    rows = plan(build(dict.fromkeys(files, b"x")))
    assert [(row.path, row.category) for row in rows] == [
        ("pets/cat/1.jpg", "cat"),
        ("pets/dog/front/2.jpg", "dog"),
        ("pets/Badge 47-11/a/b/3.jpg", "Badge 47-11"),
    ]


@pytest.mark.parametrize(
    ("files", "categories"),
    [
        (["cat/1.jpg", "dog/2.jpg"], ["cat", "dog"]),
        (["cat/1.jpg", "cat/2.jpg"], ["cat", "cat"]),
        (["a/b/cat/1.jpg"], ["cat"]),
        (["cat/front/1.jpg", "dog/front/1.jpg"], ["cat", "dog"]),
        (["data/train/cat/1.jpg", "data/Test/cat/2.jpg"], ["cat", "cat"]),
        (["train/1.jpg", "test/2.jpg"], ["train", "test"]),
        (["mug.jpg", "cup.png", "no suffix"], ["mug", "cup", "no suffix"]),
        (["1.jpg", "cat/2.jpg"], ["", "cat"]),
        (["pets/readme.txt", "pets/cat/1.jpg", "pets/dog/1.jpg"], ["", "cat", "dog"]),
        (["set/cat/1", "set/dog/2"], ["cat", "dog"]),
        (["mug/1.jpg", "mug/front/2.jpg"], ["mug", "mug"]),
    ],
)
def test_what_folders_mean(files, categories):
    rows = plan(zip_of(dict.fromkeys(files, b"x")))
    assert [row.category for row in rows] == categories


def test_photos_beside_folders_of_photos_are_a_guess():
    mixed = whole_plan(zip_of({"mug/1.jpg": b"x", "mug/front/2.jpg": b"x"}))
    clear = whole_plan(zip_of({"mug/1.jpg": b"x", "cup/front/2.jpg": b"x"}))
    assert (mixed.is_guess, clear.is_guess) == (True, False)
    assert (mixed.deeper, clear.deeper) == (("mug/front",), ("cup/front",))


@KINDS
def test_what_systems_leave_behind_is_left_out_and_counted(build):
    leftovers = [
        "__MACOSX/cat/._1.jpg",
        "cat/.DS_Store",
        "cat/Thumbs.db",
        "cat/._1.jpg",
        "cat/.ipynb_checkpoints/1-checkpoint.jpg",
        "cat/@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg",
        "#recycle/old.jpg",
        ".Trashes/501/old.jpg",
        "cat/.thumbnails/1.jpg",
        "$RECYCLE.BIN/S-1-5/1.jpg",
        "System Volume Information/tracking.log",
        "lost+found/1.jpg",
        "~$table.xlsx",
    ]
    found = whole_plan(build(dict.fromkeys([*leftovers, "cat/1.jpg"], b"x")))
    assert [row.path for row in found.rows] == ["cat/1.jpg"]
    assert (found.left_out.count, found.left_out.paths[0]) == (13, "__MACOSX/cat/._1.jpg")


def test_a_path_that_leads_out_is_no_leftover():
    [row] = plan(zip_of({"../evil.jpg": b"x"}))
    assert row.code == "path_unsafe"


def test_archives_inside_are_skipped_and_files_in_no_folder_fail():
    nested, loose, _ = plan(zip_of({"cat/more.zip": b"x", "1.jpg": b"x", "cat/1.jpg": b"x"}))
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


@KINDS
@pytest.mark.parametrize("written", ["./a/1.jpg", "a\\1.jpg", "A/1.JPG", "a//1.jpg", " a/1.jpg "])
def test_a_manifest_finds_its_file_however_its_path_is_written(build, written):
    manifest = f"file,category\n{written},cat\n".encode()
    [row] = plan(build({"./manifest.csv": manifest, "./a/1.jpg": b"x"}))
    assert (row.path, row.category, row.code) == ("a/1.jpg", "cat", "")


@pytest.mark.parametrize(("packed", "written"), [("e\u0301", "\u00e9"), ("\u00e9", "e\u0301")])
def test_a_manifest_finds_its_file_in_another_unicode_form(packed, written):
    manifest = f"file,category\ncaf{written}.jpg,cat\n".encode()
    [row] = plan(zip_of({"manifest.csv": manifest, f"caf{packed}.jpg": b"x"}))
    assert (row.category, row.code) == ("cat", "")


def test_where_two_files_fit_in_another_case_neither_is_taken():
    manifest = b"file,category\nA.JPG,cat\na.jpg,dog\n"
    rows = plan(zip_of({"manifest.csv": manifest, "a.jpg": b"x", "a.JPG": b"x"}))
    assert [(row.path, row.category, row.code) for row in rows] == [
        ("a.jpg", "dog", ""),
        ("a.JPG", "", "not_in_manifest"),
        ("A.JPG", "cat", "file_missing"),
    ]


def test_two_folders_that_read_the_same_are_one_category():
    rows = plan(zip_of({"cafe\u0301/1.jpg": b"x", "caf\u00e9/2.jpg": b"x", "tea/3.jpg": b"x"}))
    assert [row.category for row in rows] == ["caf\u00e9", "caf\u00e9", "tea"]


@pytest.mark.parametrize("blank", ["\u202f", "\u00a0", "\u3000", "\u200c", "\u200d", "\u2003"])
def test_blanks_and_joiners_in_paths_are_kept(blank):
    [row] = plan(zip_of({f"shots/9.41{blank}AM.png": b"x"}))
    assert (row.path, row.code) == (f"shots/9.41{blank}AM.png", "")
