"""How far the photos of other things carry a gallery's threshold."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.matching.decisions import identification_threshold
from recognition.matching.earning import allowance
from recognition.matching.fit import fit
from recognition.models import Gallery
from recognition.selectors.support import judged_strangers_of
from recognition.services.encoders.background import background_of
from recognition.services.matching.gallery_model import current, fitted

SHOWN = 0.01


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of the negatives: how many times as far as with chance known for certain a match
    has to stand out, with them and without them.
    """

    with_them: float
    without: float

    @property
    def helps(self) -> bool:
        """Say whether it shows in the two figures that are told."""
        return self.without - self.with_them >= SHOWN


def effect_of(*, gallery: Gallery) -> Effect | None:
    """Fit a small gallery without its negatives, to tell what they do; None for a large one, and
    where nothing has been enrolled. Raises EncoderError.
    """
    gallery = current(gallery)
    known = fitted(gallery)
    if known.support is None or not len(known.support.references):
        return None
    without = fit(
        known.support,
        background_of(gallery),
        own=judged_strangers_of(gallery),
        rejected=known.rejected,
        calibrate=False,
    )
    score = identification_threshold(known.model, gallery.target_far).score
    return Effect(allowance(known.model.basis, score), allowance(without.basis, score))
