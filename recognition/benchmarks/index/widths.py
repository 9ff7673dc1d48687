"""The one search width of a graph that has no other."""

from __future__ import annotations

from collections.abc import Callable

from recognition.index.hnsw.widths import NARROWEST, WIDEST

_STEP = 32


def narrowest_width(recall_of: Callable[[int], float], target: float) -> tuple[int, float]:
    """The narrowest search width whose recall reaches ``target``, and that recall.

    Recall grows with the width: the width is doubled until it is enough, then halved in on, to 3 %.
    The widest gives what it can.
    """
    enough, recall = NARROWEST, recall_of(NARROWEST)
    while recall < target and enough < WIDEST:
        enough *= 2
        recall = recall_of(enough)
    too_narrow = enough // 2
    while enough - too_narrow > max(1, enough // _STEP) and recall >= target and enough > NARROWEST:
        middle = (too_narrow + enough) // 2
        found = recall_of(middle)
        if found >= target:
            enough, recall = middle, found
        else:
            too_narrow = middle
    return enough, recall
