"""From nearest references to nearest categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from recognition.core.types import Matrix
from recognition.index.checks import check_limit
from recognition.index.protocol import Hit, Scope

Search = Callable[[Matrix, int, Scope | None], list[list[Hit]]]

OVER_FETCH = 4
"""References fetched for each category that is still wanted."""

_EVERYWHERE = Scope()


def search_categories(
    search: Search, queries: Matrix, top_k: int, scope: Scope | None = None
) -> list[list[Hit]]:
    """Find the best hit of each of the ``top_k`` nearest categories of each query, best first.

    A query gets fewer only where the scope holds fewer categories. All queries are searched at
    once; those whose hits came from too few categories, because some have many references, are
    searched again without the categories already found, so a crowded category costs one more search
    and not a fetch of all its references.
    """
    check_limit(top_k)
    limit = OVER_FETCH * top_k
    first = search(queries, limit, scope)
    return [
        _completed(search, queries[row : row + 1], top_k, scope or _EVERYWHERE, hits)
        if len(hits) == limit
        else _best_of_each(hits)[:top_k]
        for row, hits in enumerate(first)
    ]


def _completed(
    search: Search, query: Matrix, top_k: int, scope: Scope, hits: list[Hit]
) -> list[Hit]:
    best = _best_of_each(hits)
    limit = len(hits)
    while len(best) < top_k and len(hits) == limit:
        limit = OVER_FETCH * (top_k - len(best))
        found = frozenset(hit.category for hit in best)
        [hits] = search(
            np.ascontiguousarray(query), limit, replace(scope, without=scope.without | found)
        )
        best += _best_of_each(hits)
    return best[:top_k]


def _best_of_each(hits: list[Hit]) -> list[Hit]:
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.category, hit)
    return list(best.values())
