"""What strangers' archives hold, and what they are refused for."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from contextlib import suppress

import pytest

from recognition.archives import ArchiveLimits, plan_rows, read_entries
from recognition.core.errors import (
    ArchiveBomb,
    ArchiveError,
    DamagedArchive,
    DamagedEntry,
    EntryTooLarge,
    NotAFile,
    TooManyEntries,
    UnsafePath,
    UnsupportedArchive,
    UnsupportedEntry,
)
from tests.archives.builders import tar_of, zip_of

LIMITS = ArchiveLimits()
KINDS = pytest.mark.parametrize("build", [zip_of, tar_of])


def entries(data: bytes, limits: ArchiveLimits = LIMITS):
    return list(read_entries(io.BytesIO(data), limits))


@KINDS
def test_files_come_in_order_with_their_bytes(build):
    files = {"cat/1.jpg": b"one", "cat/2.jpg": b"two", "dog/1.jpg": b"three"}
    read = [
        (entry.position, entry.path, entry.read(100))
        for entry in read_entries(io.BytesIO(build(files)), LIMITS)
    ]
    assert read == [
        (0, "cat/1.jpg", b"one"),
        (1, "cat/2.jpg", b"two"),
        (2, "dog/1.jpg", b"three"),
    ]


@KINDS
@pytest.mark.parametrize(
    "name",
    [
        "../cat/1.jpg",
        "cat/../../1.jpg",
        "/etc/passwd",
        "..\\cat\\1.jpg",
        "C:\\cat\\1.jpg",
        "cat/\x07.jpg",
        "c" * 501,
    ],
)
def test_a_path_that_leads_out_or_cannot_be_kept_is_refused(build, name):
    evil, good = entries(build({name: b"x", "cat/1.jpg": b"y"}))
    assert isinstance(evil.problem, UnsafePath)
    assert evil.path.isprintable() and len(evil.path) <= 500
    with pytest.raises(UnsafePath):
        evil.read(100)
    assert good.problem is None


@KINDS
def test_a_file_larger_than_the_limit_is_not_read_whole(build):
    for entry in read_entries(io.BytesIO(build({"cat/1.jpg": b"x" * 1000})), LIMITS):
        with pytest.raises(EntryTooLarge):
            entry.read(999)


@KINDS
def test_too_many_files_are_refused(build):
    data = build({f"cat/{n}.jpg": b"x" for n in range(11)})
    with pytest.raises(TooManyEntries):
        entries(data, ArchiveLimits(max_entries=10))


@KINDS
def test_a_bomb_is_refused_by_its_ratio(build):
    with pytest.raises(ArchiveBomb):
        entries(build({f"cat/{n}.png": bytes(1_000_000) for n in range(60)}))


@KINDS
def test_a_bomb_is_refused_by_its_size(build):
    limits = ArchiveLimits(max_total_bytes=10_000)
    with pytest.raises(ArchiveBomb):
        entries(build({"cat/1.jpg": bytes(20_000)}), limits)


def test_a_zip_that_understates_its_files_gives_no_more_than_it_states():
    data = bytearray(zip_of({"cat/1.jpg": bytes(1_000_000)}))
    # The uncompressed size, in the local header and in the central directory.
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, 22, 10)
    struct.pack_into("<I", data, central + 24, 10)
    [entry] = read_entries(io.BytesIO(bytes(data)), LIMITS)
    # zipfile stops at the stated size, where the checksum does not fit.
    archive = read_entries(io.BytesIO(bytes(data)), LIMITS)
    with pytest.raises(DamagedEntry):
        next(archive).read(2_000_000)
    assert entry.path == "cat/1.jpg"


def test_a_tar_header_of_gigabytes_is_refused_before_it_is_read():
    header = tarfile.TarInfo("pax")
    header.type = tarfile.XHDTYPE
    header.size = 4_000_000_000
    data = gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) + bytes(40_000_000))
    with pytest.raises(ArchiveError):
        entries(data)


def test_links_and_devices_of_a_tar_are_refused_and_the_rest_is_read():
    def special(kind: bytes) -> tarfile.TarInfo:
        info = tarfile.TarInfo(f"cat/{kind.decode()}.jpg")
        info.type, info.linkname = kind, "/etc/passwd"
        return info

    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)
    data = tar_of({"cat/1.jpg": b"one"}, extra=tuple(special(kind) for kind in kinds))
    good, *evil = entries(data)
    assert good.problem is None
    assert len(evil) == 4
    assert all(isinstance(entry.problem, NotAFile) for entry in evil)


def test_a_link_in_a_zip_is_refused():
    link = zipfile.ZipInfo("cat/link.jpg")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    [entry] = entries(buffer.getvalue())
    assert isinstance(entry.problem, NotAFile)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_cannot_be_bounded_is_refused(method):
    [entry] = entries(zip_of({"cat/1.jpg": b"x"}, method=method))
    assert isinstance(entry.problem, UnsupportedEntry)


def test_an_encrypted_file_is_refused():
    data = bytearray(zip_of({"cat/1.jpg": b"x"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    [entry] = entries(bytes(data))
    assert isinstance(entry.problem, UnsupportedEntry)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe0 a photo", b"Rar!\x1a\x07"])
def test_what_is_no_archive_is_refused(data):
    with pytest.raises(UnsupportedArchive):
        entries(data)


@KINDS
def test_a_truncated_archive_is_refused(build):
    data = build({f"cat/{n}.jpg": bytes(range(256)) * 40 for n in range(50)})
    with pytest.raises(DamagedArchive):
        entries(data[: len(data) * 2 // 3])


def test_damage_inside_one_file_of_a_zip_leaves_the_others():
    data = bytearray(zip_of({"cat/1.jpg": b"one" * 100, "cat/2.jpg": b"two"}))
    data[len("PK..") + 26 + len("cat/1.jpg") + 4] ^= 0xFF
    archive = read_entries(io.BytesIO(bytes(data)), LIMITS)
    with pytest.raises(DamagedEntry):
        next(archive).read(1000)
    assert next(archive).read(1000) == b"two"


def test_a_zip_whose_file_has_no_name_is_read():
    named = bytearray(zip_of({"x": b"one"}))
    central = named.rindex(b"PK\x01\x02")
    for header, at in ((0, 26), (central, 28)):
        named[header + at : header + at + 2] = b"\0\0"
    with suppress(ArchiveError):
        list(read_entries(io.BytesIO(bytes(named)), ArchiveLimits()))
        plan_rows(io.BytesIO(bytes(named)), ArchiveLimits())
