"""What waits for a person's word, put together by what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from recognition.core.timing import Timings
from recognition.matching.advice.grouping import group_alike
from recognition.models import Gallery, Query
from recognition.selectors.queries import queries_of
from recognition.selectors.review import vectors_of, waiting_queries, waiting_vectors
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.matching.match import match
from recognition.services.recognition.answer import Answer, Naming, decision_answer

GROUPED = 300
"""The newest queries that are compared with each other."""

GROUPS_SHOWN = 10
PHOTOS_A_GROUP = 48
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Queries that show the same thing, and what was answered; ``is_stale`` where the gallery has
    changed since.
    """

    queries: list[Query]
    answer: Answer
    is_stale: bool = False

    @property
    def key(self) -> str:
        return self.queries[0].public_id

    @property
    def ids(self) -> list[str]:
        return [query.public_id for query in self.queries]

    @property
    def asked(self) -> str:
        """Return the group, as an address asks for it."""
        return urlencode({"query": self.ids}, doseq=True)


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The groups to begin with; ``waiting`` counts all queries that wait."""

    groups: list[Group]
    waiting: int

    @property
    def later(self) -> int:
        return max(self.waiting - sum(len(group.queries) for group in self.groups), 0)


def review_queue(gallery: Gallery) -> ReviewQueue:
    """Return the largest groups of unknown, ambiguous and hardly sure queries that nobody has
    judged.
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
    shown = [[kept[pks[row]] for row in rows if pks[row] in kept] for rows in groups]
    waiting = waiting_queries(gallery).count()
    return ReviewQueue([_as_answered(gallery, each) for each in shown if each], waiting)


def answer_anew(gallery: Gallery, queries: Sequence[Query]) -> Group:
    """Answer a group again, as looks at one thing that the gallery is asked about now, so that what
    has been enrolled since is suggested.
    """
    gallery = current(gallery)
    looks = vectors_of(gallery, queries)
    if not len(looks):
        return Group(list(queries), queries[0].answer)
    decision, _ = match(gallery, looks, top_k=CANDIDATES, far=None, timings=Timings())
    naming = Naming.of(decision.candidates, decision.plausible)
    return Group(list(queries), decision_answer(decision, gallery, naming))


def _as_answered(gallery: Gallery, queries: list[Query]) -> Group:
    first = queries[0]
    stale = first.generation != gallery.generation or len(queries) > 1
    return Group(queries, first.answer, stale)
