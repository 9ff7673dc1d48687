"""What an archive's headers may cost, whatever they say of themselves."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
from collections.abc import Iterator

import pytest

from recognition.archives import ArchiveLimits, read_entries
from recognition.archives.bounded import BoundedFile
from recognition.core.errors import ArchiveError, UnsupportedEntry
from tests.archives.builders import tar_of

END = bytes(2 * tarfile.BLOCKSIZE)


def entries(tar: bytes):
    return list(read_entries(io.BytesIO(gzip.compress(tar)), ArchiveLimits()))


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % tarfile.BLOCKSIZE)


def header(kind: bytes, size: int, name: str = "cat/1.jpg") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def extended(content: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return header(kind, len(content)) + padded(content)


def record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n".encode()
    length = len(body)
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return str(length).encode() + body


PHOTO = header(tarfile.REGTYPE, 3) + padded(b"one")


@pytest.fixture(autouse=True)
def _bounded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No header, however it is built, has more than a little read at once, and tarfile's own
    reading of extended headers, which looks for patterns in them, is never reached."""
    longest = 1_000_000
    read = BoundedFile.read

    def counted(self: BoundedFile, size: int | None = -1, /) -> bytes:
        assert size is not None and 0 <= size <= longest
        return read(self, size)

    def reached(*_: object) -> None:
        pytest.fail("tarfile reads an extended header itself")

    monkeypatch.setattr(BoundedFile, "read", counted)
    monkeypatch.setattr(tarfile.TarInfo, "fromtarfile", reached)
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "content",
    [
        b"9" * 150_000,
        b"9" * 60_000,
        b"7 a=bcd" * 9000,
        b"999999 path=x\n",
        b"3 =\n",
        record("size", "9" * 6000),
        record("size", "-1"),
    ],
    ids=["digits", "fewer digits", "no ends", "too long", "no key", "long size", "below zero"],
)
@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE])
def test_an_extended_header_that_no_writer_writes_is_refused(content, kind):
    with pytest.raises(ArchiveError):
        entries(extended(content, kind) + PHOTO + END)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_long_names_are_neither_endless_nor_chained(kind):
    with pytest.raises(ArchiveError):
        entries(extended(b"a" * 70_000, kind) + PHOTO + END)
    with pytest.raises(ArchiveError):
        entries(extended(b"a" * 200 + b"\0", kind) * 3000 + PHOTO + END)


def test_sparse_files_are_told_and_not_unfolded():
    maps = (
        record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0"),
        record("GNU.sparse.map", "0,1," * 10_000 + "1"),
        record("GNU.sparse.size", "9999999999"),
    )
    for each in maps:
        [sparse, photo] = entries(extended(each) + PHOTO + PHOTO + END)
        assert isinstance(sparse.problem, UnsupportedEntry)
        assert photo.problem is None

    first = bytearray(header(tarfile.GNUTYPE_SPARSE, 3))
    first[482] = 1
    first[148:156] = b" " * 8
    first[148:156] = b"%06o\0 " % sum(first)
    more = bytearray(tarfile.BLOCKSIZE)
    [sparse, photo] = entries(bytes(first + more) + padded(b"one") + PHOTO + END)
    assert isinstance(sparse.problem, UnsupportedEntry)
    assert photo.problem is None
    more[504] = 1
    with pytest.raises(ArchiveError):
        entries(bytes(first) + bytes(more) * 2_000 + PHOTO + END)


def test_what_writers_do_write_is_read():
    long = "cat/" + "é" * 150 + ".jpg"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
            info = tarfile.TarInfo(long)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"one"))
            archive.addfile(tarfile.TarInfo("cat/empty.jpg"))
        read = []
        for entry in read_entries(io.BytesIO(gzip.compress(buffer.getvalue())), ArchiveLimits()):
            read.append((entry.path, entry.read(100)))
        assert read == [(long, b"one"), ("cat/empty.jpg", b"")]


def test_a_tar_that_ends_in_rubbish_is_not_taken_for_a_whole_one():
    whole = gzip.decompress(tar_of({"cat/1.jpg": b"one"}))
    with pytest.raises(ArchiveError):
        entries(whole.rstrip(b"\0") + b"x" * 2000)
