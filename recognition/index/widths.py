"""How wide a graph must be searched."""

from __future__ import annotations

from collections.abc import Callable

NARROWEST, WIDEST = 16, 4096
_STEP = 32


def narrowest_width(
    recall_of: Callable[[int], float], target: float, start: int = NARROWEST
) -> tuple[int, float]:
    """The narrowest search width whose recall reaches ``target``, and that recall.

    Recall grows with the width: the width is doubled until it is enough, then halved in on, to 3 %.
    ``start`` is where a width is expected. The widest gives what it can.
    """
    enough, recall = start, recall_of(start)
    while recall < target and enough < WIDEST:
        enough = min(2 * enough, WIDEST)
        recall = recall_of(enough)
    too_narrow = enough // 2 if enough > start else 0
    while enough - too_narrow > max(1, enough // _STEP) and recall >= target and enough > NARROWEST:
        middle = max(NARROWEST, (too_narrow + enough) // 2)
        found = recall_of(middle)
        if found >= target:
            enough, recall = middle, found
        else:
            too_narrow = middle
    return enough, recall
