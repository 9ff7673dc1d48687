"""What may be written for ONESHOT_INDEX."""

from __future__ import annotations

import pytest

from recognition.core.errors import IndexUnavailable
from recognition.index.backends import FAISS, Backend, parse_backend
from recognition.index.milvus.milvus_client import connect


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        ("faiss", FAISS),
        ("milvus://milvus:19530", Backend("milvus://milvus:19530", "http://milvus:19530")),
        (
            "milvus+tls://[::1]:443/oneshot",
            Backend("milvus+tls://[::1]:443/oneshot", "https://[::1]:443", "oneshot"),
        ),
        ("var/index.db", Backend("var/index.db", "var/index.db")),
    ],
)
def test_a_backend_is_read(text: str, backend: Backend) -> None:
    assert parse_backend(text) == backend
    assert backend.is_local == (text == "faiss")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FAISS",
        "milvus",
        "var/index",
        "http://milvus:19530",
        "milvus://milvus",
        "milvus://:19530",
        "milvus://milvus:port",
        "milvus://milvus:19530/a/b",
        "milvus://user:secret@milvus:19530",
        "milvus://milvus:19530/?x=1",
    ],
)
def test_anything_else_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected|wrong port|says more"):
        parse_backend(text)


def test_a_milvus_that_fails_is_an_unavailable_index(milvus: object, tmp_path) -> None:
    with pytest.raises(IndexUnavailable):
        connect(
            parse_backend(str(tmp_path / "missing" / "folder" / "index.db"))
        ).describe_collection("none")
