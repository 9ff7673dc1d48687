"""The collections that an index has in Milvus."""

from __future__ import annotations

from typing import Any

from recognition.core.errors import EncoderMismatch
from recognition.index.hnsw.graph_build import BUILT_CAREFULLY, LINKS, construction_width

POSITIONS = "oneshot_positions"
"""One row a collection: the position of its gallery's history that it is at."""


def create_collections(client: Any, collection: str, dimension: int) -> None:
    """Make what is missing. Raises EncoderMismatch where vectors of another dimension are."""
    if not client.has_collection(POSITIONS):
        _create(client, POSITIONS, _positions_fields, "unused", {"index_type": "FLAT"})
    if not client.has_collection(collection):
        _create(
            client,
            collection,
            lambda schema, types: _entry_fields(schema, types, dimension),
            "vector",
            {
                "index_type": "HNSW",
                "params": {"M": LINKS, "efConstruction": construction_width(BUILT_CAREFULLY)},
            },
        )
        return
    fields = client.describe_collection(collection)["fields"]
    [vector] = [field for field in fields if field["name"] == "vector"]
    found = int(vector["params"]["dim"])
    if found != dimension:
        raise EncoderMismatch(f"Collection {collection} has dimension {found}, not {dimension}.")


def _create(client: Any, name: str, fields: Any, vector: str, index: dict[str, Any]) -> None:
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    fields(schema, DataType)
    indexes = client.prepare_index_params()
    indexes.add_index(vector, metric_type="IP", **index)
    client.create_collection(name, schema=schema, index_params=indexes, consistency_level="Strong")


def _entry_fields(schema: Any, types: Any, dimension: int) -> None:
    schema.add_field("id", types.INT64, is_primary=True)
    schema.add_field("category", types.INT64)
    schema.add_field("kind", types.INT8)
    schema.add_field("vector", types.FLOAT_VECTOR, dim=dimension)


def _positions_fields(schema: Any, types: Any) -> None:
    schema.add_field("collection", types.VARCHAR, is_primary=True, max_length=255)
    schema.add_field("generation", types.INT64)
    schema.add_field("token", types.INT64)
    schema.add_field("unused", types.FLOAT_VECTOR, dim=2)  # a collection must have a vector
