"""Taking removed vectors out of a graph that is about to be written down."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.index.hnsw.layout import lowest_links


def scrubbed(index: Any, alive: NDArray[np.bool_]) -> Any:
    """Return the HNSW index without the bytes of its dead vectors; itself if none is dead.

    Each dead slot takes the vector of a living neighbour, so that searches still find their way
    through it.
    """
    dead = np.flatnonzero(~alive)
    if not dead.size:
        return index
    copy = owned_copy(index)
    storage: Any = faiss.downcast_index(copy.storage)
    size = storage.ntotal * storage.code_size
    codes = faiss.rev_swig_ptr(storage.codes.data(), size).reshape(storage.ntotal, -1)
    codes[dead] = codes[_living_neighbours(copy.hnsw, dead, alive)]
    return copy


def owned_copy(index: Any) -> Any:
    """Make a copy that can be changed; a clone of an index mapped from a file still views the file,
    and adding to such a view ends the process.
    """
    storage: Any = faiss.downcast_index(index.storage)
    if storage.codes.is_owned:
        return faiss.clone_index(index)
    return faiss.deserialize_index(faiss.serialize_index(index))


def _living_neighbours(
    hnsw: Any, dead: NDArray[np.int64], alive: NDArray[np.bool_]
) -> NDArray[np.int64]:
    neighbours = lowest_links(hnsw, dead).astype(np.int64)
    living = (neighbours >= 0) & alive[neighbours]
    chosen: NDArray[np.int64] = neighbours[np.arange(dead.size), living.argmax(axis=1)]
    chosen[~living.any(axis=1)] = np.argmax(alive)
    return chosen
