"""Names in archives that do not say in which encoding they are."""

from __future__ import annotations

import io
import struct
import tarfile
import unicodedata
import zipfile
import zlib

import pytest

from recognition.archives import ArchiveLimits, plan_archive
from recognition.archives.name_encodings import read_names
from recognition.core.errors import UnsafePath
from tests.archives.builders import tar_of

DOS, UNIX, MAC = 0, 3, 19


def packed(*names: bytes, system: int = DOS, extra: bytes = b"") -> bytes:
    """A zip whose names are these bytes, without the flag that says UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, name in enumerate(names):
            info = zipfile.ZipInfo(f"{number}" * len(name))
            info.create_system, info.extra = system, extra
            archive.writestr(info, b"x")
    data = buffer.getvalue()
    for number, name in enumerate(names):
        data = data.replace(f"{number}".encode() * len(name), name)
    return data


def plan(data: bytes, **options):
    return plan_archive(io.BytesIO(data), ArchiveLimits(), **options)


@pytest.mark.parametrize("system", [DOS, UNIX, MAC])
@pytest.mark.parametrize(
    "name", ["Müller/1.jpg", "日本/カップ.jpg", "Кружка/1.jpg", "cafe\u0301/1.jpg"]
)
def test_utf_8_without_the_flag_is_read_as_it_is(name, system):
    found = plan(packed(name.encode(), b"plain/2.jpg", system=system))
    assert found.rows[0].category == unicodedata.normalize("NFC", name).split("/")[0]
    assert (found.names.encoding, found.is_guess) == ("utf-8", False)


@pytest.mark.parametrize(
    ("names", "encoding", "system"),
    [
        (["日本の湯呑み/カップ.jpg", "マグ/青い.jpg"], "cp932", DOS),
        (["表/カップ.jpg", "能力ソース/1.jpg"], "cp932", DOS),
        (["猫/a.jpg"], "cp932", DOS),
        (["Müller/Tasse.jpg", "Größe/1.jpg"], "cp437", DOS),
        (["蓝色杯子/照片.jpg", "红色/1.jpg"], "gbk", DOS),
        (["파란컵/사진.jpg", "빨간컵/1.jpg"], "cp949", DOS),
        (["藍色杯子/照片.jpg", "紅色/我的.jpg"], "big5", DOS),
        (["Кружка/фото.jpg", "Чашка/1.jpg"], "cp866", DOS),
        (["Müller/Größe.jpg", "café/1.jpg"], "cp1252", UNIX),
    ],
)
def test_other_names_are_guessed_by_what_reads_like_words(names, encoding, system):
    found = plan(packed(*(name.encode(encoding) for name in names), system=system))
    assert [row.path for row in found.rows] == names
    assert found.is_guess and found.names.guessed
    assert found.names.example in names
    assert found.names.example not in [text for _, text in found.names.others]


def test_a_caller_may_say_the_encoding():
    data = packed("Größe/1.jpg".encode("cp850"))
    found = plan(data, encoding="cp850")
    assert (found.rows[0].category, found.is_guess) == ("Größe", False)
    wrong = plan(packed("Größe/1.jpg".encode("cp850")), encoding="utf-8")
    assert wrong.rows[0].code == UnsafePath.code


def test_names_that_are_ascii_or_flagged_need_no_guess():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Müller/1.jpg", b"x")
        archive.writestr("plain/1.jpg", b"x")
    found = plan(buffer.getvalue())
    assert [row.category for row in found.rows] == ["Müller", "plain"]
    assert not found.is_guess


def test_the_unicode_path_field_says_the_name():
    raw, name = "M\udcfcller/1.jpg".encode("utf-8", "surrogateescape"), "Müller/1.jpg".encode()
    content = b"\1" + struct.pack("<I", zlib.crc32(raw)) + name
    found = plan(packed(raw, extra=struct.pack("<HH", 0x7075, len(content)) + content))
    assert (found.rows[0].category, found.is_guess) == ("Müller", False)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_a_tar_of_latin_names_is_guessed_and_one_of_utf_8_is_not(form):
    def pack(encoding: str) -> bytes:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz", format=form, encoding=encoding) as archive:
            info = tarfile.TarInfo("Müller/Größe.jpg")
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
        return buffer.getvalue()

    latin, utf = plan(pack("cp1252")), plan(pack("utf-8"))
    assert latin.rows[0].category == utf.rows[0].category == "Müller"
    assert (latin.is_guess, utf.is_guess) == (True, False)


def test_a_pax_archive_says_its_names():
    found = plan(tar_of({"Müller/1.jpg": b"x"}))
    assert (found.rows[0].category, found.is_guess) == ("Müller", False)


def test_bytes_that_are_no_text_stay_told():
    assert read_names([bytes(range(0x80, 0x100))], "dos").guessed
    [row] = plan(packed(b"a/\xff1.jpg", system=UNIX), encoding="utf-8").rows
    assert row.code == UnsafePath.code
