"""Files in batches: as many as the encoder takes well, as few as fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from recognition.core.errors import RecognitionError
from recognition.core.regions import Box
from recognition.core.types import QualityWarning
from recognition.models import JobRow, Reference

BATCH_ROWS = 32
BATCH_PIXELS = 64_000_000
"""Decoded pixels that a batch holds before it is closed: 192 MB, and one more image."""


@dataclass(slots=True)
class Item:
    """A row with what was read for it: an image, the reference that has it already, or what is
    wrong with it. A row of prompts alone has none of these.
    """

    row: JobRow
    image: Image.Image | None = None
    sha256: str = ""
    prompts: list[str] = field(default_factory=list)
    twin: Reference | None = None
    problem: RecognitionError | None = None
    box: Box | None = None
    guesses: tuple[QualityWarning, ...] = ()
    warnings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def pixels(self) -> int:
        return self.image.width * self.image.height if self.image else 0


def in_batches(items: Iterable[Item], *, rows: int = BATCH_ROWS) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) >= rows or sum(each.pixels for each in batch) >= BATCH_PIXELS:
            yield batch
            batch = []
    if batch:
        yield batch
