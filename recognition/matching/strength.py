"""How strong a match is, on one fixed scale for every gallery, photo and page.

The scale runs from 0 to 1. Its marks never move: what a chance comparison reaches on average lies
at 0, what may be a match at ``MAYBE``, what is one at ``MATCH``, and what is beyond doubt at 1.
Between the marks it is linear in the normal score, whose thresholds differ from gallery to gallery.
"""

from __future__ import annotations

MAYBE, MATCH, STRONG = 1 / 3, 2 / 3, 5 / 6

BEYOND = 3.0
"""Standard deviations of chance above the threshold from which a match is beyond doubt: the three
of Shewhart's control limits."""

NARROW = 0.75
"""Where "maybe" begins, as a share of the threshold, in a gallery that proves all it says."""


def strength(score: float, threshold: float, tentative: float | None, *, supported: bool) -> float:
    """Place a normal score on the scale.

    Parameters
    ----------
    score: of a candidate.
    threshold: the score that a match must reach.
    tentative: the score from which it may be one, at most ``threshold``.
    supported: False where the gallery has shown too little for anything to be a match; the score
        then stays below the mark.

    Returns
    -------
    A number from 0 to 1.
    """
    begins = threshold * NARROW if tentative is None or tentative >= threshold else tentative
    if score >= threshold:
        reached = MATCH + (1 - MATCH) * (score - threshold) / BEYOND
        return min(reached, 1.0) if supported else MATCH - 0.01
    if score >= begins:
        return MAYBE + (MATCH - MAYBE) * (score - begins) / (threshold - begins)
    return max(MAYBE * score / begins, 0.0) if begins > 0 else 0.0


def strength_word(reached: float) -> str:
    """Name a place on the scale: chance, maybe, match or strong match."""
    if reached >= STRONG:
        return "strong match"
    if reached >= MATCH:
        return "match"
    return "maybe" if reached >= MAYBE else "chance"
