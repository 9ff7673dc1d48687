"""Where an index is kept, as an operator writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

_SCHEMES = {"milvus": "http", "milvus+tls": "https"}
_FORMS = (
    "faiss, milvus://host:port[/database], milvus+tls://... or the path of a Milvus Lite .db file"
)


@dataclass(frozen=True, slots=True)
class Backend:
    """FAISS in each process, or a Milvus: ``uri`` is where, None for FAISS.

    ``text`` is how it was written: equal texts are one backend.
    """

    text: str
    uri: str | None = None
    database: str = ""

    @property
    def is_local(self) -> bool:
        return self.uri is None


FAISS = Backend("faiss")


def parse_backend(text: str) -> Backend:
    """Read ``faiss``, ``milvus://host:port[/database]`` or a path that ends in ``.db``.

    Raises ValueError, saying what is expected.
    """
    if text == FAISS.text:
        return FAISS
    if "://" not in text:
        if text.endswith(".db"):
            return Backend(text, text)
        raise ValueError(f"{text!r} is no index backend; expected {_FORMS}.")
    return _cluster(text)


def packages_of(backend: Backend) -> tuple[str, ...]:
    """Return the modules of the extra ``milvus`` that a backend needs."""
    if backend.uri is None:
        return ()
    return ("pymilvus",) if "://" in backend.uri else ("pymilvus", "milvus_lite")


def _cluster(text: str) -> Backend:
    parts = urlsplit(text)
    database = parts.path.strip("/")
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} has a wrong port: {error}.") from None
    if parts.scheme not in _SCHEMES or not parts.hostname or port is None:
        raise ValueError(f"{text!r} is no index backend; expected {_FORMS}.")
    if parts.username or parts.query or parts.fragment or "/" in database:
        raise ValueError(f"{text!r} says more than host, port and database.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Backend(text, f"{_SCHEMES[parts.scheme]}://{host}:{port}", database)
