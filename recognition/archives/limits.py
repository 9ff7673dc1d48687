"""How large an archive may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """The largest archive that is unpacked.

    Sizes are in bytes, unpacked. ``max_ratio`` is unpacked over packed size; it counts only from
    ``ratio_from`` bytes on, since a few flat images may well shrink a thousandfold.
    """

    max_entries: int = 50_000
    max_entry_bytes: int = 15_000_000
    max_total_bytes: int = 8_000_000_000
    max_ratio: int = 100
    ratio_from: int = 50_000_000

    def too_dense(self, unpacked: int, packed: int) -> bool:
        return unpacked > self.ratio_from and unpacked > self.max_ratio * max(packed, 1)
