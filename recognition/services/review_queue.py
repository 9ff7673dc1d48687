"""What waits for a person's word, put together by what it shows."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.matching.grouping import group_alike
from recognition.models import Gallery, Query
from recognition.selectors.queries import queries_of
from recognition.selectors.review import waiting_queries, waiting_vectors
from recognition.services.answer import Answer, Naming, decision_answer
from recognition.services.gallery_model import current, fitted
from recognition.services.match import match
from recognition.services.timing import Timings
from recognition.types import Matrix

GROUPED = 300
"""The newest queries that are compared with each other."""

GROUPS_SHOWN = 10
PHOTOS_A_GROUP = 48
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Queries that show the same thing, and what the gallery makes of them by now."""

    queries: list[Query]
    answer: Answer

    @property
    def key(self) -> str:
        return self.queries[0].public_id

    @property
    def ids(self) -> list[str]:
        return [query.public_id for query in self.queries]


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The groups to begin with; ``waiting`` counts all queries that wait."""

    groups: list[Group]
    waiting: int

    @property
    def later(self) -> int:
        return max(self.waiting - sum(len(group.queries) for group in self.groups), 0)


def review_queue(gallery: Gallery) -> ReviewQueue:
    """The largest groups of unknown, ambiguous and hardly sure queries that nobody has judged.

    Each is answered anew, so that what has been enrolled since is suggested.
    """
    gallery = current(gallery)
    pks, vectors = waiting_vectors(gallery, GROUPED)
    if not pks:
        return ReviewQueue([], 0)
    groups = [
        rows[at : at + PHOTOS_A_GROUP]
        for rows in group_alike(fitted(gallery).model, vectors)
        for at in range(0, len(rows), PHOTOS_A_GROUP)
    ][:GROUPS_SHOWN]
    kept = queries_of(gallery).in_bulk([pks[row] for rows in groups for row in rows])
    shown = [
        Group([kept[pks[row]] for row in rows if pks[row] in kept], _answer(gallery, vectors[rows]))
        for rows in groups
    ]
    waiting = waiting_queries(gallery).count()
    return ReviewQueue([group for group in shown if group.queries], waiting)


def _answer(gallery: Gallery, looks: Matrix) -> Answer:
    decision, _ = match(gallery, looks, top_k=CANDIDATES, far=None, timings=Timings())
    return decision_answer(decision, gallery, Naming.of(decision.candidates, decision.plausible))
