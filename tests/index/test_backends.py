"""What every backend promises, the same for all of them."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.core.errors import InvalidInput, VectorError
from recognition.core.types import EvidenceKind, Matrix
from recognition.index.protocol import Entry, Scope, VectorIndex
from recognition.index.replica.categories import search_categories
from tests.index.builders import DIMENSION, entries_of, unit_vectors

FP16 = 2e-3


def nearest(vectors: Matrix, query: Matrix, limit: int) -> list[int]:
    """The rows of the nearest vectors, computed with NumPy alone."""
    rows: list[int] = np.argsort(-(vectors @ query[0]), kind="stable")[:limit].tolist()
    return rows


def ids(index: VectorIndex, query: Matrix, limit: int, scope: Scope | None = None) -> list[int]:
    [hits] = index.search(query, limit, scope)
    return [hit.id for hit in hits]


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.search(unit_vectors(3), 5) == [[], [], []]
    assert len(index) == 0


def test_hits_say_what_they_are_best_first(index: VectorIndex) -> None:
    vectors = unit_vectors(200)
    index.add(entries_of(vectors, first_id=1000, categories=[row % 7 for row in range(200)]))
    query = unit_vectors(1, seed=1)
    [hits] = index.search(query, 10)
    rows = nearest(vectors, query, 10)
    assert [hit.id for hit in hits] == [1000 + row for row in rows]
    assert [hit.category for hit in hits] == [row % 7 for row in rows]
    assert {hit.kind for hit in hits} == {EvidenceKind.REFERENCE}
    expected = (vectors @ query[0])[rows]
    np.testing.assert_allclose([hit.similarity for hit in hits], expected, atol=FP16)


def test_queries_of_a_batch_are_answered_as_if_alone(index: VectorIndex) -> None:
    index.add(entries_of(unit_vectors(150)))
    queries = unit_vectors(30, seed=2)
    together = index.search(queries, 5)
    for row, hits in enumerate(together):
        alone = ids(index, queries[row : row + 1], 5)
        assert [hit.id for hit in hits] == alone


def test_a_limit_above_the_count_gives_all_and_nothing_else(index: VectorIndex) -> None:
    index.add(entries_of(unit_vectors(5)))
    assert sorted(ids(index, unit_vectors(1, seed=3), 50)) == [1, 2, 3, 4, 5]


def test_a_removed_entry_is_never_returned(index: VectorIndex) -> None:
    vectors = unit_vectors(120)
    index.add(entries_of(vectors))
    gone = np.arange(1, 121, 3)
    assert index.remove(gone) == 40
    assert len(index) == 80
    for id_ in gone.tolist():
        assert id_ not in ids(index, vectors[id_ - 1 : id_], 120)
    assert sorted(ids(index, vectors[:1], 120)) == sorted(set(range(1, 121)) - set(gone.tolist()))


def test_removing_what_is_not_there_changes_nothing(index: VectorIndex) -> None:
    index.add(entries_of(unit_vectors(3)))
    assert index.remove(np.array([99, 100])) == 0
    assert index.remove(np.array([2, 2, 99])) == 1
    assert index.remove(np.array([], np.int64)) == 0
    assert len(index) == 2


def test_everything_can_be_removed_and_added_again(index: VectorIndex) -> None:
    entries = entries_of(unit_vectors(60))
    index.add(entries)
    assert index.remove(np.arange(1, 61)) == 60
    assert index.search(unit_vectors(1), 3) == [[]]
    index.add(entries)
    assert ids(index, entries[30].vector[None], 1) == [31]


def test_an_id_added_again_is_replaced(index: VectorIndex) -> None:
    old, new = unit_vectors(100), unit_vectors(100, seed=1)
    index.add(entries_of(old))
    index.search(old[:1], 1)
    index.add(entries_of(new, categories=[5] * 100))
    assert len(index) == 100
    [[hit]] = index.search(new[7:8], 1)
    assert (hit.id, hit.category) == (8, 5)
    assert hit.similarity == pytest.approx(1.0, abs=FP16)
    [hits] = index.search(old[7:8], 100)
    assert len({hit.id for hit in hits}) == 100
    assert hits[0].similarity < 0.99


def test_of_one_id_twice_in_a_batch_the_last_counts(index: VectorIndex) -> None:
    first, last = (entries_of(unit_vectors(1, seed=seed))[0] for seed in (0, 1))
    index.add([first, last])
    assert len(index) == 1
    [[hit]] = index.search(last.vector[None], 3)
    assert hit.similarity == pytest.approx(1.0, abs=FP16)


def test_ids_may_be_large_and_in_any_order(index: VectorIndex) -> None:
    vectors = unit_vectors(4)
    for row, id_ in enumerate([2**62, 5, 2**40, 1]):
        index.add([Entry(id_, 2**50 + row, EvidenceKind.PROMPT, vectors[row])])
    [[hit]] = index.search(vectors[:1], 1)
    assert (hit.id, hit.category, hit.kind) == (2**62, 2**50, EvidenceKind.PROMPT)


def fill_both_kinds(index: VectorIndex) -> Matrix:
    vectors = unit_vectors(300)
    categories = [row % 30 for row in range(300)]
    references = entries_of(vectors[:240], categories=categories[:240])
    prompts = entries_of(vectors[240:], 241, categories[240:], EvidenceKind.PROMPT)
    index.add(references + prompts)
    return vectors


@pytest.mark.parametrize(
    "scope",
    [
        Scope(categories=frozenset({3, 17})),
        Scope(kind=EvidenceKind.PROMPT),
        Scope(categories=frozenset(range(20)), kind=EvidenceKind.REFERENCE),
        Scope(without=frozenset(range(25))),
        Scope(categories=frozenset({1, 2}), without=frozenset({2})),
    ],
)
def test_a_scope_gives_the_nearest_of_those_it_allows(index: VectorIndex, scope: Scope) -> None:
    vectors = fill_both_kinds(index)
    allowed = [
        row
        for row in range(300)
        if (scope.categories is None or row % 30 in scope.categories)
        and row % 30 not in scope.without
        and (scope.kind is None or (scope.kind is EvidenceKind.PROMPT) == (row >= 240))
    ]
    for seed in range(5):
        query = unit_vectors(1, seed=100 + seed)
        expected = [1 + allowed[row] for row in nearest(vectors[allowed], query, 8)]
        assert ids(index, query, 8, scope) == expected


def test_a_scope_holds_after_removals_and_additions(index: VectorIndex) -> None:
    vectors = fill_both_kinds(index)
    index.remove(np.array([4, 34, 64]))
    index.add(entries_of(vectors[:3], first_id=900, categories=[3, 3, 4]))
    scope = Scope(categories=frozenset({3}))
    expected = {1 + row for row in range(300) if row % 30 == 3} - {4, 34, 64} | {900, 901}
    assert set(ids(index, vectors[:1], 100, scope)) == expected


def test_a_scope_of_unknown_categories_is_empty(index: VectorIndex) -> None:
    fill_both_kinds(index)
    assert ids(index, unit_vectors(1), 5, Scope(categories=frozenset({777}))) == []
    assert ids(index, unit_vectors(1), 5, Scope(categories=frozenset())) == []


def test_entries_are_what_was_put_in(index: VectorIndex) -> None:
    vectors = fill_both_kinds(index)
    index.remove(np.arange(1, 100, 2))
    entries = {entry.id: entry for entry in index.entries()}
    assert sorted(entries) == [id_ for id_ in range(1, 301) if id_ >= 100 or id_ % 2 == 0]
    for id_, entry in entries.items():
        assert entry.category == (id_ - 1) % 30
        assert entry.kind == (EvidenceKind.PROMPT if id_ > 240 else EvidenceKind.REFERENCE)
        np.testing.assert_allclose(entry.vector, vectors[id_ - 1], atol=FP16)


def test_bad_vectors_and_limits_are_refused(index: VectorIndex) -> None:
    index.add(entries_of(unit_vectors(3)))
    with pytest.raises(VectorError):
        index.search(unit_vectors(1, dimension=DIMENSION * 2), 1)
    with pytest.raises(VectorError):
        index.search(unit_vectors(1) * 2, 1)
    with pytest.raises(VectorError):
        index.add(entries_of(unit_vectors(2) * np.nan))
    with pytest.raises(InvalidInput):
        index.search(unit_vectors(1), 0)
    assert len(index) == 3


def test_one_crowded_category_does_not_hide_the_others(index: VectorIndex) -> None:
    towards = unit_vectors(1)
    crowd = towards + 0.02 * unit_vectors(3000, seed=1)
    crowd /= np.linalg.norm(crowd, axis=1, keepdims=True)
    others = unit_vectors(40, seed=2)
    index.add(entries_of(crowd, first_id=1, categories=[1] * 3000))
    index.add(entries_of(others, first_id=5001, categories=[2 + row // 2 for row in range(40)]))
    [hits] = search_categories(index.search, towards, 5)
    best: dict[int, float] = {}
    for row, similarity in enumerate((others @ towards[0]).tolist()):
        best[2 + row // 2] = max(best.get(2 + row // 2, -1.0), similarity)
    expected = [1, *sorted(best, key=lambda category: -best[category])[:4]]
    assert [hit.category for hit in hits] == expected


def test_categories_of_a_batch_end_where_the_gallery_ends(index: VectorIndex) -> None:
    index.add(entries_of(unit_vectors(12), categories=[row % 3 for row in range(12)]))
    for hits in search_categories(index.search, unit_vectors(6, seed=4), 10):
        assert sorted(hit.category for hit in hits) == [0, 1, 2]
        similarities = [hit.similarity for hit in hits]
        assert similarities == sorted(similarities, reverse=True)
