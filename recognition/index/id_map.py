"""Where in an index an embedding lies: 16 bytes an id, at millions of ids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognition.types import Ids

MISSING = -1
_RECENT_AT_LEAST = 1024
_RECENT_SHARE = 8


class IdMap:
    """Ids to slots: a sorted array, and a small dict of recent ids that is merged into it.

    The dict is merged once it exceeds an eighth of the array, so putting an id costs amortised
    constant time.
    """

    def __init__(self) -> None:
        self._ids: Ids = np.empty(0, np.int64)
        self._slots: NDArray[np.int64] = np.empty(0, np.int64)
        self._recent: dict[int, int] = {}

    def find(self, ids: Ids) -> NDArray[np.int64]:
        """The slot of each id, MISSING where there is none."""
        slots = np.full(len(ids), MISSING, np.int64)
        places, known = self._places(ids)
        slots[known] = self._slots[places[known]]
        if self._recent:
            unknown = np.flatnonzero(~known)
            recent = self._recent
            slots[unknown] = [recent.get(id_, MISSING) for id_ in ids[unknown].tolist()]
        return slots

    def put(self, ids: Ids, slots: NDArray[np.int64]) -> None:
        """Let each (distinct) id lie at its slot; MISSING forgets it."""
        places, known = self._places(ids)
        self._slots[places[known]] = slots[known]
        new_ids, new_slots = ids[~known].tolist(), slots[~known].tolist()
        for id_, slot in zip(new_ids, new_slots, strict=True):
            if slot == MISSING:
                self._recent.pop(id_, None)
            else:
                self._recent[id_] = slot
        if len(self._recent) > max(_RECENT_AT_LEAST, len(self._ids) // _RECENT_SHARE):
            self._merge()

    def _places(self, ids: Ids) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        places = np.searchsorted(self._ids, ids)
        known = places < len(self._ids)
        known[known] = self._ids[places[known]] == ids[known]
        return places, known

    def _merge(self) -> None:
        live = self._slots != MISSING
        count = len(self._recent)
        recent_ids = np.fromiter(self._recent.keys(), np.int64, count)
        recent_slots = np.fromiter(self._recent.values(), np.int64, count)
        ids = np.concatenate([self._ids[live], recent_ids])
        slots = np.concatenate([self._slots[live], recent_slots])
        order = np.argsort(ids, kind="stable")
        self._ids, self._slots = ids[order], slots[order]
        self._recent = {}
