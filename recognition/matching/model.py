"""What is fitted to a gallery: all that a decision needs beside the support set."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np

from recognition.core.arrays import unit_rows
from recognition.core.errors import EncoderMismatch
from recognition.matching.background import Background
from recognition.matching.calibration import Calibration
from recognition.matching.impostors import Impostors, Tail
from recognition.matching.scoring import Prepared
from recognition.matching.space import Space
from recognition.matching.spreads import Spreads
from recognition.matching.support import SupportSet

VERSION = 4

STRANGERS = 32
"""Queries known to show none of a gallery's categories, from which on they speak for its photos."""


@dataclass(frozen=True, slots=True)
class GalleryModel:
    """Fitted to a support set at a ``generation``; ``categories`` is how many it had, and
    ``textual`` whether all of them were prompts alone.

    Give it to every process as ``to_bytes``; the background, the same for all galleries of an
    encoder, is not repeated in it.
    """

    background: Background
    generation: int
    categories: int
    textual: bool
    space: Space
    impostors: Impostors
    calibration: Calibration

    @property
    def basis(self) -> Impostors:
        """Return the scores that the thresholds rest on: the texts' where no two categories have
        references to tell what chance looks like.
        """
        return self.impostors if self.impostors.size or not self.textual else self.background.texts

    @property
    def knows_its_photos(self) -> bool:
        """Say whether texts are compared with photos like the gallery's own: to words, photos of
        one kind look alike, and what everyday photos score may be far from what those do.
        """
        return self.basis is self.impostors or len(self.background.own) >= STRANGERS

    def prepare(self, support: SupportSet) -> Prepared:
        """Prepare a support set to compare any number of queries with, each reference once."""
        return Prepared.of(support.canonical(), self.space, self.background)

    def to_bytes(self) -> bytes:
        """Write the model as a NumPy archive without pickles."""
        tail = self.impostors.tail
        fields = (self.impostors.mean, self.impostors.deviation, self.impostors.freedom)
        buffer = BytesIO()
        np.savez(
            buffer,
            version=VERSION,
            fingerprint=np.array(self.background.fingerprint),
            generation=self.generation,
            categories=self.categories,
            textual=self.textual,
            own=self.background.own.astype(np.float16),
            mean=self.space.mean.astype(np.float32),
            within=self.space.within.astype(np.float32),
            gains=self.space.gains,
            rest=self.space.rest,
            impostors=np.array(
                [
                    *(*fields, self.impostors.size, self.impostors.effective),
                    *(self.impostors.skew, *self.impostors.typical),
                ]
            ),
            tail=np.array([tail.shape, tail.scale]) if tail else np.empty(0),
            knots=tail.knots if tail else np.empty(0),
            owners=self.impostors.spreads.categories,
            ratios=self.impostors.spreads.ratios,
            calibration=np.array(self.calibration.values()),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, background: Background) -> GalleryModel:
        """Read a model. Raises EncoderMismatch where it was fitted with another encoder or
        version.
        """
        with np.load(BytesIO(data), allow_pickle=False) as stored:
            found = int(stored["version"]), str(stored["fingerprint"])
            if found != (VERSION, background.fingerprint):
                raise EncoderMismatch("The gallery's model was fitted with another encoder.")
            space = Space(
                background.text_basis,
                stored["mean"].astype(np.float64),
                stored["within"].astype(np.float64),
                stored["gains"],
                float(stored["rest"]),
            )
            *moments, size, effective, skew, usual, spread = stored["impostors"].tolist()
            mean, deviation, freedom = moments
            tail = Tail(stored["knots"], *stored["tail"].tolist()) if stored["tail"].size else None
            return cls(
                background.with_images(unit_rows(stored["own"].astype(np.float32))),
                int(stored["generation"]),
                int(stored["categories"]),
                bool(stored["textual"]),
                space,
                Impostors(
                    mean,
                    deviation,
                    freedom,
                    int(size),
                    effective,
                    skew,
                    tail,
                    Spreads(stored["owners"], stored["ratios"]),
                    cosines=True,
                    typical=(usual, spread),
                ),
                Calibration.of(stored["calibration"].tolist()),
            )
