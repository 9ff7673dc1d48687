"""Where in an index an embedding lies: 16 bytes an id, at millions of ids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Ids

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
        """Find the slot of each id, MISSING where there is none."""
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
        self._put_recent(ids[~known], slots[~known])

    def _places(self, ids: Ids) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        places = np.searchsorted(self._ids, ids)
        known = places < len(self._ids)
        known[known] = self._ids[places[known]] == ids[known]
        return places, known

    def _put_recent(self, ids: Ids, slots: NDArray[np.int64]) -> None:
        limit = max(_RECENT_AT_LEAST, len(self._ids) // _RECENT_SHARE)
        if len(ids) > limit:
            self._merge()
            self._insert(ids, slots)
            return
        for id_, slot in zip(ids.tolist(), slots.tolist(), strict=True):
            if slot == MISSING:
                self._recent.pop(id_, None)
            else:
                self._recent[id_] = slot
        if len(self._recent) > limit:
            self._merge()

    def _merge(self) -> None:
        recent, self._recent = self._recent, {}
        count = len(recent)
        self._insert(
            np.fromiter(recent.keys(), np.int64, count),
            np.fromiter(recent.values(), np.int64, count),
        )

    def _insert(self, ids: Ids, slots: NDArray[np.int64]) -> None:
        places, known = self._places(ids)
        self._slots[places[known]] = slots[known]
        all_slots = np.concatenate([self._slots, slots[~known]])
        live = all_slots != MISSING
        all_ids = np.concatenate([self._ids, ids[~known]])[live]
        order = np.argsort(all_ids, kind="stable")
        self._ids, self._slots = all_ids[order], all_slots[live][order]
