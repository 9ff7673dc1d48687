"""Milvus, for galleries that outgrow one machine; Milvus Lite, the same in a local file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from recognition.core.errors import VectorError
from recognition.core.types import Ids, Matrix
from recognition.index.checks import check_limit, check_vectors, stack_vectors
from recognition.index.columns import KINDS
from recognition.index.milvus.milvus_schema import POSITIONS, create_collections
from recognition.index.protocol import Entry, Hit, Position, Scope

BATCH = 1000
"""Rows sent or fetched at a time: 512-dimensional ones stay far below gRPC's 64 MB."""

LARGEST_LIMIT = 16_384
"""Milvus returns no more hits a query."""

_EF_FACTOR = 2
_EF_AT_LEAST = 128


class MilvusIndex:
    """A Milvus collection as an index; searches see every write before them (strong consistency).

    ``client`` is one that ``milvus_client.connect`` opened. The position up to which the
    collection follows its gallery is kept in Milvus too, so that any process can go on from it.
    """

    def __init__(self, client: Any, collection: str, dimension: int) -> None:
        if dimension < 1:
            raise VectorError(f"A vector has at least 1 dimension, not {dimension}.")
        self._client = client
        self._collection = collection
        self._dimension = dimension
        self.ensure()

    def ensure(self) -> None:
        """Make the collection where it is missing. Raises EncoderMismatch."""
        create_collections(self._client, self._collection, self._dimension)

    @property
    def dimension(self) -> int:
        return self._dimension

    def __len__(self) -> int:
        [row] = self._client.query(self._collection, filter="", output_fields=["count(*)"])
        return int(row["count(*)"])

    def add(self, entries: Sequence[Entry]) -> None:
        latest = list({entry.id: entry for entry in entries}.values())
        vectors = stack_vectors(latest, self._dimension)
        for start in range(0, len(latest), BATCH):
            rows = zip(latest[start : start + BATCH], vectors[start : start + BATCH], strict=True)
            self._client.upsert(self._collection, [_row(entry, vector) for entry, vector in rows])

    def remove(self, ids: Ids) -> int:
        removed = 0
        distinct = np.unique(ids).tolist()
        for start in range(0, len(distinct), BATCH):
            chunk = distinct[start : start + BATCH]
            found = self._client.query(self._collection, ids=chunk, output_fields=["id"])
            present = [row["id"] for row in found]
            if present:
                self._client.delete(self._collection, ids=present)
                removed += len(present)
        return removed

    def search(self, queries: Matrix, limit: int, scope: Scope | None = None) -> list[list[Hit]]:
        checked = check_vectors(queries, self._dimension)
        wanted = min(check_limit(limit), LARGEST_LIMIT)
        if not len(checked):
            return []
        if scope is not None and scope.categories is not None and not scope.categories:
            return [[] for _ in checked]
        found = self._client.search(
            self._collection,
            data=list(checked),
            limit=wanted,
            filter=_expression(scope),
            output_fields=["category", "kind"],
            search_params={"params": {"ef": max(_EF_AT_LEAST, _EF_FACTOR * wanted)}},
        )
        return [[_hit(row) for row in rows] for rows in found]

    def entries(self) -> Iterator[Entry]:
        rows = self._client.query_iterator(
            self._collection,
            batch_size=BATCH,
            output_fields=["id", "category", "kind", "vector"],
        )
        try:
            while batch := rows.next():
                for row in batch:
                    vector = np.asarray(row["vector"], np.float32)
                    yield Entry(row["id"], row["category"], KINDS[row["kind"]], vector)
        finally:
            rows.close()

    def position(self) -> Position | None:
        """Return the position that the collection is at; None before the first."""
        rows = self._client.get(POSITIONS, ids=[self._collection])
        return Position(int(rows[0]["generation"]), int(rows[0]["token"])) if rows else None

    def set_position(self, position: Position) -> None:
        row = {"collection": self._collection, **asdict(position), "unused": [1.0, 0.0]}
        self._client.upsert(POSITIONS, [row])

    def seal(self) -> None:
        """Have vectors indexed after many additions, where so far they are searched one by one."""
        self._client.flush(self._collection)

    def drop(self) -> None:
        """Delete the collection with all its vectors."""
        drop_collection(self._client, self._collection)


def collections_of(client: Any) -> list[str]:
    """List the names of all collections, those of others included."""
    return list(client.list_collections())


def drop_collection(client: Any, name: str) -> None:
    if client.has_collection(POSITIONS):
        client.delete(POSITIONS, ids=[name])
    client.drop_collection(name)


def _row(entry: Entry, vector: Matrix) -> dict[str, Any]:
    return {
        "id": entry.id,
        "category": entry.category,
        "kind": KINDS.index(entry.kind),
        "vector": vector,
    }


def _hit(row: Any) -> Hit:
    entity = row["entity"]
    similarity = float(np.clip(row["distance"], -1.0, 1.0))
    return Hit(row["id"], entity["category"], KINDS[entity["kind"]], similarity)


def _expression(scope: Scope | None) -> str:
    """The scope in Milvus's filter language; it holds integers alone, so needs no quoting."""
    if scope is None:
        return ""
    parts = []
    if scope.categories is not None:
        parts.append(f"category in {sorted(scope.categories)}")
    if scope.without:
        parts.append(f"category not in {sorted(scope.without)}")
    if scope.kind is not None:
        parts.append(f"kind == {KINDS.index(scope.kind)}")
    return " and ".join(parts)
