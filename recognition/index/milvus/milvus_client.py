"""This process's connections to Milvus."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from recognition.core.errors import IndexUnavailable
from recognition.index.backends import Backend

_clients: dict[Backend, Any] = {}
_connecting = threading.Lock()

SECONDS = 10.0
"""That a call may take; by default some wait for ever."""

BOUNDED = frozenset(
    {"delete", "flush", "get", "has_collection", "list_collections", "query", "search", "upsert"}
)


def connect(backend: Backend, token: str = "") -> Any:
    """Return this process's client for a Milvus; its calls raise IndexUnavailable when Milvus
    fails.

    Milvus Lite lets one process at a time open a file.
    """
    if (known := _clients.get(backend)) is not None:
        return known
    with _connecting:
        if backend not in _clients:
            _clients[backend] = _Client(_open(backend, token))
        return _clients[backend]


def _open(backend: Backend, token: str) -> Any:
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise IndexUnavailable(
            f"The index {backend.text} needs the extra 'milvus', which is not installed."
        ) from error
    return _translated(MilvusClient)(
        backend.uri, token=token, db_name=backend.database, timeout=SECONDS
    )


class _Client:
    """A MilvusClient whose failures are errors of ours."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        return _translated(partial(call, timeout=SECONDS) if name in BOUNDED else call)


def _translated(call: Callable[..., Any]) -> Callable[..., Any]:
    from pymilvus.exceptions import MilvusException

    @wraps(call)
    def translated(*arguments: Any, **options: Any) -> Any:
        try:
            return call(*arguments, **options)
        except MilvusException as error:
            raise IndexUnavailable(f"Milvus failed: {error}") from error

    return translated
