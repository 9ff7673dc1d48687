"""Say what a query shows by a name, known or new."""

from __future__ import annotations

from django.contrib.auth.models import User

from recognition.core.errors import InvalidInput
from recognition.models import Feedback, Gallery, Query
from recognition.selectors.category_names import find_category
from recognition.services.feedback.give_feedback import give_feedback


def name_query(
    *, gallery: Gallery, query: Query, name: str, promote: bool = False, user: User | None = None
) -> Feedback:
    """Say "it is ``name``". A name that no category has makes one, with the query as its first
    reference; ``promote`` enrols the query in one that exists too. Raises InvalidInput.
    """
    name = name.strip()
    if not name:
        raise InvalidInput("Say what it is.")
    known = find_category(gallery, name)
    return give_feedback(
        gallery=gallery,
        query=query,
        verdict=Feedback.Verdict.IT_IS,
        category=known.slug if known else None,
        name="" if known else name,
        promote=promote or known is None,
        user=user,
    )
